//! `consumer skip`: past events that will never come.

use clap::Args;
use event_core::runtime::{Inbox, Operator, Streams};
use event_core::{Slot, Source, Stream};

use super::failed;
use crate::cli::{Answer, Format};
use crate::error::CannotRun;

#[derive(Debug, Args)]
pub(crate) struct Options {
    /// The consumer
    name: String,

    /// The outbox that the events are of, as `event-ops consumer gaps` names it
    #[arg(long, value_name = "SOURCE")]
    source: String,

    /// The slot
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(..64))]
    slot: u8,

    /// Why, for the audit
    #[arg(long, value_name = "WHY")]
    reason: String,

    /// Whom the audit names
    #[arg(long, value_name = "NAME", env = "USER")]
    by: Option<String>,
}

pub(super) async fn run<S: Inbox + Streams>(store: S, options: &Options, format: Format) -> Result<Answer, CannotRun> {
    let Options { name, source, slot, reason, by } = options;
    needs_reason(reason)?;
    let slot_number =
        Slot::from_number(*slot).ok_or_else(|| CannotRun::new("there are slots 0 to 63", "mend `--slot`"))?;
    let stream = Stream::new(Source::from(source.clone()), slot_number);
    let skipped = operator(store, by.as_deref()).skip(name, &stream, reason).await.map_err(|error| failed(&error))?;
    let Some(gap) = skipped else {
        return Err(CannotRun::new(
            format!("the consumer `{name}` waits for nothing in slot {slot} of `{source}`"),
            "see `event-ops consumer gaps`",
        ));
    };
    let (after, previous) = (gap.after, gap.previous);
    match format {
        Format::Human => Ok(Answer::fine(format!(
            "skipped what is behind {} and up to {} in slot {slot} of `{source}`; `{name}` goes on once the next event comes again\n",
            after.number(),
            previous.number()
        ))),
        Format::Json => Answer::json(
            &serde_json::json!({
                "consumer": name, "source": source, "slot": slot, "after": after.to_string(), "previous": previous.to_string(),
            }),
            0,
        ),
    }
}

pub(super) fn needs_reason(reason: &str) -> Result<(), CannotRun> {
    if reason.trim().is_empty() {
        return Err(CannotRun::new("a reason is needed", "say why by `--reason WHY`; it is kept in the audit"));
    }
    Ok(())
}

pub(super) fn operator<S>(store: S, by: Option<&str>) -> Operator<S> {
    let operator = Operator::new(store);
    match by.filter(|by| !by.is_empty()) {
        Some(by) => operator.by(by),
        None => operator,
    }
}
