//! A plainer counterexample: small numbers, short texts, nothing that might as well be left out.
//!
//! The judges answer with what they met first, often a bound. Each step towards a plainer value is kept only where the
//! result still stands up as a counterexample.

use serde_json::{Number, Value};

use super::slow::{self, Witnesses};
use super::{Options, Pair, Semantics, Verdict, draft, lower};

/// Values that are tried for one counterexample.
const MOST_TRIES: u32 = 600;
/// Larger and deeper values stay as they are.
const MOST_LETTERS: usize = 20_000;
const DEEPEST: usize = 40;

/// The verdict with a plainer counterexample, if it has one.
#[must_use]
pub(crate) fn plainly(verdict: Verdict, writer: &Value, reader: Pair<'_>, options: &Options) -> Verdict {
    let Verdict::Breaking { counterexample } = verdict else { return verdict };
    let small = !slow::deeper_than(&counterexample, DEEPEST) && counterexample.to_string().len() <= MOST_LETTERS;
    let shallow = [writer, reader.reader].iter().all(|schema| !slow::deeper_than(schema, DEEPEST));
    let counterexample = match witness(writer, reader, options).filter(|_| small && shallow) {
        Some(shows) => plainest(counterexample, &shows),
        None => counterexample,
    };
    Verdict::Breaking { counterexample }
}

/// What a counterexample has to stand up to.
fn witness(writer: &Value, reader: Pair<'_>, options: &Options) -> Option<impl Fn(&Value) -> bool> {
    let drafts = draft::of_both(writer, reader.reader, options.default_draft).ok()?;
    let events = options.semantics == Semantics::Events;
    let (writes, reads) = match events {
        true => (lower::writer(writer, drafts.writer), lower::reader(reader)),
        false => (writer.clone(), reader.reader.clone()),
    };
    let witnesses = Witnesses::new(&writes, &reads, drafts, events).ok()?;
    let written = slow::Written::new(writer, drafts.writer).ok()?;
    Some(move |value: &Value| witnesses.shows(value) && (!events || written.accepts(value)))
}

/// The plainest value that is reached; the value itself where it isn't shown by `shows`.
pub(crate) fn plainest(value: Value, shows: &dyn Fn(&Value) -> bool) -> Value {
    let mut search = Search { value, shows, left: MOST_TRIES };
    if shows(&search.value) {
        search.visit("");
    }
    search.value
}

struct Search<'a> {
    value: Value,
    shows: &'a dyn Fn(&Value) -> bool,
    left: u32,
}

