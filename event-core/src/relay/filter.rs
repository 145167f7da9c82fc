//! Which event types a sink takes.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// What stands for every event type.
const ALL: &str = "*";

/// Which events a sink takes, by their type: all, or those that one of its patterns names.
///
/// A pattern is a type, `order.placed`, or all types below a name, `order.*`. As text they are separated by commas.
///
/// ```
/// use event_core::Filter;
///
/// let filter: Filter = "order.*, invoice.issued".parse()?;
/// assert!(filter.takes("order.line.added"));
/// assert!(!filter.takes("invoice.paid"));
/// assert_eq!(filter.to_string(), "order.*,invoice.issued");
/// assert!(Filter::all().takes("anything.at.all"));
/// # Ok::<(), event_core::FilterError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Filter {
    /// Empty: all.
    patterns: Vec<Pattern>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Pattern {
    /// Exactly this type.
    Type(String),
    /// Every type that begins with this text, whose last character is a dot.
    Below(String),
}

/// A text that is no pattern of event types.
#[derive(Debug, Error, PartialEq, Eq)]
#[error(
    "`{pattern}` is no pattern of event types; write a type, `order.placed`, all types below a name, `order.*`, or \
     `*` alone for all, separated by commas"
)]
#[non_exhaustive]
pub struct FilterError {
    pattern: String,
}

impl Filter {
    /// Takes every event.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// Whether events of this type are taken.
    #[must_use]
    pub fn takes(&self, event_type: &str) -> bool {
        self.patterns.is_empty() || self.patterns.iter().any(|pattern| pattern.takes(event_type))
    }
}

impl Pattern {
    fn takes(&self, event_type: &str) -> bool {
        match self {
            Self::Type(own) => own == event_type,
            Self::Below(name) => event_type.starts_with(name.as_str()),
        }
    }

    fn parse(text: &str) -> Result<Self, FilterError> {
        let error = || FilterError { pattern: text.chars().take(40).collect() };
        match text.strip_suffix('*') {
            Some(name) if name.strip_suffix('.').is_some_and(|name| name.split('.').all(is_word)) => {
                Ok(Self::Below(name.to_owned()))
            }
            None if text.contains('.') && text.split('.').all(is_word) => Ok(Self::Type(text.to_owned())),
            _ => Err(error()),
        }
    }
}

/// What may stand between the dots of an event type.
fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        if text.trim() == ALL {
            return Ok(Self::all());
        }
        let mut patterns = Vec::new();
        for text in text.split(',') {
            let pattern = Pattern::parse(text.trim())?;
            if !patterns.contains(&pattern) {
                patterns.push(pattern);
            }
        }
        Ok(Self { patterns })
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.patterns.is_empty() {
            return f.write_str(ALL);
        }
        for (place, pattern) in self.patterns.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            match pattern {
                Pattern::Type(own) => write!(f, "{comma}{own}")?,
                Pattern::Below(name) => write!(f, "{comma}{name}*")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn filter(text: &str) -> Filter {
        text.parse().unwrap()
    }

    #[test]
    fn a_pattern_takes_a_type_or_all_below_a_name() {
        let filter = filter("order.*,invoice.issued");
        for taken in ["order.placed", "order.line.added", "invoice.issued"] {
            assert!(filter.takes(taken), "{taken}");
        }
        for left_out in ["orders.placed", "order", "Order.placed", "invoice.issued.again", "invoice"] {
            assert!(!filter.takes(left_out), "{left_out}");
        }
    }

    #[test]
    fn a_filter_survives_its_text() {
        for text in ["*", "a.b", "a.*", "a.b.*,c_d.e-f,a.b"] {
            assert_eq!(filter(text).to_string(), text);
            assert_eq!(filter(&filter(text).to_string()), filter(text));
        }
        assert_eq!(filter(" a.b , a.b,c.* ").to_string(), "a.b,c.*");
        assert_eq!(filter(" * "), Filter::all());
    }

    #[test]
    fn what_is_no_pattern_is_refused_with_what_is_allowed() {
        for text in
            ["", "order", "order.", "*.placed", "order.pl*", "order.*.placed", "a.b,", "a.b,*", "a b.c", ".*", "a..*"]
        {
            assert!(text.parse::<Filter>().is_err(), "{text}");
        }
        assert_eq!(
            "order.pl*".parse::<Filter>().unwrap_err().to_string(),
            "`order.pl*` is no pattern of event types; write a type, `order.placed`, all types below a name, `order.*`, \
             or `*` alone for all, separated by commas"
        );
    }
}
