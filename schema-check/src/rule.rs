//! What a rule is, and the page that is printed about it.

use crate::diff::Change;
use crate::finding::{Direction, Finding, Level, Place, Subject};

/// One named reason for a finding.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Rule {
    /// Stable, snake_case; reads as "allow {id}".
    pub id: &'static str,
    /// How much its findings weigh.
    pub level: Level,
    /// Markdown: what it does, why it is bad, an example, what to write instead.
    pub docs: &'static str,
    /// Explains a change of a schema; the gate's own rules have none.
    pub(crate) check: Option<Check>,
}

pub(crate) type Check = fn(&Change, &Subject<'_>) -> Option<Finding>;

impl Rule {
    /// The first paragraph of the docs on one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let body = self.docs.lines().map(str::trim).skip_while(|line| line.is_empty() || line.starts_with('#'));
        body.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
    }

    /// The docs as Markdown that starts with the rule's id as its title.
    #[must_use]
    pub fn page(&self) -> String {
        let body: Vec<&str> = self.docs.lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
        format!("# {}\n\n{}\n", self.id, body.join("\n").trim())
    }

    /// A finding about one change, at `place`.
    pub(crate) fn explains(&self, change: &Change, subject: &Subject<'_>, place: Place, message: String) -> Finding {
        let note = match change.direction {
            Direction::Backward => {
                format!("consumers holding {} events stored before this change cannot decode them", subject.version())
            }
            Direction::Forward => {
                format!(
                    "consumers built before this change cannot decode {} events written after it",
                    subject.version()
                )
            }
        };
        self.finding(message).direction(change.direction).at(place).field(change.spot.path.as_str()).note(note)
    }

    pub(crate) fn finding(&self, message: impl Into<String>) -> Finding {
        Finding::new(self.id, self.level, message)
    }
}

/// Declares `RULE` with its doc comment as its page.
macro_rules! declare_rule {
    ($(#[doc = $docs:literal])+ $id:ident, $level:ident $(, $check:ident)?) => {
        // Rustdoc doesn't get the page: its examples are for reading, and an ignored doctest counts as skipped.
        #[doc = concat!("The rule `", stringify!($id), "`: `schema-check explain ", stringify!($id), "` prints its page.")]
        pub static RULE: $crate::rule::Rule = $crate::rule::Rule {
            id: stringify!($id),
            level: $crate::finding::Level::$level,
            docs: concat!($($docs, "\n"),+),
            check: $crate::rule::declare_rule!(@check $($check)?),
        };
    };
    (@check) => { None };
    (@check $check:ident) => { Some($check) };
}
pub(crate) use declare_rule;
