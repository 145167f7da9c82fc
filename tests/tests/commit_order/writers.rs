//! Writers in other languages: a plain INSERT, by a role that may do nothing else.

use crate::outbox::{Outbox, enqueue, key_in};
use crate::psql;

/// A role with the right to insert, which is all that a writer needs.
struct Role<'a> {
    outbox: &'a Outbox,
    name: String,
}

impl<'a> Role<'a> {
    async fn new(outbox: &'a Outbox) -> Self {
        let name = format!("{}_writer", outbox.schema);
        let schema = &outbox.schema;
        outbox.run(format!("CREATE ROLE {name} LOGIN")).await;
        outbox
            .run(format!("GRANT USAGE ON SCHEMA {schema} TO {name}; GRANT INSERT ON {schema}.event_outbox TO {name}"))
            .await;
        Self { outbox, name }
    }

    /// Has psql run a statement; what it said when it was refused.
    fn run(&self, statement: &str) -> Result<(), String> {
        let options = self.outbox.options();
        let database = options.get_database().unwrap_or("postgres");
        let arguments = ["--no-psqlrc", "--set=ON_ERROR_STOP=1", "--dbname", database, "--command", statement];
        let output = psql::run("psql", &options, &self.name, &arguments);
        if output.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&output.stderr).into_owned()) }
    }

    async fn drop(self) {
        self.outbox.run(format!("DROP OWNED BY {0}; DROP ROLE {0}", self.name)).await;
    }
}

fn insert(outbox: &Outbox, key: &str, steps: &[u32]) -> String {
    let rows = steps
        .iter()
        .map(|step| format!("(gen_random_uuid(), 'trial', '{key}', 'trial.placed', '{{\"step\": {step}}}')"));
    let rows: Vec<_> = rows.collect();
    format!(
        "INSERT INTO {}.event_outbox (id, aggregatetype, aggregateid, type, payload) VALUES {}",
        outbox.schema,
        rows.join(", ")
    )
}

pub(crate) async fn psql_writes_events_with_the_right_to_insert_alone(server: &str) {
    let outbox = Outbox::on(server).await;
    let role = Role::new(&outbox).await;
    let (key, other) = (key_in(8), key_in(60));
    role.run(&format!("BEGIN; {}; {}; COMMIT", insert(&outbox, &other, &[1]), insert(&outbox, &key, &[1, 2]))).unwrap();
    let mut ours = event_sqlx::begin(&outbox.pool).await.unwrap();
    enqueue(&mut ours, &key, 3).await;
    ours.commit().await.unwrap();
    // Whatever the writer's search_path shadows.
    role.run(&format!("SET search_path = pg_temp; {}", insert(&outbox, &key, &[4]))).unwrap();
    assert_eq!(outbox.steps(&key).await, [1, 2, 3, 4]);
    assert_eq!(outbox.counts().await, [5; 3]);
    role.drop().await;
}

pub(crate) async fn the_right_to_insert_allows_nothing_else(server: &str) {
    let outbox = Outbox::on(server).await;
    let role = Role::new(&outbox).await;
    role.run(&insert(&outbox, "a", &[1])).unwrap();
    let schema = &outbox.schema;
    for statement in [
        format!("SELECT * FROM {schema}.event_outbox"),
        format!("UPDATE {schema}.event_outbox SET payload = '{{}}'"),
        format!("DELETE FROM {schema}.event_outbox"),
        format!("SELECT * FROM {schema}.event_outbox_log"),
        format!(
            "INSERT INTO {schema}.event_outbox_log (slot, position, at, id) VALUES (1, 1, now(), gen_random_uuid())"
        ),
        format!("SELECT nextval('{schema}.event_outbox_position')"),
        format!("UPDATE {schema}.event_relay_slot SET position = 0"),
    ] {
        let said = role.run(&statement).expect_err(&statement);
        assert!(said.contains("permission denied"), "{statement}: {said}");
    }
    assert_eq!(outbox.counts().await, [1; 3]);
    role.drop().await;
}

