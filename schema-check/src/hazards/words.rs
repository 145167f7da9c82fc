//! The reasons, and what to write instead.

use proc_macro2::Span;

use super::Hazard;

/// Why something is unsafe.
pub(super) enum Reason {
    Remote,
    Borrow,
    Untagged,
    UntaggedVariant,
    TagOnStruct,
    SkippedWithoutDefault,
    NeverWritten,
    WrittenAndDenied,
    SkippedInTuple,
    VariantNeverRead,
    FlattenDenied,
    Undescribed,
    Identifier,
    Split { written: String, read: String },
    OptionOfOption,
    NoKey,
    Buffered,
    BufferedKeys,
    Untaggable,
}

impl Reason {
    pub(super) fn hazard(self, about: String, span: Span, variant: Option<&str>, field: Option<&str>) -> Hazard {
        let (what, help) = self.words(&about);
        let (variant, field) = (variant.map(str::to_owned), field.map(str::to_owned));
        Hazard { about, span, variant, field, what, help }
    }

    /// What is wrong, as the end of a sentence about the part, and what to type.
    fn words(&self, about: &str) -> (String, String) {
        let (what, help) = match self {
            Self::Remote => (
                "describes another type by `remote`: serde implements nothing for the event itself",
                "remove `remote`, and hold the other type in a field with `#[serde(with = \"…\")]`",
            ),
            Self::Borrow => {
                ("borrows from the message that it is read from, and an event outlives it", "remove `borrow`")
            }
            Self::Untagged => (
                "is `untagged`: its variants are told by trying one after the other",
                "tag it: `#[serde(tag = \"type\")]`",
            ),
            Self::UntaggedVariant => (
                "is `untagged`: it is told from the other variants by trying, and takes what they can't read",
                "remove `untagged`, so that its name is on the wire",
            ),
            Self::TagOnStruct => (
                "is written with a `tag` that is in no schema and that nobody reads: with `deny_unknown_fields` it is refused",
                "remove `tag`: the envelope names the type",
            ),
            Self::SkippedWithoutDefault => (
                "is left out by `skip_serializing_if` and has no default to be read without",
                "add `default` beside it: `#[serde(default, skip_serializing_if = …)]`",
            ),
            Self::NeverWritten => (
                "is never written and has no default to be read without",
                "add `default` beside it, or write `skip` instead",
            ),
            Self::WrittenAndDenied => (
                "is written, and refused as an unknown field when it is read",
                "write `skip` instead, or remove `deny_unknown_fields`",
            ),
            Self::SkippedInTuple => (
                "has no name on the wire: where it is left out, the items after it take its place",
                "write `skip` instead, or name the fields",
            ),
            Self::VariantNeverRead => {
                ("is written and never read", "write `skip` instead, or remove `skip_deserializing`")
            }
            Self::FlattenDenied => (
                "is flattened beside `deny_unknown_fields`, which serde doesn't support: the keys of a map are refused",
                "remove `deny_unknown_fields`, or `flatten`",
            ),
            Self::Undescribed => (
                "is written or read by functions of its own, which the schema does not describe",
                "say what is on the wire: `#[schemars(with = \"…\")]`",
            ),
            Self::Identifier => (
                "is read from any string by `field_identifier`, which the schema does not describe",
                "write `#[serde(untagged)]` on the variant instead",
            ),
            Self::OptionOfOption => (
                "has two ways to be `None` and JSON has one `null`: `Some(None)` and `Some(())` are read as `None`",
                "write an enum with a name for each case, or one `Option`",
            ),
            Self::NoKey => (
                "has keys that are no texts: it can't be written",
                "write a list of pairs, or a key that is a string, a number or a unit variant",
            ),
            Self::Split { written, read } => return split(written, read),
            Self::Buffered => return buffered(about),
            Self::BufferedKeys => {
                return (
                    format!(
                        "is a `{about}` with keys that are no strings, in a value that serde reads through a buffer: it is written, and can't be read"
                    ),
                    "write `String` keys; beside a `tag`, a `content` helps as well".to_owned(),
                );
            }
            Self::Untaggable => {
                return (
                    format!("has the type `{about}`, into which no `tag` can be written"),
                    "name the field, `Variant { value: … }`, or give the enum a `content` beside its `tag`".to_owned(),
                );
            }
        };
        (what.to_owned(), help.to_owned())
    }
}

fn split(written: &str, read: &str) -> (String, String) {
    (
        format!("is written as `{written}` and read as `{read}`: nobody reads what was written"),
        format!("add `alias = \"{written}\"`"),
    )
}

fn buffered(about: &str) -> (String, String) {
    let help = match about {
        "RawValue" => "write `serde_json::Value`; beside a `tag`, a `content` helps as well",
        _ => {
            "write it as text, by `with` and `#[schemars(with = \"String\")]`; beside a `tag`, a `content` helps as well"
        }
    };
    (
        format!("holds `{about}` in a value that serde reads through a buffer: it is written, and can't be read"),
        help.to_owned(),
    )
}
