//! Exact numbers: a JSON number as a fraction.

use num_bigint::BigInt;
use num_rational::BigRational;
use num_traits::Pow;
use serde_json::{Number, Value};

/// An exact number.
pub(crate) type Rat = BigRational;

/// Numbers with more decimal places or zeros than this aren't computed with.
const LARGEST_EXPONENT: i64 = 400;
const LONGEST: usize = 1000;

/// The exact value of a JSON number; `None` where it is too long or too large to compute with.
pub(crate) fn exact(number: &Number) -> Option<Rat> {
    if let Some(small) = number.as_i64() {
        return Some(Rat::from_integer(BigInt::from(small)));
    }
    let text = number.to_string();
    if text.len() > LONGEST {
        return None;
    }
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, exponent.trim_start_matches('+').parse::<i64>().ok()?),
        None => (text.as_str(), 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().ok()?;
    let exponent = exponent.checked_sub(i64::try_from(fraction.len()).ok()?)?;
    if exponent.abs() > LARGEST_EXPONENT {
        return None;
    }
    let power = Pow::pow(BigInt::from(10), exponent.unsigned_abs());
    Some(if exponent < 0 { Rat::new(digits, power) } else { Rat::from_integer(digits * power) })
}

/// An exact number as JSON; `None` if it has no finite decimal expansion. `float` demands a fraction, even `.0`.
pub(crate) fn to_json(number: &Rat, float: bool) -> Option<Value> {
    if number.is_integer() {
        let text = if float { format!("{}.0", number.to_integer()) } else { number.to_integer().to_string() };
        return text.parse::<Number>().ok().map(Value::Number);
    }
    let mut scaled = number.clone();
    let mut places = 0;
    while !scaled.is_integer() {
        scaled *= BigInt::from(10);
        places += 1;
        if places > LARGEST_EXPONENT {
            return None;
        }
    }
    format!("{}e-{places}", scaled.to_integer()).parse::<Number>().ok().map(plain)
}

/// `5e-1` as `0.5`.
fn plain(number: Number) -> Value {
    let text = number.to_string();
    let Some((digits, places)) = text.split_once("e-") else { return Value::Number(number) };
    let places: usize = places.parse().unwrap_or(0);
    let (sign, digits) = digits.strip_prefix('-').map_or(("", digits), |digits| ("-", digits));
    let padded = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = padded.split_at(padded.len() - places);
    format!("{sign}{whole}.{fraction}").parse().map_or(Value::Number(number), Value::Number)
}

/// Whether two JSON values are equal as JSON Schema sees it: `1` is `1.0`.
pub(crate) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || matches!((exact(left), exact(right)), (Some(left), Some(right)) if left == right)
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len() && left.iter().zip(right).all(|(left, right)| equal(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            left.len() == right.len()
                && left.iter().all(|(key, left)| right.get(key).is_some_and(|right| equal(left, right)))
        }
        _ => left == right,
    }
}
