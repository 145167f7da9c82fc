// Drains jobs with graphile_worker's local queue: `node drain.mjs URL on|off COUNT` prints the seconds from the first job's
// start to the last one's end.
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";

const [url, commits, count] = process.argv.slice(2);
const quiet = new Logger(() => () => {});
const pool = new pg.Pool({ connectionString: url, max: 12, options: `-c synchronous_commit=${commits}` });
const utils = await makeWorkerUtils({ pgPool: pool, logger: quiet });
await utils.migrate();
await pool.query(
  `INSERT INTO graphile_worker._private_tasks (identifier) VALUES ('publish') ON CONFLICT DO NOTHING`,
);
await pool.query("TRUNCATE graphile_worker._private_jobs");
await pool.query(
  `INSERT INTO graphile_worker._private_jobs (task_id, payload)
   SELECT t.id, json_build_object('note', repeat('n', 889))
   FROM graphile_worker._private_tasks t, generate_series(1, $1::int) WHERE t.identifier = 'publish'`,
  [count],
);
await pool.query("VACUUM ANALYZE graphile_worker._private_jobs");

let left = Number(count);
let start;
let done;
const finished = new Promise((resolve) => (done = resolve));
const runner = await run({
  pgPool: pool,
  logger: quiet,
  noHandleSignals: true,
  preset: {
    worker: {
      concurrentJobs: 24,
      maxPoolSize: 12,
      localQueue: { size: 500 },
      completeJobBatchDelay: 0,
      failJobBatchDelay: 0,
    },
  },
  taskList: {
    publish: () => {
      start ??= process.hrtime.bigint();
      if (--left === 0) done();
    },
  },
});
await finished;
const seconds = Number(process.hrtime.bigint() - start) / 1e9;
await runner.stop();
await utils.release();
await pool.end();
console.log(seconds);
process.exit(0);