/// What stamps runs with the rights of the tables' owner. A writer who shadows whatever it might call, and goes first on the
/// search_path, would have these rights.
const SHADOWS: &str = "
  CREATE FUNCTION trap() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN RAISE 'ran as %', current_user; END $$;
  CREATE FUNCTION differs(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT trap()';
  CREATE FUNCTION differs(bigint, integer) RETURNS boolean LANGUAGE sql AS 'SELECT trap()';
  CREATE FUNCTION bits(bigint, integer) RETURNS bigint LANGUAGE sql AS 'SELECT trap()::int::bigint';
  CREATE FUNCTION bits(bigint, smallint) RETURNS bigint LANGUAGE sql AS 'SELECT trap()::int::bigint';
  CREATE FUNCTION bits(bigint, bigint) RETURNS bigint LANGUAGE sql AS 'SELECT trap()::int::bigint';
  CREATE OPERATOR <> (LEFTARG = text, RIGHTARG = text, FUNCTION = differs);
  CREATE OPERATOR = (LEFTARG = text, RIGHTARG = text, FUNCTION = differs);
  CREATE OPERATOR <> (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = differs);
  CREATE OPERATOR = (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = differs);
  CREATE OPERATOR << (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = bits);
  CREATE OPERATOR << (LEFTARG = bigint, RIGHTARG = smallint, FUNCTION = bits);
  CREATE OPERATOR >> (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = bits);
  CREATE OPERATOR & (LEFTARG = bigint, RIGHTARG = integer, FUNCTION = bits);
  CREATE OPERATOR | (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = bits);
  CREATE FUNCTION current_setting(text, boolean) RETURNS text LANGUAGE sql AS 'SELECT trap()::text';
  CREATE FUNCTION set_config(text, text, boolean) RETURNS text LANGUAGE sql AS 'SELECT trap()::text';
  CREATE FUNCTION nextval(regclass) RETURNS bigint LANGUAGE sql AS 'SELECT trap()::int::bigint';
  CREATE FUNCTION pg_advisory_xact_lock(integer, integer) RETURNS void LANGUAGE sql AS 'SELECT trap()';
  CREATE FUNCTION generate_series(integer, integer) RETURNS SETOF integer LANGUAGE sql AS 'SELECT trap()::int';
";

pub(crate) async fn what_a_writer_shadows_is_not_run_by_the_owner(server: &str) {
    let outbox = Outbox::on(server).await;
    let role = Role::new(&outbox).await;
    let (first, second) = (insert(&outbox, &key_in(8), &[1, 2]), insert(&outbox, &key_in(60), &[1]));
    outbox.run(format!("CREATE SCHEMA shadows_{0} AUTHORIZATION {0}", role.name)).await;
    let path = format!("shadows_{}", role.name);
    role.run(&format!("SET search_path = {path}; {SHADOWS}")).unwrap();
    role.run(&format!("SET search_path = {path}, pg_catalog; BEGIN; {first}; {second}; COMMIT")).unwrap();
    assert_eq!(outbox.steps(&key_in(8)).await, [1, 2]);
    assert_eq!(outbox.counts().await, [3; 3]);
    role.drop().await;
}

pub(crate) async fn a_slot_that_a_writer_makes_up_is_refused(server: &str) {
    let outbox = Outbox::on(server).await;
    let row = "INSERT INTO event_outbox (id, aggregatetype, aggregateid, type, payload, slot)
               VALUES (gen_random_uuid(), 'trial', 'a', 'trial.placed', '{}', 1)";
    let error = sqlx::raw_sql(row).execute(&outbox.pool).await.unwrap_err();
    // 13 and later don't call the error by the same code.
    assert!(error.to_string().contains("column \"slot\""), "{error}");
    assert_eq!(outbox.counts().await, [0; 3]);
}
