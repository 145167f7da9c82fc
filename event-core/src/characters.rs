//! Which characters CloudEvents' attributes have.
//!
//! Source: CloudEvents 1.0.2, "Type System", `String`.

/// What an attribute of ours must be.
pub(crate) const LAWFUL: &str = "text without control characters (U+0000–U+001F, U+007F–U+009F) and noncharacters; \
                                 take them out or encode them, as in `%0A`";

/// What an attribute of anybody must be, for PostgreSQL's text can't hold the character.
pub(crate) const WITHOUT_NUL: &str = "text without U+0000";

/// Whether CloudEvents allows every character of the text.
pub(crate) fn are_lawful(text: &str) -> bool {
    !text.chars().any(|c| c.is_control() || is_noncharacter(c))
}

/// Whether the text holds the one character that not every store can keep.
pub(crate) fn hold_nul(text: &str) -> bool {
    text.contains('\0')
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{FDD0}'..='\u{FDEF}') || u32::from(c) & 0xFFFE == 0xFFFE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_and_noncharacters_are_refused_and_all_others_are_not() {
        for c in ['\0', '\n', '\u{1F}', '\u{7F}', '\u{9F}', '\u{FDD0}', '\u{FDEF}', '\u{FFFE}', '\u{10FFFF}'] {
            assert!(!are_lawful(&format!("a{c}")), "{c:?}");
        }
        for c in [' ', '~', '\u{A0}', 'é', '\u{2028}', '\u{FDCF}', '\u{FDF0}', '\u{FFFD}', '\u{10FFFD}', '😀'] {
            assert!(are_lawful(&format!("a{c}")), "{c:?}");
        }
    }
}
