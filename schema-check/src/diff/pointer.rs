//! RFC 6901 pointers, and local `$ref`s as pointers.

use serde_json::Value;

/// `base` with one more token.
pub(crate) fn join(base: &str, token: &str) -> String {
    format!("{base}/{}", token.replace('~', "~0").replace('/', "~1"))
}

/// What a local reference means as a pointer; `None` when it leaves the document or names an anchor.
pub(crate) fn of_reference(reference: &str) -> Option<String> {
    let fragment = reference.strip_prefix('#')?;
    (fragment.is_empty() || fragment.starts_with('/')).then(|| percent_decoded(fragment))
}

/// The pointer, or the nearest one above it that leads somewhere.
pub(crate) fn standing(root: &Value, mut pointer: String) -> String {
    while root.pointer(&pointer).is_none() {
        let Some((above, _)) = pointer.rsplit_once('/') else { return String::new() };
        pointer.truncate(above.len());
    }
    pointer
}

fn percent_decoded(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let escape = tail.split_first_chunk::<2>().filter(|_| *first == b'%').and_then(|(digits, after)| {
            let digits = std::str::from_utf8(digits).ok()?;
            Some((u8::from_str_radix(digits, 16).ok()?, after))
        });
        let (byte, after) = escape.unwrap_or((*first, tail));
        decoded.push(byte);
        rest = after;
    }
    String::from_utf8(decoded).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_escaped() {
        assert_eq!(join("/properties", "a/b~c"), "/properties/a~1b~0c");
    }

    #[test]
    fn local_references_become_pointers() {
        assert_eq!(of_reference("#").as_deref(), Some(""));
        assert_eq!(of_reference("#/$defs/Map%3Cu8%3E").as_deref(), Some("/$defs/Map<u8>"));
        assert_eq!(of_reference("#/$defs/100%").as_deref(), Some("/$defs/100%"));
        assert_eq!(of_reference("#anchor"), None);
        assert_eq!(of_reference("other.json#/a"), None);
    }
}
