//! A script that makes our tables in a schema of choice.

use sqlx::Postgres;

use crate::script::migration_script;

/// [`migration_script`](crate::migration_script) for the tables in `schema`, which the script makes unless it is there.
///
/// # Examples
/// ```
/// let script = event_sqlx::migration_script_in("events", 0);
/// assert!(script.starts_with("CREATE SCHEMA IF NOT EXISTS \"events\";\nSET search_path = \"events\";\n"));
/// ```
#[must_use]
pub fn migration_script_in(schema: &str, after: i64) -> String {
    let name = quoted(schema);
    let script = migration_script::<Postgres>(after);
    format!("CREATE SCHEMA IF NOT EXISTS {name};\nSET search_path = {name};\n\n{script}\nRESET search_path;\n")
}

/// A name as PostgreSQL reads it, whatever is in it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_name_can_not_leave_its_quotes() {
        assert_eq!(quoted("Ünusual schema"), "\"Ünusual schema\"");
        assert_eq!(quoted("x\"; DROP TABLE y"), "\"x\"\"; DROP TABLE y\"");
    }
}
