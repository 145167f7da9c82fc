//! Lines of places in a JSON text: one pass, without recursion, over a text that was parsed before.

use std::collections::{BTreeMap, BTreeSet};

/// Levels that `serde_json` reads.
const DEEPEST: usize = 128;

/// An open object or array: the pointer of what is read in it now, and for an array its number.
struct Open {
    above: String,
    index: Option<usize>,
}

/// The line of each wanted RFC 6901 pointer that leads somewhere, counted from 1; of a member, the line of its key.
pub(super) fn of(text: &str, wanted: &BTreeSet<&str>) -> BTreeMap<String, u32> {
    let mut scan = Scan { wanted, found: BTreeMap::new(), open: Vec::new(), line: 1 };
    let bytes = text.as_bytes();
    let mut at = 0;
    scan.met("");
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\n' => scan.line += 1,
            // Deeper than any text that could be parsed: each level costs as much as all those above it.
            b'{' | b'[' if scan.open.len() > DEEPEST => return scan.found,
            b'{' => scan.enter(None),
            b'[' => scan.enter(Some(0)),
            b'}' | b']' => drop(scan.open.pop()),
            b',' => scan.next(),
            b'"' => {
                let end = end_of_string(bytes, at);
                let followed = bytes.get(end..).and_then(|rest| rest.iter().find(|byte| !byte.is_ascii_whitespace()));
                if followed == Some(&b':') {
                    scan.key(text.get(at..end).unwrap_or_default());
                }
                at = end;
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    scan.found
}

/// Where the string that begins at `start` is over.
fn end_of_string(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 2,
            b'"' => return at + 1,
            _ => at += 1,
        }
    }
    bytes.len()
}

struct Scan<'a> {
    wanted: &'a BTreeSet<&'a str>,
    found: BTreeMap<String, u32>,
    open: Vec<(Open, String)>,
    line: u32,
}

impl Scan<'_> {
    fn met(&mut self, pointer: &str) {
        if self.wanted.contains(pointer) {
            self.found.entry(pointer.to_owned()).or_insert(self.line);
        }
    }

    fn enter(&mut self, index: Option<usize>) {
        let above = self.open.last().map(|(_, here)| here.clone()).unwrap_or_default();
        let here = if index.is_some() { format!("{above}/0") } else { above.clone() };
        if index.is_some() {
            self.met(&here);
        }
        self.open.push((Open { above, index }, here));
    }

    fn next(&mut self) {
        let Some((Open { above, index: Some(index) }, here)) = self.open.last_mut() else { return };
        *index += 1;
        *here = format!("{above}/{index}");
        let pointer = here.clone();
        self.met(&pointer);
    }

    fn key(&mut self, quoted: &str) {
        let key: String = serde_json::from_str(quoted).unwrap_or_default();
        let Some((open, here)) = self.open.last_mut() else { return };
        *here = format!("{}/{}", open.above, key.replace('~', "~0").replace('/', "~1"));
        let pointer = here.clone();
        self.met(&pointer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_items_have_the_lines_where_they_begin() {
        let text = "{\n  \"a\": {\n    \"x/y\": [1, {\n      \"é\\\"\": 2 }]\n  },\n  \"b\": \"{[,\\\"\"\n}\n";
        let wanted = ["", "/a", "/a/x~1y", "/a/x~1y/1", "/a/x~1y/1/é\"", "/b", "/nothing"];
        let found = of(text, &wanted.into_iter().collect());
        let lines: Vec<Option<u32>> = wanted.iter().map(|pointer| found.get(*pointer).copied()).collect();
        assert_eq!(lines, [Some(1), Some(2), Some(3), Some(3), Some(4), Some(6), None]);
    }

    #[test]
    fn a_text_of_many_levels_ends_the_scan() {
        let text = "[".repeat(1_000_000);
        assert_eq!(of(&text, &BTreeSet::from(["", "/0"])).len(), 2);
    }

    #[test]
    fn a_torn_text_ends_the_scan() {
        for text in ["{\"a", "[[[", "]}", "\"\\", "{\"a\": \"\\"] {
            of(text, &["/a"].into_iter().collect());
        }
    }
}
