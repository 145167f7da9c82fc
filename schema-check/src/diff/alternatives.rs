//! The alternatives of a place, sorted out: null, constants, and the rest.

use super::change::Tagging;
use super::shape::Types;
use super::view::{Group, View};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// More alternatives than a derived enum has; hostile ones are cut here.
const MOST_BRANCHES: usize = 512;
/// Alternatives that are asked for the key of the tag.
const MOST_CANDIDATES: usize = 4;
/// An enum in an option in an enum in …
const DEEPEST: u8 = 16;

/// All that may be at one place.
#[derive(Debug)]
pub(crate) struct Alternatives<'s> {
    /// The place of the whole.
    pub(crate) pointer: String,
    /// Null is spelled out.
    pub(crate) nullable: bool,
    /// Spelled-out values other than null.
    pub(crate) constants: Vec<(String, &'s Value)>,
    /// Everything else.
    pub(crate) branches: Vec<View<'s>>,
    /// There is a choice: an enum.
    pub(crate) is_enum: bool,
    /// One alternative takes every name that the others don't have.
    pub(crate) takes_others: bool,
}

impl<'s> Alternatives<'s> {
    /// The alternatives of a place.
    pub(crate) fn of(view: &View<'s>) -> Self {
        let mut all = Self::empty(view.pointer());
        all.expand(view, DEEPEST);
        all.is_enum |= all.branches.len() > 1 || !all.constants.is_empty();
        all
    }

    /// The alternatives of one `oneOf` or `anyOf` by itself.
    pub(crate) fn of_group(group: &Group<'s>) -> Self {
        let mut all = Self::empty(&group.pointer);
        group.branches.iter().for_each(|branch| all.expand(branch, DEEPEST));
        all.is_enum = true;
        all
    }

    fn empty(pointer: &str) -> Self {
        let pointer = pointer.to_owned();
        Self {
            pointer,
            nullable: false,
            constants: Vec::new(),
            branches: Vec::new(),
            is_enum: false,
            takes_others: false,
        }
    }

    fn expand(&mut self, view: &View<'s>, depth: u8) {
        if self.branches.len() >= MOST_BRANCHES || view.refuses_all() {
            return;
        }
        self.takes_others |= view.takes_others();
        match view.groups().first() {
            Some(group) if depth > 0 => {
                self.is_enum |= group.keyword == "oneOf";
                view.chosen(group).iter().for_each(|branch| self.expand(branch, depth - 1));
            }
            _ => self.sort_in(view),
        }
    }

    fn sort_in(&mut self, view: &View<'s>) {
        if let Some(constants) = view.constants() {
            self.nullable |= constants.iter().any(|(_, value)| value.is_null());
            self.constants.extend(constants.into_iter().filter(|(_, value)| !value.is_null()));
            return;
        }
        let types = view.types();
        if view.is_typed() && types.has(Types::NULL) {
            self.nullable = true;
            if types != Types::NULL {
                self.branches.push(view.non_null());
            }
            return;
        }
        self.branches.push(view.clone());
    }

    /// Null passes.
    pub(crate) fn accepts_null(&self) -> bool {
        self.nullable || self.accepts(Types::NULL)
    }

    /// Some alternative takes any value of these types.
    pub(crate) fn accepts(&self, types: Types) -> bool {
        self.branches.iter().any(|branch| branch.types().has(types))
    }

    /// The alternatives by their names under a tagging.
    pub(crate) fn by_name(&self, tagging: &Tagging) -> BTreeMap<String, &View<'s>> {
        self.branches.iter().flat_map(|branch| names(branch, tagging).map(move |name| (name, branch))).collect()
    }

    /// How the objects among the alternatives are told apart.
    pub(crate) fn tagging(&self) -> Tagging {
        let branches = &self.branches;
        if let Some(tag) = branches
            .iter()
            .take(MOST_CANDIDATES)
            .flat_map(tag_keys)
            .find(|tag| all_distinct(branches, |it| constant_at(it, tag)))
        {
            return Tagging::Key { tag: tag.to_owned(), content: None };
        }
        let by_shape = branches.is_empty() || !all_distinct(branches, external_name);
        let unit_only = branches.is_empty() && self.constants.iter().all(|(_, value)| value.is_string());
        if by_shape && !unit_only { Tagging::Untagged } else { Tagging::External }
    }
}

/// The name of a variant under a tagging, with its place.
pub(crate) fn variant_name(branch: &View<'_>, tagging: &Tagging) -> Option<String> {
    match tagging {
        Tagging::External => external_name(branch),
        Tagging::Key { tag, .. } => constant_at(branch, tag),
        Tagging::Untagged => None,
    }
}

/// Every name of a variant under a tagging: its own, and its aliases.
fn names<'v>(branch: &'v View<'_>, tagging: &Tagging) -> impl Iterator<Item = String> + 'v {
    let own = variant_name(branch, tagging);
    let aliases = own.is_some().then(|| branch.variant_aliases()).into_iter().flatten().map(str::to_owned);
    own.into_iter().chain(aliases)
}

/// Every branch but a few has a name of its own.
fn all_distinct(branches: &[View<'_>], name: impl Fn(&View<'_>) -> Option<String>) -> bool {
    let names: Vec<String> = branches.iter().filter_map(name).collect();
    let distinct: BTreeSet<&String> = names.iter().collect();
    !names.is_empty() && distinct.len() == names.len() && (names.len() == branches.len() || names.len() > 1)
}

fn tag_keys<'s>(branch: &View<'s>) -> Vec<&'s str> {
    let required = branch.required();
    let constant = |view: &View<'_>| matches!(view.constants().as_deref(), Some([(_, Value::String(_))]));
    let properties = branch.properties().into_iter();
    properties.filter(|(name, view)| required.contains(name) && constant(view)).map(|(name, _)| name).collect()
}

fn constant_at(branch: &View<'_>, key: &str) -> Option<String> {
    match branch.properties().get(key)?.constants()?.as_slice() {
        [(_, value)] => value.as_str().map(str::to_owned),
        _ => None,
    }
}

fn external_name(branch: &View<'_>) -> Option<String> {
    let properties = branch.properties();
    let mut names = properties.keys();
    let (name, None) = (names.next()?, names.next()) else { return None };
    let is_tag = constant_at(branch, name).is_some();
    (branch.required().contains(name) && !is_tag).then(|| (*name).to_owned())
}
