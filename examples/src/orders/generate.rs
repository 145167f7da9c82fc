//! Lines to try: orders in two versions, some twice, and a few that are poison.

use event_core::{EventId, Timestamp};
use serde_json::json;

/// How many lines are poison.
const POISON: usize = 7;

/// 2026-03-01T12:00:00Z.
const START_MICROS: i64 = 1_772_366_400_000_000;

/// `lines` lines, the same for the same seed: about one in twenty is a repetition, seven are poison.
#[must_use]
pub fn generate(seed: u64, lines: usize) -> Vec<String> {
    let mut random = SplitMix(seed);
    let poison = poison_places(&mut random, lines);
    let mut valid: Vec<String> = Vec::with_capacity(lines);
    let mut out = Vec::with_capacity(lines);
    for number in 0..lines {
        if let Some(kind) = poison.iter().position(|place| *place == number) {
            out.push(poison_line(&mut random, kind, number));
        } else if random.below(20) == 0
            && let Some(earlier) = valid.get(random.below(valid.len().max(1)))
        {
            out.push(earlier.clone());
        } else {
            let line = order_line(&mut random, number);
            valid.push(line.clone());
            out.push(line);
        }
    }
    out
}

fn poison_places(random: &mut SplitMix, lines: usize) -> Vec<usize> {
    let mut places = Vec::new();
    while places.len() < POISON.min(lines) {
        let place = random.below(lines);
        if !places.contains(&place) {
            places.push(place);
        }
    }
    places
}

fn order_line(random: &mut SplitMix, number: usize) -> String {
    let cents = random.below(1_000_000);
    let order_id = format!("o-{}", random.below(5_000));
    if random.below(2) == 0 {
        return event(random, number, 1, &json!({"order_id": order_id, "total_cents": cents}));
    }
    let currency = if random.below(4) == 0 { "SEK" } else { "EUR" };
    let coupon = (random.below(3) == 0).then_some("SPRING");
    let total = json!({"amount_cents": cents, "currency": currency});
    event(random, number, 2, &json!({"order_id": order_id, "total": total, "coupon": coupon}))
}

fn poison_line(random: &mut SplitMix, kind: usize, number: usize) -> String {
    let good = json!({"order_id": "o-1", "total_cents": 1});
    match kind {
        0 => "this is no JSON".to_owned(),
        1 => event(random, number, 1, &good).chars().take(60).collect(),
        2 => event(random, number, 1, &good).replace("\"1.0\"", "\"0.3\""),
        3 => event(random, number, 1, &json!({"order_id": "o-1", "total_cents": "ten"})),
        4 => event(random, number, 2, &good),
        5 => event(random, number, 9, &good),
        _ => event(random, number, 1, &good).replace("order.placed", "order.teleported"),
    }
}

fn event(random: &mut SplitMix, number: usize, version: u32, data: &serde_json::Value) -> String {
    let step = i64::try_from(number).unwrap_or(0) * 1000;
    let at = Timestamp::from_unix_micros(START_MICROS + step);
    let mut bytes = [0; 10];
    bytes.iter_mut().for_each(|byte| *byte = random.next().to_be_bytes()[0]);
    let id = EventId::from_parts(at, &bytes);
    json!({
        "specversion": "1.0", "id": id, "source": "/shop", "type": "order.placed", "time": at,
        "datacontenttype": "application/json", "eventversion": version, "data": data,
    })
    .to_string()
}

/// SplitMix64: small, fast, and the same everywhere.
///
/// Source: G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(1);
        usize::try_from(self.next() % limit).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_lines_and_another_seed_others() {
        assert_eq!(generate(7, 200), generate(7, 200));
        assert_ne!(generate(7, 200), generate(8, 200));
        assert_eq!(generate(7, 200).len(), 200);
        assert_eq!(generate(7, 3).len(), 3);
    }
}
