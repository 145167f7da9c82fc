//! The keys of a map whose Rust type isn't a text, as a schema of texts.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};
use serde_json::{Value, json};

use super::lower::integer_range;

/// The texts that keys of a type are written as.
pub(super) fn as_text(keys: &Value) -> Value {
    if keys.get("type").and_then(Value::as_str) != Some("integer") {
        return keys.clone();
    }
    let formatted = keys.get("format").and_then(Value::as_str).and_then(integer_range);
    let bounds =
        formatted.and_then(|(low, high)| Some((low.to_string().parse().ok()?, high.to_string().parse().ok()?)));
    let texts = match bounds {
        Some((low, high)) => json!({"pattern": format!("^({})$", decimals(&low, &high).join("|"))}),
        None => json!({"pattern": "^-?\\d+$"}),
    };
    match keys.pointer("/not/const") {
        Some(number) => json!({"allOf": [texts, {"not": {"const": number.to_string()}}]}),
        None => texts,
    }
}

/// Patterns that together match the decimal numbers from `low` to `high`.
fn decimals(low: &BigInt, high: &BigInt) -> Vec<String> {
    let mut patterns = Vec::new();
    if low.is_negative() {
        let (from, to) = (if high.is_negative() { -high } else { BigInt::one() }, -low);
        patterns.extend(naturals(&from, &to).into_iter().map(|pattern| format!("-{pattern}")));
    }
    if !high.is_negative() {
        patterns.extend(naturals(&low.max(&BigInt::zero()).clone(), high));
    }
    patterns
}

fn naturals(low: &BigInt, high: &BigInt) -> Vec<String> {
    let mut patterns = Vec::new();
    let (mut from, ten) = (low.clone(), BigInt::from(10));
    while from <= *high {
        let mut size = BigInt::one();
        let mut zeros = 0;
        while (&from % (&size * &ten)).is_zero() && !from.is_zero() && &from + &size * &ten - 1 <= *high {
            size *= &ten;
            zeros += 1;
        }
        let digit = (&from / &size) % &ten;
        let mut last = digit.clone();
        let room = |last: &BigInt| &from + (last - &digit + 2) * &size - 1 <= *high;
        while last < BigInt::from(9) && room(&last) && !(from.is_zero() && zeros > 0) {
            last += 1;
        }
        let head = (&from / &size / &ten).to_string();
        let head = if head == "0" { "" } else { head.as_str() };
        patterns.push(format!(
            "{head}[{digit}-{last}]{}",
            if zeros > 0 { format!("[0-9]{{{zeros}}}") } else { String::new() }
        ));
        from += (last - digit + 1) * size;
    }
    patterns
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::*;

    #[test]
    fn the_keys_of_a_byte_are_its_decimals() {
        let schema = as_text(&json!({"type": "integer", "format": "int8"}));
        let validator = jsonschema::options().offline().build(&schema).unwrap();
        for number in -1000..1000_i32 {
            let key = Value::String(number.to_string());
            assert_eq!(validator.is_valid(&key), i8::try_from(number).is_ok(), "{number}");
        }
        for odd in ["", "+1", "007", "1.0", "-0", "--1"] {
            assert!(!validator.is_valid(&json!(odd)), "{odd}");
        }
    }
}
