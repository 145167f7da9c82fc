//! How numbers, times and tables read.

use std::str::FromStr;
use std::time::Duration;

/// A length of time as it is typed: `90s`, `15m`, `2h`, `7d`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Length(pub(crate) Duration);

impl FromStr for Length {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is no length of time; write `90s`, `15m`, `2h` or `7d`");
        let (number, unit) = text.split_at(text.len() - text.chars().last().map_or(0, char::len_utf8));
        let seconds: u64 = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            _ => return Err(wrong()),
        };
        let number: u32 = number.parse().map_err(|_| wrong())?;
        Ok(Self(Duration::from_secs(seconds * u64::from(number))))
    }
}

/// A text of at most `width` characters in one line; what no terminal should be told is escaped.
pub(crate) fn clipped(text: &str, width: usize) -> String {
    let plain = |c: char| if c.is_control() { c.escape_default().collect() } else { c.to_string() };
    let text: String = text.chars().take(width + 1).map(plain).collect();
    if text.chars().count() <= width {
        return text;
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

/// A row of a table, and what is said below it.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) cells: Vec<String>,
    pub(crate) below: String,
}

/// Columns as wide as their cells, numbers to the right.
pub(crate) fn table(head: Vec<String>, rows: Vec<Row>, numbers: &[usize]) -> String {
    let head = Row { cells: head, below: String::new() };
    let all: Vec<Row> = std::iter::once(head).chain(rows).collect();
    let width = |column: usize| {
        all.iter().filter_map(|row| row.cells.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let cell = |(column, cell): (usize, &String)| match numbers.contains(&column) {
        true => format!("{cell:>width$}", width = width(column)),
        false => format!("{cell:<width$}", width = width(column)),
    };
    let line = |row: &Row| {
        let cells: Vec<_> = row.cells.iter().enumerate().map(cell).collect();
        let below = if row.below.is_empty() { String::new() } else { format!("    {}\n", clipped(&row.below, 96)) };
        format!("{}\n{below}", cells.join("  ").trim_end())
    };
    all.iter().map(line).collect()
}

/// A count of things: `1 event`, `2 events`.
pub(crate) fn count(number: i64, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
}

/// A length of time in its two largest units.
pub(crate) fn age(seconds: i64) -> String {
    let units = [("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1)];
    let mut left = seconds;
    let parts = units.iter().map(|(unit, size)| {
        let whole = left / size;
        left %= size;
        (whole, unit)
    });
    let parts: Vec<_> = parts.skip_while(|(whole, _)| *whole == 0).take(2).filter(|(whole, _)| *whole > 0).collect();
    if parts.is_empty() {
        return "0 s".to_owned();
    }
    parts.iter().map(|(whole, unit)| format!("{whole} {unit}")).collect::<Vec<_>>().join(" ")
}

/// A time without its fractions: `2026-03-01 12:00:00`.
pub(crate) fn time(text: &str) -> String {
    text.get(..19).unwrap_or(text).replace('T', " ")
}

#[cfg(test)]
mod tests {
    use super::{Duration, Length, Row, age, clipped, count, table, time};

    #[test]
    fn a_length_of_time_is_a_number_and_its_unit() {
        let lengths =
            ["90s", "15m", "2h", "7d"].map(|text| text.parse::<Length>().map(|Length(length)| length.as_secs()));
        assert_eq!(lengths, [Ok(90), Ok(900), Ok(7_200), Ok(604_800)]);
        for wrong in ["", "s", "5", "5w", "-1s", "1,5h", "5é"] {
            let said = format!("`{wrong}` is no length of time; write `90s`, `15m`, `2h` or `7d`");
            assert_eq!(wrong.parse::<Length>(), Err(said));
        }
        assert_eq!("0s".parse(), Ok(Length(Duration::ZERO)));
    }

    #[test]
    fn a_table_is_as_wide_as_its_cells_and_no_wider_than_a_terminal() {
        let row =
            |cells: [&str; 2], below: &str| Row { cells: cells.map(str::to_owned).into(), below: below.to_owned() };
        let rows = vec![row(["7", "billing"], "cannot charge"), row(["1024", "x"], "")];
        let text = table(["ID".to_owned(), "NAME".to_owned()].into(), rows, &[0]);
        assert_eq!(text, "  ID  NAME\n   7  billing\n    cannot charge\n1024  x\n");
        assert_eq!(clipped("a\tb\u{1b}[31m", 20), "a\\tb\\u{1b}[31m");
        assert_eq!(clipped("äöüß", 3), "äö…");
    }

    #[test]
    fn an_age_has_its_two_largest_units() {
        let ages = [0, 59, 60, 3_661, 7_200, 90_061].map(age);
        assert_eq!(ages, ["0 s", "59 s", "1 min", "1 h 1 min", "2 h", "1 d 1 h"]);
    }

    #[test]
    fn counts_and_times_read_well() {
        assert_eq!([count(1, "event"), count(0, "event")], ["1 event", "0 events"]);
        assert_eq!(time("2026-03-01T12:00:00.123+00:00"), "2026-03-01 12:00:00");
    }
}
