//! How numbers and times read.

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
    use super::{age, count, time};

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
