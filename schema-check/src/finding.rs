//! What a rule has to say about one change, for people and for reports.

use std::fmt;

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Level {
    /// Fails the gate.
    Deny,
    /// Worth a look, passes the gate.
    Warn,
    /// Told for completeness.
    Note,
}

impl Level {
    /// The word that reports print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Deny => "deny",
            Self::Warn => "warn",
            Self::Note => "note",
        }
    }
}

/// Who can't read whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Direction {
    /// Today's code reads what was stored.
    Backward,
    /// A consumer still on the old build reads today's events.
    Forward,
}

impl Direction {
    /// The word that reports print.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Backward => "backward",
            Self::Forward => "forward",
        }
    }
}

/// Which of the two compared revisions a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The committed one.
    Old,
    /// The one that the code has now.
    New,
}

/// Which contract of a revision a place is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// What serde writes.
    Writer,
    /// What serde reads.
    Reader,
}

impl Role {
    /// The word in the names of committed files.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Writer => "writer",
            Self::Reader => "reader",
        }
    }
}

/// A place in one of the four compared schemas.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Place {
    /// The revision.
    pub side: Side,
    /// The contract.
    pub role: Role,
    /// RFC 6901, into that schema.
    pub pointer: String,
}

/// One rule's word on one change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Id of the rule.
    pub rule: &'static str,
    /// How much it weighs.
    pub level: Level,
    /// The direction that it explains, if it is about one.
    pub direction: Option<Direction>,
    /// RFC 6901: a place in the new schema, or in the old one if only that has it.
    pub pointer: String,
    /// The revision that `pointer` is in.
    pub side: Side,
    /// The contract that `pointer` is in.
    pub role: Role,
    /// Wire path such as `total.currency`, `lines[].sku`, `prices.*`: leads to the Rust line.
    pub field: Option<String>,
    /// What is wrong.
    pub message: String,
    /// Who suffers.
    pub note: Option<String>,
    /// The smallest edit that mends it.
    pub help: Option<String>,
}

impl Finding {
    /// A finding about the whole schema that the code has now.
    #[must_use]
    pub fn new(rule: &'static str, level: Level, message: impl Into<String>) -> Self {
        Self {
            rule,
            level,
            direction: None,
            pointer: String::new(),
            side: Side::New,
            role: Role::Writer,
            field: None,
            message: message.into(),
            note: None,
            help: None,
        }
    }

    /// Names the direction that the finding explains.
    #[must_use]
    pub fn direction(mut self, direction: Direction) -> Self {
        self.direction = Some(direction);
        self
    }

    /// Points at a place.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.pointer = place.pointer;
        self.side = place.side;
        self.role = place.role;
        self
    }

    /// Names the field by its path on the wire.
    #[must_use]
    pub fn field(mut self, path: impl Into<String>) -> Self {
        let path = path.into();
        self.field = (!path.is_empty()).then_some(path);
        self
    }

    /// Says who suffers.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Says what to type instead.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// The event that messages speak of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject<'a> {
    /// The wire name.
    pub event_type: &'a str,
    /// The version whose revisions are compared.
    pub event_version: u32,
}

impl Subject<'_> {
    /// Two schemas of which nobody said what event they describe.
    pub const ANONYMOUS: Subject<'static> = Subject { event_type: "", event_version: 0 };

    /// The field at a wire path, or the event itself: a message starts with it.
    pub(crate) fn part(&self, path: &str) -> String {
        match (path.is_empty(), self.is_anonymous()) {
            (true, true) => "the value".to_owned(),
            (true, false) => self.to_string(),
            (false, _) => format!("`{path}`{}", self.within()),
        }
    }

    /// ` in ‹event›`, or nothing when the event has no name.
    pub(crate) fn within(&self) -> String {
        if self.is_anonymous() { String::new() } else { format!(" in {self}") }
    }

    /// `v2`, or a phrase that reads well in its place.
    pub(crate) fn version(&self) -> String {
        if self.is_anonymous() { "such".to_owned() } else { format!("v{}", self.event_version) }
    }

    /// The edit that mends every break: the next version.
    pub(crate) fn bump(&self) -> String {
        match self.event_version.checked_add(1) {
            Some(next) if !self.is_anonymous() => {
                let (version, event_type) = (self.event_version, self.event_type);
                format!(
                    "set `version = {next}` and write an upcaster from {version}: `schema-check new-version {event_type}`"
                )
            }
            _ => "make it a new version with an upcaster".to_owned(),
        }
    }

    fn is_anonymous(&self) -> bool {
        self.event_type.is_empty()
    }
}

impl fmt::Display for Subject<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` v{}", self.event_type, self.event_version)
    }
}
