//! Where the attributes of an object stand, found in fewer steps than serde_json takes. What is taken here is JSON; what
//! isn't, be it JSON or not, is left to serde_json.

/// How deep a value may be: the stack of a task is small.
const DEPTH: u8 = 64;

/// What follows what was read; `None` when that isn't what it should be.
type Rest<'a> = Option<&'a [u8]>;

/// Hands every name and value of the object over, the values as they stand.
pub(super) fn object<'a>(json: &'a str, mut put: impl FnMut(&'a str, &'a str)) -> Option<()> {
    let between = |start: &[u8], end: &[u8]| json.get(json.len() - start.len()..json.len() - end.len());
    let mut rest = expect(b'{', json.as_bytes())?;
    loop {
        let name = expect(b'"', rest)?;
        let colon = plain(name).strip_prefix(b"\"")?;
        let start = blanks(expect(b':', colon)?);
        let end = value(start, DEPTH)?;
        put(between(name, colon)?.strip_suffix('"')?, between(start, end)?);
        match token(end)? {
            (b',', next) => rest = next,
            (b'}', next) => return blanks(next).is_empty().then_some(()),
            _ => return None,
        }
    }
}

// Inlined, as `string` and `plain` are: a call for each value and each name took four of a hundred
// instructions of receiving an event.
#[inline(always)]
fn value(text: &[u8], depth: u8) -> Rest<'_> {
    match token(text)? {
        (b'"', rest) => string(rest),
        (b'{', rest) => members(rest, depth.checked_sub(1)?),
        (b'[', rest) => elements(rest, depth.checked_sub(1)?),
        (b'-', rest) => rest.split_first().and_then(|(first, rest)| number(*first, rest)),
        (b't', rest) => rest.strip_prefix(b"rue"),
        (b'f', rest) => rest.strip_prefix(b"alse"),
        (b'n', rest) => rest.strip_prefix(b"ull"),
        (first, rest) => number(first, rest),
    }
}

fn members(text: &[u8], depth: u8) -> Rest<'_> {
    if let Some(rest) = expect(b'}', text) {
        return Some(rest);
    }
    let mut rest = text;
    loop {
        let name = string(expect(b'"', rest)?)?;
        match token(value(expect(b':', name)?, depth)?)? {
            (b',', next) => rest = next,
            (b'}', next) => return Some(next),
            _ => return None,
        }
    }
}

fn elements(text: &[u8], depth: u8) -> Rest<'_> {
    if let Some(rest) = expect(b']', text) {
        return Some(rest);
    }
    let mut rest = text;
    loop {
        match token(value(rest, depth)?)? {
            (b',', next) => rest = next,
            (b']', next) => return Some(next),
            _ => return None,
        }
    }
}

/// The rest of a string, behind its first quote.
#[inline(always)]
fn string(text: &[u8]) -> Rest<'_> {
    let mut rest = text;
    loop {
        match plain(rest).split_first()? {
            (b'"', next) => return Some(next),
            (b'\\', next) => rest = escape(next)?,
            _ => return None,
        }
    }
}

fn escape(text: &[u8]) -> Rest<'_> {
    match text.split_first()? {
        (b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't', rest) => Some(rest),
        (b'u', rest) => {
            let (digits, rest) = rest.split_first_chunk::<4>()?;
            digits.iter().all(u8::is_ascii_hexdigit).then_some(rest)
        }
        _ => None,
    }
}

fn number(first: u8, text: &[u8]) -> Rest<'_> {
    let mut rest = match first {
        b'0' => text,
        b'1'..=b'9' => digits(text),
        _ => return None,
    };
    if let [b'.', fraction @ ..] = rest {
        rest = some_digits(fraction)?;
    }
    match rest {
        [b'e' | b'E', b'+' | b'-', exponent @ ..] | [b'e' | b'E', exponent @ ..] => some_digits(exponent),
        _ => Some(rest),
    }
}

fn some_digits(text: &[u8]) -> Rest<'_> {
    let rest = digits(text);
    (rest.len() < text.len()).then_some(rest)
}

fn digits(mut text: &[u8]) -> &[u8] {
    while let [b'0'..=b'9', rest @ ..] = text {
        text = rest;
    }
    text
}

/// From the next quote, backslash or control character on.
#[inline(always)]
fn plain(mut text: &[u8]) -> &[u8] {
    while let Some((word, rest)) = text.split_first_chunk() {
        match special(u64::from_le_bytes(*word)) {
            0 => text = rest,
            found => return text.get((found.trailing_zeros() / 8) as usize..).unwrap_or_default(),
        }
    }
    while let [byte, rest @ ..] = text
        && !matches!(byte, b'"' | b'\\' | 0..=0x1F)
    {
        text = rest;
    }
    text
}

fn expect(byte: u8, text: &[u8]) -> Rest<'_> {
    token(text).filter(|(found, _)| *found == byte).map(|(_, rest)| rest)
}

/// The next byte behind blanks.
fn token(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [byte @ 0x21..=u8::MAX, rest @ ..] => Some((*byte, rest)),
        _ => blanks(text).split_first().map(|(byte, rest)| (*byte, rest)),
    }
}

fn blanks(mut text: &[u8]) -> &[u8] {
    while let [b' ' | b'\n' | b'\r' | b'\t', rest @ ..] = text {
        text = rest;
    }
    text
}

/// A word with one bit per byte.
const ONES: u64 = u64::MAX / 255;

/// The highest bit of each byte that ends plain text. Above the first of them others may be set that should not be.
fn special(word: u64) -> u64 {
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word;
    let is = |byte: u8| below(word ^ (ONES * u64::from(byte)), 1);
    (below(word, 0x20) | is(b'"') | is(b'\\')) & (ONES << 7)
}
