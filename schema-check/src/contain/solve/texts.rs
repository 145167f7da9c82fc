//! What is known of a text, and a text that fulfils it.

use std::rc::Rc;

use serde_json::Value;

use super::branch::Clash;
use super::formula::{Atom, Lit};
use super::language::{Pattern, Search, Wanted, search};
use super::{NOTHING, Outcome, Solver};
use crate::contain::format;

/// What is known of a text.
#[derive(Clone)]
pub(super) struct Texts<'a> {
    pub(super) least: u64,
    pub(super) most: u64,
    pub(super) exactly: Option<Rc<str>>,
    pub(super) not: Vec<Rc<str>>,
    pub(super) patterns: Vec<(Rc<str>, bool)>,
    pub(super) formats: Vec<(Rc<str>, bool)>,
    odd: std::marker::PhantomData<Lit<'a>>,
}

impl Default for Texts<'_> {
    fn default() -> Self {
        Self {
            least: 0,
            most: u64::MAX,
            exactly: None,
            not: Vec::new(),
            patterns: Vec::new(),
            formats: Vec::new(),
            odd: std::marker::PhantomData,
        }
    }
}

/// How many texts are tried where a format must be missed.
const TRIES: usize = 12;

impl<'a> Texts<'a> {
    pub(super) fn take(&mut self, atom: Atom<'a>) -> Result<(), Clash> {
        match atom {
            Atom::MinLength(least) => self.least = self.least.max(least),
            Atom::MaxLength(most) => self.most = self.most.min(most),
            Atom::Text(text, true) => match &self.exactly {
                Some(known) if *known != text => return Err(Clash),
                _ => self.exactly = Some(text),
            },
            Atom::Text(text, false) => self.not.push(text),
            Atom::Pattern(pattern, yes) => self.patterns.push((pattern, yes)),
            Atom::Format(name, yes) => self.formats.push((name, yes)),
            _ => {}
        }
        if self.contradicts() { Err(Clash) } else { Ok(()) }
    }

    fn contradicts(&self) -> bool {
        let excluded = self.exactly.as_ref().is_some_and(|text| self.not.contains(text));
        let both = |(pattern, yes): &(Rc<str>, bool)| *yes && self.patterns.contains(&(pattern.clone(), false));
        let missed = |(outer, yes): &(Rc<str>, bool)| {
            !yes && self.formats.iter().any(|(inner, yes)| *yes && format::includes(outer, inner))
        };
        self.least > self.most || excluded || self.patterns.iter().any(both) || self.formats.iter().any(missed)
    }

    pub(super) fn settles(&self, atom: &Atom<'a>) -> Option<bool> {
        match atom {
            Atom::Text(text, yes) => match &self.exactly {
                Some(known) => Some((known == text) == *yes),
                None => self.not.contains(text).then_some(!yes),
            },
            Atom::MinLength(least) if self.least >= *least => Some(true),
            Atom::MinLength(least) if self.most < *least => Some(false),
            Atom::MaxLength(most) if self.most <= *most => Some(true),
            Atom::MaxLength(most) if self.least > *most => Some(false),
            Atom::Pattern(pattern, yes) if self.patterns.contains(&(pattern.clone(), *yes)) => Some(true),
            Atom::Pattern(pattern, yes) if self.patterns.contains(&(pattern.clone(), !yes)) => Some(false),
            Atom::Format(name, yes) if self.formats.contains(&(name.clone(), *yes)) => Some(true),
            Atom::Format(name, false) => {
                self.formats.iter().any(|(inner, yes)| *yes && format::includes(name, inner)).then_some(false)
            }
            _ => None,
        }
    }
}

