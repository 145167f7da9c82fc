//! Times of RFC 3339.

use proc_macro2::Span;
use syn::parse::ParseStream;
use syn::{Error, LitStr};

use super::list::expect;

/// A time as it was written, and in microseconds since 1970.
pub(crate) struct Time {
    pub(crate) text: String,
    pub(crate) micros: i64,
    pub(crate) span: Span,
}

const WRONG: &str = "a time is written as RFC 3339 has it: `\"2027-01-01T00:00:00Z\"`";

/// Reads a time.
pub(crate) fn rfc_3339(input: ParseStream<'_>) -> syn::Result<Time> {
    let text: LitStr = expect(input, WRONG)?;
    let (span, text) = (text.span(), text.value());
    match micros(&text) {
        Some(micros) => Ok(Time { text, micros, span }),
        None => Err(Error::new(span, WRONG)),
    }
}

fn micros(text: &str) -> Option<i64> {
    let (date, time) = text.split_once(['T', 't'])?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let (clock, offset) = offset(time)?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let [hour, minute, second] = numbers(clock, ':', [2, 2, 2])?;
    let lawful = (1..=days_of_month(year, month)?).contains(&day) && hour < 24 && minute < 60 && second < 60;
    let digits = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    let seconds = days(year, month, day) * 86_400 + hour * 3_600 + minute * 60 + second - offset;
    (lawful && digits).then(|| Some(seconds * 1_000_000 + format!("{fraction:0<6}").get(..6)?.parse::<i64>().ok()?))?
}

/// The clock, and by how many seconds it is ahead of UTC.
fn offset(time: &str) -> Option<(&str, i64)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock, 0));
    }
    let (clock, offset) = time.split_at_checked(time.len().checked_sub(6)?)?;
    let (sign, digits) = offset.split_at_checked(1)?;
    let [hours, minutes] = numbers(digits, ':', [2, 2])?;
    let seconds = hours * 3_600 + minutes * 60;
    match sign {
        _ if hours > 23 || minutes > 59 => None,
        "+" => Some((clock, seconds)),
        "-" => Some((clock, -seconds)),
        _ => None,
    }
}

/// Numbers of exactly so many digits each.
fn numbers<const N: usize>(text: &str, between: char, digits: [usize; N]) -> Option<[i64; N]> {
    let parts: Vec<&str> = text.split(between).collect();
    let number = |(part, digits): (&&str, usize)| {
        let lawful = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        lawful.then(|| part.parse::<i64>().ok())?
    };
    let all: Option<Vec<i64>> = (parts.len() == N).then(|| parts.iter().zip(digits).map(number).collect())?;
    all?.try_into().ok()
}

fn days_of_month(year: i64, month: i64) -> Option<i64> {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 => Some(if leap { 29 } else { 28 }),
        4 | 6 | 9 | 11 => Some(30),
        1..=12 => Some(31),
        _ => None,
    }
}

/// Days since 1970-01-01 in the Gregorian calendar, which begins each year in March here: then a leap day is its last.
fn days(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let before = 365 * year + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    before + (153 * month + 2) / 5 + day - 1 - 719_468
}

#[cfg(test)]
mod tests {
    use super::micros;

    #[test]
    fn times_are_microseconds_since_1970() {
        assert_eq!(micros("1970-01-01T00:00:00Z"), Some(0));
        assert_eq!(micros("2027-01-01T00:00:00Z"), Some(1_798_761_600_000_000));
        assert_eq!(micros("2000-02-29T23:59:59.5+01:00"), Some(951_865_199_500_000));
        assert_eq!(micros("1969-12-31T23:59:59.1234567Z"), Some(-876_544));
    }

    #[test]
    fn what_is_no_time_is_none() {
        let wrong = [
            "",
            "T",
            "Z",
            "2027-01-01",
            "2027-01-01T00:00:00",
            "2027-1-1T00:00:00Z",
            "2027-13-01T00:00:00Z",
            "2027-02-29T00:00:00Z",
            "2027-01-01T24:00:00Z",
            "2027-01-01T00:00:00.Z",
            "2027-01-01T00:00:00+1:00",
            "2027-01-01 00:00:00Z",
            "2027-01-01T00:00:00+99:00",
            "+027-01-01T00:00:00Z",
            "2027-01-01Té:00:00Z",
        ];
        for text in wrong {
            assert_eq!(micros(text), None, "{text}");
        }
    }
}
