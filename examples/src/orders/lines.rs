//! Lines of a file as they come: any bytes, of any length, the last one with or without its end.

use std::io::{self, BufRead, Read};

/// How many bytes of a line are read; a longer one is refused.
const MAX_BYTES: u64 = 8 * 1024 * 1024;

/// One line, without its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// All of it.
    Whole(Vec<u8>),
    /// The beginning of a line that is too long.
    TooLong(Vec<u8>),
}

/// Reads line by line.
#[derive(Debug)]
pub struct Lines<R> {
    input: R,
}

impl<R: BufRead> Lines<R> {
    /// The lines of `input`.
    pub fn new(input: R) -> Self {
        Self { input }
    }
}

impl<R: BufRead> Iterator for Lines<R> {
    type Item = io::Result<Line>;

    fn next(&mut self) -> Option<io::Result<Line>> {
        read(&mut self.input).transpose()
    }
}

fn read(input: &mut impl BufRead) -> io::Result<Option<Line>> {
    let mut line = Vec::new();
    if input.by_ref().take(MAX_BYTES).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    if line.pop_if(|last| *last == b'\n').is_some() {
        line.pop_if(|last| *last == b'\r');
        return Ok(Some(Line::Whole(line)));
    }
    if u64::try_from(line.len()).unwrap_or(u64::MAX) < MAX_BYTES {
        return Ok(Some(Line::Whole(line)));
    }
    input.skip_until(b'\n')?;
    line.truncate(4096);
    Ok(Some(Line::TooLong(line)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn lines(text: &[u8]) -> Vec<Line> {
        Lines::new(text).collect::<io::Result<_>>().unwrap()
    }

    #[test]
    fn every_line_is_one_whatever_ends_it() {
        let whole = |text: &[u8]| Line::Whole(text.to_vec());
        assert_eq!(lines(b"a\nb\r\n\n\xff"), [whole(b"a"), whole(b"b"), whole(b""), whole(b"\xff")]);
        assert_eq!(lines(b"a\n"), [whole(b"a")]);
        assert!(lines(b"").is_empty());
    }

    #[test]
    fn a_line_that_is_too_long_is_told_and_the_next_one_is_read() {
        let mut text = vec![b'x'; usize::try_from(MAX_BYTES).unwrap() + 5];
        text.extend(b"\nnext");
        assert_eq!(lines(&text), [Line::TooLong(vec![b'x'; 4096]), Line::Whole(b"next".to_vec())]);
    }
}
