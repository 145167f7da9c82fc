//! Replacements in a text, by places that were found before any of them.

use std::ops::Range;

/// Replacements that don't overlap.
#[derive(Debug, Default)]
pub(super) struct Edits {
    edits: Vec<(Range<usize>, String)>,
}

impl Edits {
    pub(super) fn replace(&mut self, range: Range<usize>, text: impl Into<String>) {
        self.edits.push((range, text.into()));
    }

    pub(super) fn insert(&mut self, at: usize, text: impl Into<String>) {
        self.replace(at..at, text);
    }

    pub(super) fn remove(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// The part of a text with its replacements.
    pub(super) fn apply(mut self, text: &str, part: Range<usize>) -> String {
        // At one place an insertion comes before what is replaced there.
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::new();
        let mut at = part.start;
        for (range, new) in self.edits {
            out.push_str(text.get(at..range.start).unwrap_or_default());
            out.push_str(&new);
            at = range.end.max(at);
        }
        out + text.get(at..part.end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text_before() {
        let mut edits = Edits::default();
        edits.remove(6..8);
        edits.replace(0..1, "AAA");
        edits.insert(6, "!");
        assert_eq!(edits.apply("abc def ghi", 0..9), "AAAbc de!g");
    }
}
