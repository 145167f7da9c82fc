//! Compares random schemas with edits of themselves, for some time, and holds each verdict against a validator.
//!
//! `cargo run --release --manifest-path schema-check/fuzz/Cargo.toml --bin differential -- [SECONDS] [SEED]`

use std::time::{Duration, Instant};

use schema_check_fuzz::laws::{self, Told};
use schema_check_fuzz::{Bytes, DRAFTS, Draw, Style, edited, event, pool, schema};

fn main() {
    let mut arguments = std::env::args().skip(1).map(|text| text.parse::<u64>().expect("a number"));
    let (seconds, seed) = (arguments.next().unwrap_or(60), arguments.next().unwrap_or(1));
    let (until, pool) = (Instant::now() + Duration::from_secs(seconds), pool());
    let (mut told, mut wrong, mut slow) = ([0_u64; 4], 0_u64, 0_u64);
    let mut bytes = Bytes::new(seed);
    while Instant::now() < until {
        let drawn = bytes.take(600);
        let began = Instant::now();
        for result in round(&mut Draw::new(&drawn), &pool) {
            match result {
                Ok(one) => told[one as usize] += 1,
                Err(breach) => {
                    wrong += 1;
                    println!("WRONG {breach}\n");
                }
            }
        }
        if began.elapsed() > Duration::from_secs(2) {
            slow += 1;
            let mut draw = Draw::new(&drawn);
            let (draft, uri) = draw.one(&DRAFTS);
            println!("SLOW {:?} {}", began.elapsed(), schema(&mut draw, draft, uri));
        }
    }
    let [none, compatible, breaking, unknown] = told;
    println!(
        "{compatible} compatible, {breaking} breaking, {unknown} unknown, {none} no schemas; {wrong} wrong, {slow} slow"
    );
    std::process::exit(i32::from(wrong > 0));
}

fn round(draw: &mut Draw<'_>, pool: &[serde_json::Value]) -> Vec<Result<Told, String>> {
    if draw.once_in(4) {
        let drawn = draw.rest().to_vec();
        let mut turned = drawn.clone();
        for _ in 0..=draw.below(3) {
            // The first choices shape the whole; a changed byte is an edit.
            let at = draw.below(60);
            turned[at] = turned[at].wrapping_add(1);
        }
        let (old, new) = (event(&mut Draw::new(&drawn)), event(&mut Draw::new(&turned)));
        return vec![
            laws::events(&old.0, &new.0, &old.1, &new.2, pool),
            laws::events(&new.0, &old.0, &new.1, &old.2, pool),
        ];
    }
    let (draft, uri) = draw.one(&DRAFTS);
    let old = schema(draw, draft, uri);
    let style = Style { draft, depth: 1, inside: false };
    let new = if draw.once_in(5) { schema(draw, draft, uri) } else { edited(&old, draw, style) };
    let third = edited(&new, draw, style);
    let mut all = vec![laws::inclusion(&old, &new, draft, pool), laws::inclusion(&new, &old, draft, pool)];
    all.extend(laws::reflexive(&old, draft).err().map(Err));
    all.extend(laws::transitive([&old, &new, &third], draft).err().map(Err));
    all.extend(laws::transitive([&third, &new, &old], draft).err().map(Err));
    all
}
