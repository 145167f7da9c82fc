//! A script as the server takes it: one statement at a time.

/// The statements of a script as the clients of MariaDB and MySQL read it: `DELIMITER` on a line of its own changes what ends
/// a statement, which then ends a line.
pub(super) fn statements(script: &str) -> Vec<&str> {
    let mut rest = script;
    let mut delimiter = ";";
    let mut found = Vec::new();
    let (mut start, mut place) = (0, 0);
    for line in script.split_inclusive('\n') {
        let next = place + line.len();
        if let Some(word) = line.strip_prefix("DELIMITER ") {
            (delimiter, start) = (word.trim(), next);
        } else if let Some(end) = line.trim_end().strip_suffix(delimiter) {
            found.extend(script.get(start..place + end.len()).map(str::trim));
            start = next;
        }
        place = next;
        rest = script.get(start..).unwrap_or_default();
    }
    if !is_comment(rest) {
        found.push(rest.trim());
    }
    found
}

fn is_comment(text: &str) -> bool {
    text.lines().map(str::trim).all(|line| line.is_empty() || line.starts_with("--"))
}

#[cfg(test)]
mod tests {
    use super::statements;

    #[test]
    fn a_delimiter_changes_what_ends_a_statement() {
        let script = "-- what it is\nCREATE TABLE a (\n  b INT -- first; and last\n);\nDELIMITER $$\nCREATE PROCEDURE c()\nBEGIN\n  SELECT 1;\nEND$$\nDELIMITER ;\nDROP TABLE a;\n-- the end\n";
        assert_eq!(
            statements(script),
            [
                "-- what it is\nCREATE TABLE a (\n  b INT -- first; and last\n)",
                "CREATE PROCEDURE c()\nBEGIN\n  SELECT 1;\nEND",
                "DROP TABLE a"
            ]
        );
    }

    #[test]
    fn the_last_statement_needs_no_end() {
        assert_eq!(statements("SELECT 1;\nSELECT 2"), ["SELECT 1", "SELECT 2"]);
        assert!(statements("\n-- nothing\n").is_empty());
    }
}
