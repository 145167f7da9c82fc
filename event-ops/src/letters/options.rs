//! What the commands about letters have in common.

use clap::{Args, ValueEnum};
use event_core::runtime::Operator;
use event_core::{Class, Clock, Place, Selection, SystemClock};

use super::Wanted;
use crate::words::Length;

/// Which letters.
#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Only those of this consumer
    #[arg(long, value_name = "NAME")]
    pub(crate) consumer: Option<String>,

    /// Only those of this wire type, `order.placed`
    #[arg(long = "type", value_name = "TYPE")]
    event_type: Option<String>,

    /// Only those of this partition key, `order/o-1`, or of what stands behind its slash, `o-1`
    #[arg(long, value_name = "KEY")]
    key: Option<String>,

    /// Only those with this text in the error or in one of its causes, letter for letter
    #[arg(long, value_name = "TEXT")]
    error: Option<String>,

    /// Only those whose failure is of this kind
    #[arg(long, value_enum, value_name = "CLASS")]
    class: Option<Kind>,

    /// Only those that came longer ago than this: `90s`, `15m`, `2h`, `7d`
    #[arg(long, value_name = "AGE")]
    older_than: Option<Length>,

    /// Only those that came within this time: `90s`, `15m`, `2h`, `7d`
    #[arg(long, value_name = "AGE")]
    newer_than: Option<Length>,
}

/// The kind of a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// It might have gone well on another try; the attempts are spent
    Transient,
    /// No try can help
    Permanent,
    /// The data is not what its version says
    Schema,
    /// The message is no event
    Malformed,
}

impl Kind {
    fn class(self) -> Class {
        match self {
            Self::Transient => Class::Transient,
            Self::Permanent => Class::Permanent,
            Self::Schema => Class::Schema,
            Self::Malformed => Class::Malformed,
        }
    }
}

impl Which {
    /// The letters at `place`, or anywhere.
    pub(super) fn at(&self, place: Option<Place>) -> Selection {
        let mut selection = Selection::all();
        let now = SystemClock.now();
        selection.place = place;
        selection.consumer.clone_from(&self.consumer);
        selection.event_type.clone_from(&self.event_type);
        selection.key.clone_from(&self.key);
        selection.error.clone_from(&self.error);
        selection.class = self.class.map(Kind::class);
        selection.before = self.older_than.map(|Length(length)| now - length);
        selection.since = self.newer_than.map(|Length(length)| now - length);
        selection
    }

    pub(super) fn is_empty(&self) -> bool {
        self.at(None) == Selection::all()
    }

    /// Those that were named, else the dead letters of the selection; both at once is no sense.
    pub(super) fn or<'o>(&self, ids: &'o [i64]) -> Result<Wanted<'o>, crate::error::CannotRun> {
        match ids {
            [] => Ok(Wanted::Selected(self.at(Some(Place::DeadLetter)))),
            ids if self.is_empty() => Ok(Wanted::Named(ids)),
            _ => Err(crate::error::CannotRun::new(
                "letters are named by their numbers or by what they have in common, not by both",
                "leave the numbers out, or the options",
            )),
        }
    }
}

/// Who decides, and whether it is meant.
#[derive(Debug, Args)]
pub(crate) struct Decision {
    /// At most so many, the oldest first
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) count: Option<u64>,

    /// Tells what it would do, and does nothing
    #[arg(long)]
    pub(super) dry_run: bool,

    /// Does it without asking; without a terminal nobody is asked anyway
    #[arg(long)]
    pub(super) yes: bool,

    /// Whom the audit names
    #[arg(long, value_name = "NAME", env = "USER")]
    by: Option<String>,
}

impl Decision {
    pub(super) fn operator<S>(&self, store: S) -> Operator<S> {
        let operator = Operator::new(store);
        match self.by.as_deref().filter(|by| !by.is_empty()) {
            Some(by) => operator.by(by),
            None => operator,
        }
    }
}
