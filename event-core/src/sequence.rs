//! Positions within a slot, as consumers see them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// The position of an event in its slot: it grows, and may have holes. CloudEvents' extension `sequence`.
///
/// CloudEvents orders it as text, so it has 20 digits on the wire.
///
/// ```
/// use event_core::Sequence;
///
/// let sequence = Sequence::new(42);
/// assert_eq!(sequence.to_string(), "00000000000000000042");
/// assert_eq!("00000000000000000042".parse::<Sequence>()?, sequence);
/// # Ok::<(), event_core::SequenceError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct Sequence(u64);

impl Sequence {
    /// What `previous` says before the first event of a stream.
    pub const START: Self = Self(0);

    /// The sequence of this number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:020}", self.0)
    }
}

/// A text that is no sequence.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("`{text}` is not a sequence: 20 digits, `00000000000000000042`")]
#[non_exhaustive]
pub struct SequenceError {
    text: String,
}

impl FromStr for Sequence {
    type Err = SequenceError;

    fn from_str(text: &str) -> Result<Self, SequenceError> {
        let error = || SequenceError { text: text.chars().take(40).collect() };
        if text.len() != 20 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(error());
        }
        text.parse().map(Self).map_err(|_| error())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_not_20_digits_is_no_sequence() {
        for text in ["", "42", "+0000000000000000042", "000000000000000000042", "99999999999999999999"] {
            assert!(text.parse::<Sequence>().is_err(), "{text}");
        }
        assert_eq!("18446744073709551615".parse(), Ok(Sequence(u64::MAX)));
    }
}
