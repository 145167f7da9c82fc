//! Keywords about numbers and texts.

use serde_json::{Map, Value};

use super::{Meaning, count, opaque};
use crate::contain::draft::Draft;
use crate::contain::solve::formula::{Atom, F};
use crate::contain::solve::number::{Rat, exact};

impl<'a> Meaning<'a, '_> {
    pub(super) fn number_keyword(
        &self,
        object: &Map<String, Value>,
        keyword: &str,
        value: &Value,
        all: &mut Vec<F<'a>>,
    ) {
        let draft4 = self.document.draft == Draft::Draft4;
        let exclusive = |keyword| draft4 && object.get(keyword) == Some(&Value::Bool(true));
        let said = match keyword {
            "minimum" => bound(value, |bound| Atom::Above(bound, exclusive("exclusiveMinimum"))),
            "maximum" => bound(value, |bound| Atom::Below(bound, exclusive("exclusiveMaximum"))),
            "exclusiveMinimum" if !draft4 => bound(value, |bound| Atom::Above(bound, true)),
            "exclusiveMaximum" if !draft4 => bound(value, |bound| Atom::Below(bound, true)),
            "multipleOf" => bound(value, |of| Atom::Multiple(of, true)),
            _ => return,
        };
        all.push(said);
    }

    pub(super) fn text_keyword(&self, keyword: &str, value: &Value, all: &mut Vec<F<'a>>) {
        let said = match (keyword, value) {
            ("minLength", _) => counted(value, Atom::MinLength),
            ("maxLength", _) => counted(value, Atom::MaxLength),
            ("pattern", Value::String(pattern)) => F::Atom(Atom::Pattern(pattern.as_str().into(), true)),
            ("format", Value::String(format)) if self.events => F::Atom(Atom::Format(format.as_str().into(), true)),
            ("contentEncoding" | "contentMediaType", _) if self.asserts_content() => {
                opaque(&format!("`{keyword}: {value}`"))
            }
            _ => return,
        };
        all.push(said);
    }

    /// Drafts 6 and 7 let a validator check the content.
    fn asserts_content(&self) -> bool {
        matches!(self.document.draft, Draft::Draft6 | Draft::Draft7)
    }
}

fn bound<'a>(value: &Value, atom: impl FnOnce(Rat) -> Atom<'a>) -> F<'a> {
    let Value::Number(number) = value else { return opaque("a bound that is no number") };
    match exact(number) {
        Some(exact) => F::Atom(atom(exact)),
        None => opaque(&format!("the number {number} is too large to compute with")),
    }
}

pub(super) fn counted<'a>(value: &Value, atom: impl FnOnce(u64) -> Atom<'a>) -> F<'a> {
    match count(value) {
        Some(count) => F::Atom(atom(count)),
        None => opaque("a count that is no natural number"),
    }
}
