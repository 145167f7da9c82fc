//! The files that findings point into, as far as they could be read: lines of Rust, and lines of places in schemas.

use std::collections::{BTreeMap, BTreeSet};

use super::json_lines;
use crate::gate::Report;

/// What is quoted in a report.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    rust: BTreeMap<String, Lines>,
    schemas: BTreeMap<(String, String), u32>,
}

/// A text that is asked for single lines: many findings in one file cost one pass over it.
#[derive(Debug, Clone)]
struct Lines {
    text: String,
    ends: Vec<usize>,
}

impl Sources {
    /// Asks for each file that the report names once; one that `read` doesn't have is named and not quoted.
    #[must_use]
    pub fn of(report: &Report, read: impl Fn(&str) -> Option<String>) -> Self {
        let mut sources = Self::default();
        let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for reported in report.rows.iter().flat_map(|row| &row.findings) {
            wanted.entry(&reported.file).or_default().insert(&reported.finding.pointer);
            let nested = reported.nested.iter().map(|(place, _)| place);
            for rust in reported.rust.iter().chain(nested) {
                if sources.rust.contains_key(&rust.file) {
                    continue;
                }
                let lines = Lines::of(read(&rust.file).unwrap_or_default());
                sources.rust.insert(rust.file.clone(), lines);
            }
        }
        for (file, pointers) in wanted {
            let found = read(file).map(|text| json_lines::of(&text, &pointers)).unwrap_or_default();
            sources.schemas.extend(found.into_iter().map(|(pointer, line)| ((file.to_owned(), pointer), line)));
        }
        sources
    }

    /// A line of a Rust file, counted from 1, without its end.
    pub(super) fn line(&self, file: &str, line: u32) -> Option<&str> {
        self.rust.get(file)?.get(line)
    }

    /// The line of a place in a committed schema.
    pub(super) fn schema_line(&self, file: &str, pointer: &str) -> Option<u32> {
        self.schemas.get(&(file.to_owned(), pointer.to_owned())).copied()
    }
}

impl Lines {
    fn of(text: String) -> Self {
        let ends = text.match_indices('\n').map(|(at, _)| at).chain([text.len()]).collect();
        Self { text, ends }
    }

    fn get(&self, line: u32) -> Option<&str> {
        let number = usize::try_from(line).ok()?.checked_sub(1)?;
        let start = match number.checked_sub(1) {
            Some(before) => self.ends.get(before)? + 1,
            None => 0,
        };
        let line = self.text.get(start..*self.ends.get(number)?)?.trim_end_matches('\r');
        (!line.trim().is_empty()).then_some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_found_by_its_number_and_an_empty_or_missing_one_is_none() {
        let lines = Lines::of("one\r\n\n  three".to_owned());
        let found = [1, 2, 3, 4, 0].map(|number| lines.get(number));
        assert_eq!(found, [Some("one"), None, Some("  three"), None, None]);
    }
}
