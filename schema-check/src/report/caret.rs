//! What to underline in a line of Rust: the name of the field, variant or item, or the field's type.

use std::ops::Range;

/// Which part of a field a finding is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Name,
    Type,
}

impl Part {
    /// Rules about types point at the type.
    pub(super) fn of(rule: &str) -> Self {
        let types = ["field_type_changed", "integer_narrowed", "integer_widened", "name_reused"];
        if types.contains(&rule) { Self::Type } else { Self::Name }
    }
}

/// The bytes to underline: `token` is the name in Rust where it is known; the whole text of the line where nothing fits.
pub(super) fn span(line: &str, token: Option<&str>, part: Part) -> Range<usize> {
    let name = token.and_then(|token| word(line, token)).or_else(|| item(line));
    let Some(name) = name else { return trimmed(line, 0..line.len()) };
    match part {
        Part::Name => name,
        Part::Type => kind(line, name.end).unwrap_or(name),
    }
}

/// `token` as a word of its own, the last one before a colon if there is one: an attribute may hold the same word.
fn word(line: &str, token: &str) -> Option<Range<usize>> {
    let part_of_word = |letter: char| letter.is_alphanumeric() || letter == '_';
    let found = line.match_indices(token).map(|(at, text)| at..at + text.len()).filter(|range| {
        let before = line.get(..range.start).and_then(|text| text.chars().next_back());
        let after = line.get(range.end..).and_then(|text| text.chars().next());
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    });
    let found: Vec<Range<usize>> = found.collect();
    let named = |range: &&Range<usize>| {
        let rest = line.get(range.end..).unwrap_or_default().trim_start();
        rest.starts_with(':') && !rest.starts_with("::")
    };
    found.iter().find(named).or(found.first()).cloned()
}

/// The name behind `struct` or `enum`.
fn item(line: &str) -> Option<Range<usize>> {
    let keyword = ["struct ", "enum "].iter().find_map(|word| Some(line.find(word)? + word.len()))?;
    let name = line.get(keyword..)?;
    let length = name.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(name.len());
    (length > 0).then_some(keyword..keyword + length)
}

/// The type behind the colon, up to the comma that ends the field.
fn kind(line: &str, name_end: usize) -> Option<Range<usize>> {
    let rest = line.get(name_end..)?;
    let colon = rest.find(|letter: char| !letter.is_whitespace())?;
    if !rest.get(colon..)?.starts_with(':') {
        return None;
    }
    let start = name_end + colon + 1;
    let mut depth = 0_i32;
    let text = line.get(start..)?;
    let mut end = text.find("//").unwrap_or(text.len());
    for (at, letter) in text.char_indices().take_while(|(at, _)| *at < end) {
        match letter {
            '<' | '(' | '[' => depth += 1,
            '>' if text.get(..at).is_some_and(|before| before.ends_with('-')) => {}
            '>' | ')' | ']' if depth > 0 => depth -= 1,
            ',' | '}' | ')' if depth == 0 => {
                end = at;
                break;
            }
            _ => {}
        }
    }
    let range = trimmed(line, start..start + end);
    (!range.is_empty()).then_some(range)
}

fn trimmed(line: &str, range: Range<usize>) -> Range<usize> {
    let text = line.get(range.clone()).unwrap_or_default();
    let start = range.start + (text.len() - text.trim_start().len());
    start..(start + text.trim().len())
}

#[cfg(test)]
#[allow(clippy::indexing_slicing, reason = "a test may fail")]
mod tests {
    use super::*;

    fn marked<'a>(line: &'a str, token: Option<&str>, part: Part) -> &'a str {
        &line[span(line, token, part)]
    }

    #[test]
    fn the_name_or_the_type_is_underlined() {
        let line = "    pub lines: Vec<(u8, Line)>, // of lines";
        assert_eq!(marked(line, Some("lines"), Part::Name), "lines");
        assert_eq!(marked(line, Some("lines"), Part::Type), "Vec<(u8, Line)>");
        assert_eq!(marked("Paid { amount: u32, to: String },", Some("to"), Part::Type), "String");
        assert_eq!(marked("#[serde(rename = \"sum\")] pub sum: u8", Some("sum"), Part::Type), "u8");
        assert_eq!(marked("    PaidOut {", Some("PaidOut"), Part::Type), "PaidOut");
        assert_eq!(marked("    pub r#type: String,", Some("type"), Part::Type), "String");
    }

    #[test]
    fn the_item_or_the_line_is_underlined_where_no_name_is_known() {
        assert_eq!(marked("pub struct Order(pub u8);", Some("0"), Part::Name), "Order");
        assert_eq!(marked("  make_event!(Ordér);  ", None, Part::Type), "make_event!(Ordér);");
        assert_eq!(marked("", Some("a"), Part::Name), "");
    }
}