impl Search<'_> {
    fn visit(&mut self, at: &str) {
        match self.value.pointer(at) {
            Some(Value::Bool(true)) => drop(self.becomes(at, Value::Bool(false))),
            Some(Value::Number(number)) => self.number(at, &number.clone()),
            Some(Value::String(text)) => self.text(at, &text.clone()),
            Some(Value::Array(items)) => {
                for index in (0..items.len()).rev() {
                    self.shorten(at, index);
                }
                let left = self.value.pointer(at).and_then(Value::as_array).map_or(0, Vec::len);
                (0..left).for_each(|index| self.visit(&format!("{at}/{index}")));
            }
            Some(Value::Object(members)) => {
                let names: Vec<String> = members.keys().cloned().collect();
                for name in names {
                    if !self.leave_out(at, &name) {
                        self.visit(&format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")));
                    }
                }
            }
            _ => {}
        }
    }

    /// Keeps what `edit` makes of the place if the whole is still a counterexample.
    fn keeps(&mut self, at: &str, edit: impl FnOnce(&mut Value)) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let Some(place) = self.value.pointer_mut(at) else { return false };
        let before = place.clone();
        edit(place);
        if (self.shows)(&self.value) {
            return true;
        }
        self.value.pointer_mut(at).into_iter().for_each(|place| *place = before.clone());
        false
    }

    fn becomes(&mut self, at: &str, plain: Value) -> bool {
        self.keeps(at, |place| *place = plain)
    }

    fn shorten(&mut self, at: &str, index: usize) {
        self.keeps(at, |place| place.as_array_mut().into_iter().for_each(|items| drop(items.remove(index))));
    }

    fn leave_out(&mut self, at: &str, name: &str) -> bool {
        self.keeps(at, |place| place.as_object_mut().into_iter().for_each(|members| drop(members.remove(name))))
    }

    fn text(&mut self, at: &str, text: &str) {
        for plain in ["", "a"] {
            if text == plain || self.becomes(at, Value::from(plain)) {
                return;
            }
        }
    }

    /// Nought or one, else the smallest on the same side of nought, best above it.
    fn number(&mut self, at: &str, number: &Number) {
        let whole = number.to_string().parse::<i128>().ok();
        if matches!(whole, Some(0 | 1)) || [0, 1].into_iter().any(|plain| self.becomes(at, Value::from(plain))) {
            return;
        }
        let Some(whole) = whole else {
            self.becomes(at, serde_json::json!(0.5));
            return;
        };
        let mirrored = whole.checked_neg().filter(|mirrored| *mirrored > 1);
        let sign =
            if mirrored.and_then(spelled).is_some_and(|plain| self.becomes(at, plain)) { 1 } else { whole.signum() };
        let (mut least, mut most) = (0, whole.unsigned_abs());
        while most - least > 1 {
            let middle = least + (most - least) / 2;
            let tried = i128::try_from(middle).ok().and_then(|middle| spelled(middle * sign));
            match tried.is_some_and(|tried| self.becomes(at, tried)) {
                true => most = middle,
                false => least = middle,
            }
        }
    }
}

fn spelled(number: i128) -> Option<Value> {
    Some(Value::Number(Number::from_i128(number)?))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::contain::contained_in;

    fn shown(written: &Value, read: &Value) -> Value {
        let options = Options::default();
        let verdict = contained_in(written, Pair::both(read), &options);
        match plainly(verdict, written, Pair::both(read), &options) {
            Verdict::Breaking { counterexample } => counterexample,
            verdict => json!(verdict.word()),
        }
    }

    fn integer(format: &str) -> Value {
        json!({ "type": "integer", "format": format })
    }

    #[test]
    fn nought_is_shown_where_any_number_would_do_and_else_the_first_that_does_not_fit() {
        assert_eq!(shown(&integer("int64"), &json!({ "type": "string" })), json!(0));
        assert_eq!(shown(&integer("int64"), &integer("int32")), json!(2_147_483_648_i64));
        assert_eq!(shown(&integer("int64"), &integer("uint64")), json!(-1));
        assert_eq!(shown(&integer("uint32"), &integer("uint8")), json!(256));
        assert_eq!(shown(&json!({ "type": "number" }), &integer("int8")), json!(0.5));
    }

    #[test]
    fn what_may_be_left_out_is_left_out() {
        let object = |total: Value, required: Value| {
            json!({ "type": "object", "required": required, "properties": {
                "id": { "type": "string", "minLength": 1 },
                "total": total,
                "tags": { "type": "array", "items": { "type": "boolean" } },
                "note": { "type": ["string", "null"] },
            } })
        };
        let (old, new) =
            (object(integer("int64"), json!(["id", "total", "tags"])), object(json!({ "type": "string" }), json!([])));
        assert_eq!(shown(&old, &new), json!({ "id": "a", "total": 0, "tags": [] }));
    }

    #[test]
    fn every_step_stands_up_and_what_does_not_stays_as_it_is() {
        let odd = |value: &Value| value.pointer("/n").and_then(Value::as_i64).is_some_and(|n| n % 2 == 1 && n > 4);
        let plain = plainest(json!({ "n": 4_000_001, "a": "b" }), &odd);
        assert!(odd(&plain) && plain.get("a").is_none(), "{plain}");
        assert_eq!(plainest(json!({ "n": 2 }), &odd), json!({ "n": 2 }));
        assert_eq!(shown(&integer("int8"), &integer("int16")), json!("compatible"));
    }
}
