//! Alternatives against alternatives.

use super::alternatives::{Alternatives, variant_name};
use super::change::{Spot, Tagging, What};
use super::describe::describe;
use super::shape::Types;
use super::tagging;
use super::view::View;
use super::walk::{Here, Walk};
use serde_json::Value;

/// Keys that name a variant without a name.
const MOST_KEYS: usize = 4;

impl Walk {
    pub(super) fn alternatives(&mut self, written: &Alternatives<'_>, read: &Alternatives<'_>, here: &Here) {
        if written.nullable && !read.accepts_null() {
            if written.constants.is_empty() && written.branches.is_empty() {
                return self.differ_as(written, read, here);
            }
            self.push(here, here.spot.clone(), What::Null);
        }
        if let ([was], [is]) = (written.branches.as_slice(), read.branches.as_slice())
            && !(written.is_enum && read.is_enum)
        {
            return self.plain(was, is, here);
        }
        let (was, is) = (written.tagging(), read.tagging());
        if let Some(what) = tagging::changed(written, &was, read, &is) {
            return self.push(here, union_spot(written, read, here), what);
        }
        self.constants(written, read, here);
        let named = read.by_name(&was);
        for branch in &written.branches {
            match variant_name(branch, &was) {
                Some(name) => match named.get(&name) {
                    Some(twin) => self.compare(branch, twin, here.spot.path.clone(), here.depth),
                    None => self.lone_branch((&name, branch), written, &was, read, here),
                },
                None => self.untagged(branch, written, read, here),
            }
        }
    }

    fn constants(&mut self, written: &Alternatives<'_>, read: &Alternatives<'_>, here: &Here) {
        let wrapped = read.by_name(&Tagging::External);
        for (at, value) in &written.constants {
            let known = read.constants.iter().any(|(_, other)| other == value) || read.accepts(Types::of_value(value));
            if known {
                continue;
            }
            if read.constants.is_empty() && (read.branches.is_empty() || !read.is_enum) {
                return self.differ_as(written, read, here);
            }
            let name = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            match wrapped.get(&name) {
                Some(twin) => self.variant_data(&name, false, (at, twin.pointer()), here),
                None => self.variant(name, at, read, here),
            }
        }
    }

    /// A variant of a name that no alternative has.
    fn lone_branch(
        &mut self,
        (name, branch): (&str, &View<'_>),
        written: &Alternatives<'_>,
        tagging: &Tagging,
        read: &Alternatives<'_>,
        here: &Here,
    ) {
        let same = |value: &Value| *tagging == Tagging::External && value.as_str() == Some(name);
        match read.constants.iter().find(|(_, value)| same(value)) {
            Some((at, _)) => self.variant_data(name, true, (branch.pointer(), at), here),
            None if read.is_enum => self.variant(name.to_owned(), branch.pointer(), read, here),
            None => self.untagged(branch, written, read, here),
        }
    }

    /// Finds the alternative that reads most of a branch.
    fn untagged(&mut self, branch: &View<'_>, written: &Alternatives<'_>, read: &Alternatives<'_>, here: &Here) {
        let meets = |other: &&View<'_>| branch.types().meets(other.types());
        let mut best: Option<(usize, Walk)> = None;
        for other in read.branches.iter().filter(meets) {
            let trial = self.trial(branch, other, here);
            let weight = trial.changes.len();
            if best.as_ref().is_none_or(|(least, _)| weight < *least) {
                best = Some((weight, trial));
            }
            if weight == 0 {
                break;
            }
        }
        match best {
            Some((weight, trial)) if weight == 0 || !self.is_stranger(branch, written, read) => self.adopt(trial),
            _ if written.is_enum && read.is_enum => self.nameless(branch, read, here),
            _ => self.differ_as(written, read, here),
        }
    }

    /// An object that shares no key with any alternative that is read.
    fn is_stranger(&self, branch: &View<'_>, written: &Alternatives<'_>, read: &Alternatives<'_>) -> bool {
        let keys = branch.properties();
        let shares = |other: &View<'_>| other.properties().keys().any(|key| keys.contains_key(key));
        written.is_enum && read.is_enum && !keys.is_empty() && !read.branches.iter().any(shares)
    }

    fn variant(&mut self, name: String, at: &str, read: &Alternatives<'_>, here: &Here) {
        if read.takes_others {
            return;
        }
        let spot = Spot { written: at.to_owned(), read: read.pointer.clone(), path: here.key(&name) };
        self.push(here, spot, What::Variant { name });
    }

    fn nameless(&mut self, branch: &View<'_>, read: &Alternatives<'_>, here: &Here) {
        let keys: Vec<&str> = branch.properties().into_keys().take(MOST_KEYS).collect();
        let with = if keys.is_empty() { String::new() } else { format!(" with {}", keys.join(", ")) };
        let written = branch.pointer().to_owned();
        let spot = Spot { written, read: read.pointer.clone(), path: here.spot.path.clone() };
        self.push(here, spot, What::Variant { name: describe(branch) + &with });
    }

    fn variant_data(&mut self, name: &str, written: bool, at: (&str, &str), here: &Here) {
        let spot = Spot { written: at.0.to_owned(), read: at.1.to_owned(), path: here.key(name) };
        self.push(here, spot, What::VariantData { written });
    }

    fn differ_as(&mut self, written: &Alternatives<'_>, read: &Alternatives<'_>, here: &Here) {
        let what = What::Type { written: in_words(written), read: in_words(read) };
        self.push(here, union_spot(written, read, here), what);
    }
}

fn union_spot(written: &Alternatives<'_>, read: &Alternatives<'_>, here: &Here) -> Spot {
    Spot { written: written.pointer.clone(), read: read.pointer.clone(), path: here.spot.path.clone() }
}

fn in_words(alternatives: &Alternatives<'_>) -> String {
    let mut words: Vec<String> = Vec::new();
    let constants = (!alternatives.constants.is_empty()).then(|| "enum".to_owned());
    let null = alternatives.nullable.then(|| Value::Null.to_string());
    for word in constants.into_iter().chain(alternatives.branches.iter().map(describe)).chain(null) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    if words.is_empty() { "nothing".to_owned() } else { words.join(" or ") }
}
