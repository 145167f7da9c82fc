//! Goes through what is written and what is read side by side.

use super::alternatives::Alternatives;
use super::change::{Change, Spot, What};
use super::describe::describe;
use super::scalars;
use super::shape::Types;
use super::view::View;
use crate::finding::Direction;
use std::collections::{BTreeSet, HashSet};

/// Deeper than any derived schema goes before it repeats itself.
const DEEPEST: u32 = 64;
/// Pairs of places that one walk looks at.
const MOST_STEPS: u32 = 20_000;

/// How schemas are understood.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Undeclared keys are never written.
    pub(crate) closed: bool,
    /// Formats of integers are ranges.
    pub(crate) ranges: bool,
}

/// What a walk found.
#[derive(Debug)]
pub(crate) struct Walk {
    pub(crate) reading: Reading,
    pub(crate) changes: Vec<Change>,
    /// Every pair of places that was compared, outer ones first.
    pub(crate) scopes: Vec<Spot>,
    direction: Direction,
    seen: HashSet<(String, String)>,
    plain_seen: HashSet<(String, String)>,
    steps: u32,
}

/// The pair of places being compared.
#[derive(Debug, Clone)]
pub(crate) struct Here {
    pub(crate) spot: Spot,
    pub(crate) depth: u32,
    /// Keys that the alternatives beside this place declare.
    pub(crate) beside: BTreeSet<String>,
}

impl Here {
    /// The wire path of a key.
    pub(crate) fn key(&self, name: &str) -> String {
        if self.spot.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.spot.path) }
    }

    /// The wire path of an item.
    pub(crate) fn item(&self, index: &str) -> String {
        format!("{}[{index}]", self.spot.path)
    }
}

impl Walk {
    pub(crate) fn new(direction: Direction, reading: Reading) -> Self {
        let (changes, scopes) = (Vec::new(), Vec::new());
        Self { reading, changes, scopes, direction, seen: HashSet::new(), plain_seen: HashSet::new(), steps: 0 }
    }

    /// Compares two places and all below them.
    pub(crate) fn compare(&mut self, written: &View<'_>, read: &View<'_>, path: String, depth: u32) {
        let spot = Spot { written: written.pointer().to_owned(), read: read.pointer().to_owned(), path };
        if written.refuses_all() || !self.enter(written, read, &spot, depth) {
            return;
        }
        let here = Here { spot, depth: depth + 1, beside: BTreeSet::new() };
        if read.refuses_all() {
            return self.differ(written, read, &here);
        }
        let groups = (written.groups(), read.groups());
        if groups.0.is_empty()
            || groups.0.len() != groups.1.len()
            || !written.has_own_fields()
            || !read.has_own_fields()
        {
            return self.alternatives(&Alternatives::of(written), &Alternatives::of(read), &here);
        }
        let names = groups.0.iter().flat_map(|group| &group.branches).flat_map(View::properties);
        let beside = names.map(|(name, _)| name.to_owned()).collect();
        self.plain(&written.base(), &read.base(), &Here { beside, ..here.clone() });
        for (written, read) in groups.0.iter().zip(&groups.1) {
            self.alternatives(&Alternatives::of_group(written), &Alternatives::of_group(read), &here);
        }
    }

    pub(crate) fn is_backward(&self) -> bool {
        self.direction == Direction::Backward
    }

    fn enter(&mut self, written: &View<'_>, read: &View<'_>, spot: &Spot, depth: u32) -> bool {
        self.steps += 1;
        if depth > DEEPEST || self.steps > MOST_STEPS || !self.seen.insert((written.identity(), read.identity())) {
            return false;
        }
        self.scopes.push(spot.clone());
        true
    }

    /// Compares two places that have no alternatives.
    pub(crate) fn plain(&mut self, written: &View<'_>, read: &View<'_>, here: &Here) {
        if !self.plain_seen.insert((written.identity(), read.identity())) {
            return;
        }
        let (was, is) = (written.types(), read.types());
        if !was.without(is).is_none() {
            return self.differ(written, read, here);
        }
        for what in scalars::obstacles(written, read, self.reading.ranges) {
            self.push(here, here.spot.clone(), what);
        }
        if was.meets(Types::ARRAY) {
            self.arrays(written, read, here);
        }
        if was.meets(Types::OBJECT) {
            self.objects(written, read, here);
        }
    }

    /// The types differ.
    pub(crate) fn differ(&mut self, written: &View<'_>, read: &View<'_>, here: &Here) {
        let what = What::Type { written: describe(written), read: describe(read) };
        self.push(here, here.spot.clone(), what);
    }

    /// Notes an obstacle.
    pub(crate) fn push(&mut self, here: &Here, spot: Spot, what: What) {
        self.changes.push(Change { direction: self.direction, scope: here.spot.clone(), spot, what });
    }

    /// What comparing two places by themselves would find.
    pub(crate) fn trial(&mut self, written: &View<'_>, read: &View<'_>, here: &Here) -> Self {
        let mut trial = Self::new(self.direction, self.reading);
        trial.steps = self.steps;
        trial.compare(written, read, here.spot.path.clone(), here.depth);
        self.steps = trial.steps;
        trial
    }

    /// Takes over what a trial found.
    pub(crate) fn adopt(&mut self, trial: Self) {
        self.changes.extend(trial.changes);
        self.scopes.extend(trial.scopes);
        self.seen.extend(trial.seen);
        self.plain_seen.extend(trial.plain_seen);
    }
}
