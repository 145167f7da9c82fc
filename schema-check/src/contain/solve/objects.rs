//! What is known of an object.

mod build;

use std::collections::BTreeSet;
use std::rc::Rc;

use self::build::Class;
use super::branch::Clash;
use super::formula::{Atom, Keys, Lit, Rest};

/// What is known of an object.
#[derive(Clone)]
pub(super) struct Objects<'a> {
    pub(super) present: BTreeSet<Rc<str>>,
    pub(super) absent: BTreeSet<Rc<str>>,
    pub(super) each: Vec<(Keys, Lit<'a>)>,
    pub(super) some: Vec<(Keys, Lit<'a>)>,
    names: Vec<Lit<'a>>,
    some_names: Vec<Lit<'a>>,
    least: u64,
    most: u64,
}

impl Default for Objects<'_> {
    fn default() -> Self {
        Self {
            present: BTreeSet::new(),
            absent: BTreeSet::new(),
            each: Vec::new(),
            some: Vec::new(),
            names: Vec::new(),
            some_names: Vec::new(),
            least: 0,
            most: u64::MAX,
        }
    }
}

impl<'a> Objects<'a> {
    pub(super) fn take(&mut self, atom: Atom<'a>) -> Result<(), Clash> {
        match atom {
            Atom::Has(name, true) => drop(self.present.insert(name)),
            Atom::Has(name, false) => drop(self.absent.insert(name)),
            Atom::Each(Keys::Name(name), lit) if lit.is_never() => drop(self.absent.insert(name)),
            Atom::Each(keys, lit) => self.each.push((keys, lit)),
            Atom::Some(Keys::Name(name), lit) => {
                self.present.insert(name.clone());
                self.each.push((Keys::Name(name), lit));
            }
            Atom::Some(keys, lit) => self.some.push((keys, lit)),
            Atom::EachName(lit) => self.names.push(lit),
            Atom::SomeName(lit) => self.some_names.push(lit),
            Atom::MinProperties(least) => self.least = self.least.max(least),
            Atom::MaxProperties(most) => self.most = self.most.min(most),
            _ => {}
        }
        let crowded = self.least > self.most || self.present.len() as u64 > self.most;
        let torn = self.present.iter().any(|name| self.has_not(name));
        if crowded || torn { Err(Clash) } else { Ok(()) }
    }

    fn has_not(&self, name: &str) -> bool {
        self.absent.contains(name) || self.each.iter().any(|(keys, lit)| lit.is_never() && keys.visibly_holds(name))
    }

    /// Whether the object is known to have a key, or not to.
    pub(super) fn has(&self, name: &str) -> Option<bool> {
        if self.present.contains(name) {
            return Some(true);
        }
        self.has_not(name).then_some(false)
    }

    /// What visibly holds of the value of a key.
    pub(super) fn visible(&self, name: &str) -> Vec<Lit<'a>> {
        self.each.iter().filter(|(keys, _)| keys.visibly_holds(name)).map(|(_, lit)| *lit).collect()
    }

    pub(super) fn settles(&self, atom: &Atom<'a>) -> Option<bool> {
        match atom {
            Atom::Has(name, yes) => self.has(name).map(|has| has == *yes),
            Atom::MinProperties(least) if self.most < *least => Some(false),
            Atom::MinProperties(least) if self.least.max(self.present.len() as u64) >= *least => Some(true),
            Atom::MaxProperties(most) if self.most <= *most => Some(true),
            Atom::MaxProperties(most) if self.least.max(self.present.len() as u64) > *most => Some(false),
            Atom::Some(Keys::Rest(rest), _) if self.is_closed_beyond(rest) => Some(false),
            Atom::Each(Keys::Rest(rest), _) if self.is_closed_beyond(rest) => Some(true),
            _ => None,
        }
    }

    /// Whether there can't be a key that `rest` is about.
    fn is_closed_beyond(&self, rest: &Rest) -> bool {
        self.each.iter().any(|(keys, lit)| match keys {
            Keys::Rest(closed) if lit.is_never() => {
                let named = |name: &Rc<str>| rest.names.contains(name) || self.has_not(name);
                closed.names.iter().all(named) && closed.patterns.iter().all(|one| rest.patterns.contains(one))
            }
            _ => false,
        })
    }

    fn mentioned(&self) -> BTreeSet<Rc<str>> {
        let mut names: BTreeSet<Rc<str>> = self.present.union(&self.absent).cloned().collect();
        for (keys, _) in self.each.iter().chain(&self.some) {
            match keys {
                Keys::Name(name) => drop(names.insert(name.clone())),
                Keys::Rest(rest) => names.extend(rest.names.iter().cloned()),
                Keys::Pattern(_) => {}
            }
        }
        names
    }

    fn patterns(&self) -> Vec<Rc<str>> {
        let mut patterns: Vec<Rc<str>> = Vec::new();
        for (keys, _) in self.each.iter().chain(&self.some) {
            match keys {
                Keys::Pattern(pattern) => patterns.push(pattern.clone()),
                Keys::Rest(rest) => patterns.extend(rest.patterns.iter().cloned()),
                Keys::Name(_) => {}
            }
        }
        patterns.sort();
        patterns.dedup();
        patterns
    }
}

impl Keys {
    /// Whether a key is one of these, seen without matching patterns.
    fn visibly_holds(&self, name: &str) -> bool {
        match self {
            Self::Name(known) => **known == *name,
            Self::Pattern(_) => false,
            Self::Rest(rest) => rest.patterns.is_empty() && rest.names.iter().all(|known| **known != *name),
        }
    }

    /// Whether a key that no name stands for, and which matches exactly these patterns, is one of these.
    fn hold_class(&self, class: &Class) -> bool {
        let matches = |pattern: &Rc<str>| class.iter().any(|(known, yes)| known == pattern && *yes);
        match self {
            Self::Name(_) => false,
            Self::Pattern(pattern) => matches(pattern),
            Self::Rest(rest) => !rest.patterns.iter().any(matches),
        }
    }
}
