//! The user's file: what is on which line, and how lines end there.

use std::collections::BTreeSet;
use std::ops::Range;

use syn::visit::{self, Visit};

use super::edits::Edits;
use super::item::Item;

/// A file with its tokens.
pub(super) struct Source<'a> {
    pub(super) text: &'a str,
    pub(super) file: syn::File,
}

/// How much before the first token is none of the language's: a byte order mark, a line `#!…`.
pub(super) fn preamble(text: &str) -> usize {
    let rest = text.trim_start_matches('\u{feff}');
    let is_script = rest.starts_with("#!") && !rest.trim_start_matches("#!").trim_start().starts_with('[');
    // The line break stays, so that lines are counted as before.
    let script = if is_script { rest.find('\n').unwrap_or(rest.len()) } else { 0 };
    text.len() - rest.len() + script
}

impl<'a> Source<'a> {
    pub(super) fn parse(text: &'a str) -> syn::Result<Self> {
        Ok(Self { text, file: syn::parse_str(text)? })
    }

    /// The names of every item of the file.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let mut names = Names::default();
        names.visit_file(&self.file);
        names.0
    }

    /// How lines end.
    pub(super) fn newline(&self) -> &'static str {
        if self.text.contains("\r\n") { "\r\n" } else { "\n" }
    }

    /// The place after the last line break before `at`.
    pub(super) fn line_start(&self, at: usize) -> usize {
        self.text.get(..at).and_then(|before| before.rfind('\n')).map_or(0, |end| end + 1)
    }

    /// The place after the next line break.
    pub(super) fn next_line(&self, at: usize) -> usize {
        self.text.get(at..).and_then(|after| after.find('\n')).map_or(self.text.len(), |end| at + end + 1)
    }

    /// The blanks before what stands at `at`, `None` when there is more than blanks.
    pub(super) fn indent(&self, at: usize) -> Option<&'a str> {
        let before = self.text.get(self.line_start(at)..at)?;
        before.trim().is_empty().then_some(before)
    }
}

/// Names that are taken, wherever they are: a name of its own is clearer than a shadowed one.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_ident(&mut self, ident: &'ast syn::Ident) {
        self.0.insert(ident.to_string());
        visit::visit_ident(self, ident);
    }
}

/// Puts the older version above the item and what people wrote above it; a hint of ours goes between.
pub(super) fn insert_above(source: &Source<'_>, item: &Item, copy: &str, hint: &[String], edits: &mut Edits) {
    let (at, newline) = (item.range.start, source.newline());
    let Some(indent) = source.indent(at) else {
        edits.insert(at, format!("{copy}{newline}"));
        return;
    };
    let start = source.line_start(at);
    let mut above = start;
    let mut ours = start..start;
    while let Some(line) = comment_above(source, above) {
        above = line.start;
        // The hint of the step before is over.
        if line.end == ours.start && source.text.get(line.clone()).is_some_and(is_hint) {
            ours.start = line.start;
        }
    }
    edits.insert(above, format!("{indent}{copy}{newline}{newline}"));
    edits.remove(ours);
    let hint: String = hint.iter().map(|line| format!("{indent}{line}{newline}")).collect();
    edits.insert(start, hint);
}

/// Takes an attribute out, with its line where nothing else is on it but a comment about it.
pub(super) fn remove(source: &Source<'_>, range: Range<usize>, edits: &mut Edits) {
    let rest = source.text.get(range.end..source.next_line(range.end)).unwrap_or_default().trim();
    if source.indent(range.start).is_some() && (rest.is_empty() || rest.starts_with("//")) {
        edits.remove(source.line_start(range.start)..source.next_line(range.end));
    } else {
        let blanks = source.text.get(range.end..).unwrap_or_default();
        let blanks = blanks.len() - blanks.trim_start_matches([' ', '\t']).len();
        edits.remove(range.start..range.end + blanks);
    }
}

/// The line above `at`, if it is a comment that isn't documentation.
fn comment_above(source: &Source<'_>, at: usize) -> Option<Range<usize>> {
    let start = source.line_start(at.checked_sub(1)?);
    let line = source.text.get(start..at)?.trim();
    let is_comment = line.starts_with("//") && !line.starts_with("///") && !line.starts_with("//!");
    is_comment.then_some(start..at)
}

fn is_hint(line: &str) -> bool {
    let line = line.trim();
    line.starts_with("// From version ") || line.starts_with("//     #[event(added = old.total.into())]")
}
