//! A relay that drains, beside queues that take rows away.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use sqlx::{PgPool, Row as _};
use tokio::process::Command;

use super::EVENTS;
use super::drain::relay;
use crate::Result;
use crate::database::{Mode, Target};
use crate::ratio::{Ratios, timed};
use crate::table::{Promise, Row};

const CLAIM: &str = "DELETE FROM job WHERE id IN (SELECT id FROM job ORDER BY id LIMIT 100 FOR UPDATE SKIP LOCKED)
RETURNING id, payload";

pub(super) async fn peers(target: &Target, mode: Mode) -> Result<Vec<Row>> {
    let schema = target.schema(mode).await?;
    schema.fill(EVENTS, "").await?;
    schema.run("CREATE TABLE job (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, payload text NOT NULL)").await?;
    let rounds = target.rounds.min(11);
    let claims = Ratios::of(rounds, async || relay(&schema.pool, 0).await, async || claim(&schema.pool).await).await?;
    let what = "draining 20,000 events, beside a loop of `DELETE … RETURNING`, batch 100";
    let mut rows = vec![Row::ratio(what, mode, &claims, Promise::None)];
    let what = "draining 20,000 events, beside graphile_worker's local queue";
    rows.push(match folder() {
        Some(folder) => {
            let peer = async || graphile(&folder, target, mode).await;
            let ratios = Ratios::of(rounds, async || relay(&schema.pool, 0).await, peer).await?;
            Row::ratio(what, mode, &ratios, Promise::AtLeast(1.0))
        }
        None => Row::missing(what, mode, "`npm install` in benches/outbox/graphile".to_owned(), Promise::AtLeast(1.0)),
    });
    schema.drop().await?;
    Ok(rows)
}

async fn claim(pool: &PgPool) -> Result<Duration> {
    let fill =
        "INSERT INTO job (payload) SELECT '{\"note\":\"' || repeat('n', 889) || '\"}' FROM generate_series(1, $1)";
    sqlx::query(fill).bind(EVENTS).execute(pool).await?;
    sqlx::raw_sql("VACUUM ANALYZE job").execute(pool).await?;
    timed(async {
        loop {
            let rows = sqlx::query(CLAIM).fetch_all(pool).await?;
            for row in &rows {
                std::hint::black_box(row.try_get::<String, _>(1)?);
            }
            if rows.is_empty() {
                return Ok(());
            }
        }
    })
    .await
}

/// The folder of the script, once `npm install` was typed there.
fn folder() -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("graphile");
    folder.join("node_modules/graphile-worker").is_dir().then_some(folder)
}

/// The script's own measure: from the first job to the last, its start and its connections not counted.
async fn graphile(folder: &Path, target: &Target, mode: Mode) -> Result<Duration> {
    let commits = if mode == Mode::Durable { "on" } else { "off" };
    let mut node = Command::new("node");
    node.current_dir(folder).args(["drain.mjs", &target.url, commits, &EVENTS.to_string()]);
    let output = node.stdin(Stdio::null()).output().await.map_err(|error| format!("cannot run node: {error}"))?;
    let answer = String::from_utf8_lossy(&output.stdout);
    let seconds: f64 = answer
        .trim()
        .parse()
        .map_err(|_| format!("graphile_worker: {answer}{}", String::from_utf8_lossy(&output.stderr)))?;
    Ok(Duration::from_secs_f64(seconds))
}
