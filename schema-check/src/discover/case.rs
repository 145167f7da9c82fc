//! serde's case rules: the wire name of a Rust field or variant.

/// A value of serde's `rename_all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Case {
    Lower,
    Upper,
    Pascal,
    Camel,
    Snake,
    ScreamingSnake,
    Kebab,
    ScreamingKebab,
}

impl Case {
    /// The rule that `rename_all` names.
    pub(crate) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "lowercase" => Self::Lower,
            "UPPERCASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "snake_case" => Self::Snake,
            "SCREAMING_SNAKE_CASE" => Self::ScreamingSnake,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::ScreamingKebab,
            _ => return None,
        })
    }

    /// The wire name of a field.
    pub(crate) fn field(self, field: &str) -> String {
        match self {
            Self::Lower | Self::Snake => field.to_owned(),
            Self::Upper | Self::ScreamingSnake => field.to_ascii_uppercase(),
            Self::Pascal => pascal(field),
            Self::Camel => first_lower(&pascal(field)),
            Self::Kebab => field.replace('_', "-"),
            Self::ScreamingKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }

    /// The wire name of a variant.
    pub(crate) fn variant(self, variant: &str) -> String {
        match self {
            Self::Pascal => variant.to_owned(),
            Self::Lower => variant.to_ascii_lowercase(),
            Self::Upper => variant.to_ascii_uppercase(),
            Self::Camel => first_lower(variant),
            Self::Snake => snake(variant),
            Self::ScreamingSnake => snake(variant).to_ascii_uppercase(),
            Self::Kebab => snake(variant).replace('_', "-"),
            Self::ScreamingKebab => snake(variant).to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn pascal(field: &str) -> String {
    let words = field.split('_').map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    });
    words.collect()
}

fn first_lower(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_lowercase().to_string() + letters.as_str()).unwrap_or_default()
}

fn snake(variant: &str) -> String {
    let mut out = String::new();
    for (at, letter) in variant.char_indices() {
        if at > 0 && letter.is_uppercase() {
            out.push('_');
        }
        out.push(letter.to_ascii_lowercase());
    }
    out
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    /// serde's own table of cases, from its tests.
    #[test]
    fn variants_follow_serdes_table() {
        let cases = ["lowercase", "UPPERCASE", "camelCase", "snake_case", "SCREAMING_SNAKE_CASE", "kebab-case"];
        for (original, expected) in [
            ("Outcome", ["outcome", "OUTCOME", "outcome", "outcome", "OUTCOME", "outcome"]),
            ("VeryTasty", ["verytasty", "VERYTASTY", "veryTasty", "very_tasty", "VERY_TASTY", "very-tasty"]),
            ("A", ["a", "A", "a", "a", "A", "a"]),
            ("Z42", ["z42", "Z42", "z42", "z42", "Z42", "z42"]),
        ] {
            for (case, expected) in cases.iter().zip(expected) {
                assert_eq!(Case::parse(case).unwrap().variant(original), expected, "{case} of {original}");
            }
        }
        assert_eq!(Case::ScreamingKebab.variant("VeryTasty"), "VERY-TASTY");
    }

    #[test]
    fn fields_follow_serdes_table() {
        let cases = ["UPPERCASE", "PascalCase", "camelCase", "SCREAMING_SNAKE_CASE", "kebab-case"];
        for (original, expected) in [
            ("outcome", ["OUTCOME", "Outcome", "outcome", "OUTCOME", "outcome"]),
            ("very_tasty", ["VERY_TASTY", "VeryTasty", "veryTasty", "VERY_TASTY", "very-tasty"]),
            ("a", ["A", "A", "a", "A", "a"]),
            ("z42", ["Z42", "Z42", "z42", "Z42", "z42"]),
        ] {
            for (case, expected) in cases.iter().zip(expected) {
                assert_eq!(Case::parse(case).unwrap().field(original), expected, "{case} of {original}");
            }
        }
        assert_eq!(Case::ScreamingKebab.field("very_tasty"), "VERY-TASTY");
        assert_eq!(Case::Lower.field("veryTasty"), "veryTasty");
    }

    #[test]
    fn an_unknown_rule_is_none() {
        assert_eq!(Case::parse("Title Case"), None);
    }
}