impl Solver<'_> {
    /// A text that fulfils what is known.
    pub(super) fn text(&mut self, texts: &Texts<'_>) -> Outcome {
        if let Some(text) = texts.exactly.clone() {
            return match self.check(texts, &text) {
                Some(true) => found(&text),
                Some(false) => NOTHING,
                None => Outcome::unknown("a pattern or a format of a reader isn't known"),
            };
        }
        let samples = texts.formats.iter().filter(|(_, yes)| *yes).filter_map(|(name, _)| format::known(name));
        for sample in samples.flat_map(|format| format.samples) {
            if self.check(texts, sample) == Some(true) {
                return found(sample);
            }
        }
        self.text_by_search(texts)
    }

    fn text_by_search(&mut self, texts: &Texts<'_>) -> Outcome {
        if texts.patterns.is_empty() && texts.formats.is_empty() {
            return plain_text(texts);
        }
        let mut doubt: Option<Rc<str>> = None;
        let mut patterns: Vec<(Pattern, bool)> = Vec::new();
        let shapes = texts.formats.iter().filter(|(_, yes)| *yes).filter_map(|(name, _)| format::known(name)?.shape);
        let shapes = shapes.map(|shape| (Rc::from(shape), true)).collect::<Vec<(Rc<str>, bool)>>();
        for (pattern, yes) in texts.patterns.iter().chain(&shapes) {
            match self.language.pattern(pattern) {
                Some(automaton) => patterns.push((automaton, *yes)),
                None => doubt = Some(format!("the pattern `{pattern}` can't be computed with").into()),
            }
        }
        for _ in 0..TRIES.max(texts.not.len() + 1) {
            let text = match search(&Wanted { patterns: &patterns, least: texts.least, most: texts.most }) {
                Search::Nothing => return NOTHING,
                Search::GaveUp => return Outcome::unknown("the patterns are too large to decide within the limit"),
                Search::Found(text) => text,
            };
            match self.check(texts, &text) {
                Some(true) => return found(&text),
                None if doubt.is_none() => doubt = Some("a format of a schema isn't known".into()),
                _ if texts.not.iter().all(|not| **not != *text) && texts.formats.is_empty() && doubt.is_none() => {
                    return Outcome::unknown("a pattern is read in two ways");
                }
                _ => {}
            }
            let Some(automaton) = self.language.pattern(&exactly(&text)) else { break };
            patterns.push((automaton, false));
        }
        Outcome::Unknown(doubt.unwrap_or_else(|| "no text outside of the reader's format was found".into()))
    }

    /// Whether a text fulfils what is known.
    pub(super) fn check(&mut self, texts: &Texts<'_>, text: &str) -> Option<bool> {
        let length = text.chars().count() as u64;
        let excluded = texts.not.iter().any(|not| **not == *text);
        let other = texts.exactly.as_ref().is_some_and(|exactly| **exactly != *text);
        if excluded || other || length < texts.least || length > texts.most {
            return Some(false);
        }
        let mut sure = true;
        for (pattern, yes) in &texts.patterns {
            match self.language.matches(pattern, text) {
                Some(matches) if matches != *yes => return Some(false),
                Some(_) => {}
                None => sure = false,
            }
        }
        for (name, yes) in &texts.formats {
            match format::is_of(name, text) {
                Some(is) if is != *yes => return Some(false),
                Some(_) => {}
                None => sure = false,
            }
        }
        sure.then_some(true)
    }
}

fn found(text: &str) -> Outcome {
    Outcome::Found(Value::String(text.to_owned()), None)
}

/// A pattern that only `text` matches. What an ECMA pattern reads otherwise than literally is escaped by its number.
fn exactly(text: &str) -> Rc<str> {
    let mut pattern = String::from("^");
    for letter in text.chars() {
        if letter.is_ascii_alphanumeric() {
            pattern.push(letter);
        } else if (letter as u32) < 0x100 {
            pattern.push_str(&format!("\\x{:02x}", letter as u32));
        } else {
            pattern.push(letter);
        }
    }
    pattern.push('$');
    pattern.into()
}

/// A text of which only the length and what it is not is known.
fn plain_text(texts: &Texts<'_>) -> Outcome {
    if texts.most == 0 {
        return if texts.not.iter().any(|not| not.is_empty()) { NOTHING } else { found("") };
    }
    let Ok(least) = usize::try_from(texts.least) else { return Outcome::unknown("a text would be too long") };
    if least > 100_000 {
        return Outcome::unknown("a text would be too long");
    }
    if least == 0 && texts.not.iter().all(|not| !not.is_empty()) {
        return found("");
    }
    let length = least.max(1);
    let letters = (0..=texts.not.len()).map(|number| {
        let first = char::from_u32(0x61 + u32::try_from(number).unwrap_or(0)).unwrap_or('a');
        std::iter::once(first).chain(std::iter::repeat_n('a', length - 1)).collect::<String>()
    });
    for text in letters {
        if texts.not.iter().all(|not| **not != *text) {
            return found(&text);
        }
    }
    Outcome::unknown("too many texts are excluded")
}
