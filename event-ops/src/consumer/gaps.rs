//! `consumer gaps`: what is missing. Exit code 1 if anything is.

use event_core::runtime::Streams;
use event_core::{Clock, OpenGap, SystemClock, Timestamp};

use super::failed;
use crate::cli::{Answer, Format};
use crate::error::CannotRun;
use crate::words::{age, count, time};

pub(super) async fn run<S: Streams>(store: &S, name: Option<&str>, format: Format) -> Result<Answer, CannotRun> {
    let mut gaps = Vec::new();
    for open in store.open_gaps(name).await.map_err(|error| failed(&error))? {
        let gap = &open.gap;
        let held = store.in_outbox(&gap.stream, gap.after, gap.previous).await.map_err(|error| failed(&error))?;
        gaps.push((open, held));
    }
    let exit = u8::from(!gaps.is_empty());
    if format == Format::Json {
        let gaps: Vec<_> = gaps.iter().map(|(open, held)| document(open, *held)).collect();
        return Answer::json(&serde_json::json!({ "gaps": gaps, "summary": { "exit": exit } }), exit);
    }
    if gaps.is_empty() {
        return Ok(Answer::fine("nothing is missing\n"));
    }
    let now = SystemClock.now();
    let said: String = gaps.iter().map(|(open, held)| human(open, *held, now)).collect();
    Ok(Answer { text: format!("{said}{}\n", count(i64::try_from(gaps.len()).unwrap_or(i64::MAX), "gap")), exit })
}

fn document(open: &OpenGap, held: Option<u64>) -> serde_json::Value {
    serde_json::json!({
        "consumer": open.consumer,
        "source": open.gap.stream.source.as_str(),
        "slot": open.gap.stream.slot.number(),
        "after": open.gap.after.to_string(),
        "previous": open.gap.previous.to_string(),
        "waiting": { "sequence": open.gap.sequence.to_string(), "event_id": open.gap.event_id.as_str() },
        "since": open.since.to_string(),
        "seen_at": open.seen_at.to_string(),
        "in_outbox": held,
    })
}

fn human(open: &OpenGap, held: Option<u64>, now: Timestamp) -> String {
    let OpenGap { consumer, gap, since, seen_at, .. } = open;
    let (source, slot) = (&gap.stream.source, gap.stream.slot.number());
    let ago = |at: Timestamp| age(i64::try_from(now.since(at).as_secs()).unwrap_or(i64::MAX));
    let (has, help) = match held {
        None => (
            "that outbox is not in this database, or has a name of its own".to_owned(),
            "look there for the events of the slot with these positions".to_owned(),
        ),
        Some(0) => (
            "the outbox has none of them: they were deleted, or retention has dropped them".to_owned(),
            format!("event-ops consumer skip {consumer} --source '{source}' --slot {slot} --reason WHY"),
        ),
        Some(held) => (
            format!("the outbox has {} there", count(i64::try_from(held).unwrap_or(i64::MAX), "event")),
            "give the consumer `Consumer::refetch`, and it fetches them; or have the relay send them again".to_owned(),
        ),
    };
    format!(
        "consumer `{consumer}` waits in slot {slot} of `{source}`\n  missing  what is behind {} and up to {}\n  waiting  \
         event {} at {}\n  since    {} UTC, {} ago; looked at {} ago\n  outbox   {has}\n  = help: {help}\n",
        short(gap.after),
        short(gap.previous),
        gap.event_id,
        short(gap.sequence),
        time(&since.to_string()),
        ago(*since),
        ago(*seen_at),
    )
}

/// A position without the zeros before it.
fn short(sequence: event_core::Sequence) -> u64 {
    sequence.number()
}
