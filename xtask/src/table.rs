//! The table of servers and tools, as text.

use crate::server::{Row, State};

const HEADINGS: [&str; 4] = ["server", "version", "state", "how or why"];

/// One line per row, in columns.
#[must_use]
pub fn render(rows: &[Row]) -> String {
    let cells: Vec<[&str; 4]> = std::iter::once(HEADINGS).chain(rows.iter().map(cells_of)).collect();
    let width =
        |column: usize| cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.len()).max().unwrap_or(0);
    let (name, version, state) = (width(0), width(1), width(2));
    cells.iter().map(|[a, b, c, d]| format!("{a:name$}  {b:version$}  {c:state$}  {d}\n")).collect()
}

fn cells_of(row: &Row) -> [&str; 4] {
    match &row.state {
        State::Ran { version, how } => [row.name, version.as_deref().unwrap_or("-"), "ran", how],
        State::Skipped { reason } => [row.name, "-", "skipped", reason],
        State::Unavailable { reason } => [row.name, "-", "unavailable", reason],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let rows = [
            Row { name: "sqlite", state: State::Ran { version: Some("3.50.2".into()), how: "in process".into() } },
            Row { name: "postgres", state: State::Skipped { reason: "not found".into() } },
            Row { name: "mysql", state: State::Unavailable { reason: "no package".into() } },
            Row { name: "nats", state: State::Ran { version: None, how: "given".into() } },
        ];
        let expected = "\
server    version  state        how or why
sqlite    3.50.2   ran          in process
postgres  -        skipped      not found
mysql     -        unavailable  no package
nats      -        ran          given
";
        assert_eq!(render(&rows), expected);
    }
}
