//! One place of a schema with its `$ref`s followed and its `allOf`s joined.

use super::facts;
use super::pointer;
use super::shape::Types;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// More conjuncts than any derived schema has; hostile ones are cut here.
const MOST_PARTS: usize = 64;
/// `$ref` to `$ref` to …
const LONGEST_CHAIN: usize = 64;

/// What must all hold at one place: a schema, what it refers to, what it is joined with.
#[derive(Debug, Clone)]
pub(crate) struct View<'s> {
    root: &'s Value,
    source: &'s Value,
    pointer: String,
    parts: Vec<Part<'s>>,
    refuses_all: bool,
    without_null: bool,
}

#[derive(Debug, Clone)]
struct Part<'s> {
    pointer: String,
    map: &'s Map<String, Value>,
    /// Alternatives that are looked at elsewhere.
    taken: Vec<&'static str>,
}

impl Part<'_> {
    /// Says nothing of its own about values.
    fn only_refers(&self) -> bool {
        let silent = ["$ref", "description", "title", "default"];
        self.map.keys().all(|key| silent.contains(&key.as_str()) || self.taken.contains(&key.as_str()))
    }
}

/// What becomes of keys that aren't declared.
#[derive(Debug, Clone)]
pub(crate) enum Extra<'s> {
    /// None are written, or none are accepted.
    Refused,
    /// Anything goes.
    Any,
    /// The values of a map.
    Schema(View<'s>),
}

/// One `anyOf` or `oneOf`.
#[derive(Debug, Clone)]
pub(crate) struct Group<'s> {
    pub(crate) pointer: String,
    pub(crate) keyword: &'static str,
    pub(crate) branches: Vec<View<'s>>,
}

impl<'s> View<'s> {
    /// The schema at `pointer` of the document `root`.
    pub(crate) fn of(root: &'s Value, pointer: String, schema: &'s Value) -> Self {
        let mut view = Self {
            root,
            source: schema,
            pointer: pointer.clone(),
            parts: Vec::new(),
            refuses_all: false,
            without_null: false,
        };
        view.absorb(pointer, schema, LONGEST_CHAIN);
        view
    }

    /// A place that takes anything, for keys that the schema doesn't mention.
    pub(crate) fn anything(&self, pointer: String) -> Self {
        Self { pointer, parts: Vec::new(), refuses_all: false, without_null: false, ..self.clone() }
    }

    fn absorb(&mut self, at: String, schema: &'s Value, chain: usize) {
        if chain == 0 || self.parts.len() >= MOST_PARTS || self.parts.iter().any(|part| part.pointer == at) {
            return;
        }
        match schema {
            Value::Bool(accepts) => self.refuses_all |= !accepts,
            Value::Object(map) => self.absorb_object(at, map, chain),
            _ => {}
        }
    }

    fn absorb_object(&mut self, at: String, map: &'s Map<String, Value>, chain: usize) {
        self.parts.push(Part { pointer: at.clone(), map, taken: Vec::new() });
        let target = map.get("$ref").and_then(Value::as_str).and_then(pointer::of_reference);
        if let Some((target, schema)) = target.and_then(|target| Some((target.clone(), self.root.pointer(&target)?))) {
            self.absorb(target, schema, chain - 1);
        }
        for (index, schema) in map.get("allOf").and_then(Value::as_array).into_iter().flatten().enumerate() {
            self.absorb(pointer::join(&pointer::join(&at, "allOf"), &index.to_string()), schema, chain - 1);
        }
    }

    /// Both must hold; the place is that of `other`.
    pub(crate) fn joined(&self, other: &Self) -> Self {
        let mut parts = self.parts.clone();
        parts.extend(
            other.parts.iter().filter(|part| !self.parts.iter().any(|own| own.pointer == part.pointer)).cloned(),
        );
        parts.truncate(MOST_PARTS);
        Self { parts, refuses_all: self.refuses_all || other.refuses_all, ..other.clone() }
    }

    /// The same place when the value isn't null.
    pub(crate) fn non_null(&self) -> Self {
        Self { without_null: true, ..self.clone() }
    }

    /// The same place without its `anyOf` and `oneOf`.
    pub(crate) fn base(&self) -> Self {
        let mut base = self.clone();
        base.parts.iter_mut().for_each(|part| part.taken = vec!["oneOf", "anyOf"]);
        base
    }

    /// The alternatives of one group, each joined with the rest of this place.
    pub(crate) fn chosen(&self, group: &Group<'s>) -> Vec<View<'s>> {
        let mut rest = self.clone();
        let owners = rest.parts.iter_mut().filter(|part| pointer::join(&part.pointer, group.keyword) == group.pointer);
        owners.for_each(|part| part.taken.push(group.keyword));
        group.branches.iter().map(|branch| rest.joined(branch)).collect()
    }

    pub(crate) fn pointer(&self) -> &str {
        &self.pointer
    }

    /// The document, and the schema as it stands there.
    pub(crate) fn source(&self) -> (&'s Value, &'s Value) {
        (self.root, self.source)
    }

    /// Tells places apart by what they say: one that only refers to another is the same place.
    pub(crate) fn identity(&self) -> String {
        let telling = self.parts.iter().filter(|part| !part.only_refers());
        let parts = telling.map(|part| format!("{}{}", part.pointer, part.taken.concat()));
        format!("{}|{}{}", parts.collect::<Vec<_>>().join("|"), self.refuses_all, self.without_null)
    }

    pub(crate) fn refuses_all(&self) -> bool {
        self.refuses_all
    }

    /// The value of `keyword` in each part that has it.
    pub(crate) fn keyword<'v>(&'v self, keyword: &'v str) -> impl Iterator<Item = &'s Value> + 'v {
        self.parts.iter().filter_map(move |part| part.map.get(keyword))
    }

    fn located<'v>(&'v self, keyword: &'v str) -> impl Iterator<Item = (String, &'s Value)> + 'v {
        self.parts.iter().filter_map(move |part| Some((pointer::join(&part.pointer, keyword), part.map.get(keyword)?)))
    }

    /// The JSON types that pass `type`.
    pub(crate) fn types(&self) -> Types {
        if self.refuses_all {
            return Types::NONE;
        }
        let types = self.keyword("type").map(Types::of_keyword).fold(Types::ANY, Types::and);
        if self.without_null { types.without(Types::NULL) } else { types }
    }

    /// `type` is spelled out.
    pub(crate) fn is_typed(&self) -> bool {
        self.keyword("type").next().is_some()
    }

    /// The values of `const` or `enum`, with their places.
    pub(crate) fn constants(&self) -> Option<Vec<(String, &'s Value)>> {
        if let Some((at, value)) = self.parts.iter().find_map(|part| Some((&part.pointer, part.map.get("const")?))) {
            return Some(vec![(at.clone(), value)]);
        }
        let (at, values) = self.located("enum").next()?;
        let values = values.as_array()?.iter().enumerate();
        Some(values.map(|(index, value)| (pointer::join(&at, &index.to_string()), value)).collect())
    }

    /// The declared properties.
    pub(crate) fn properties(&self) -> BTreeMap<&'s str, View<'s>> {
        let mut properties: BTreeMap<&'s str, View<'s>> = BTreeMap::new();
        for (at, declared) in self.located("properties") {
            for (name, schema) in declared.as_object().into_iter().flatten() {
                let view = View::of(self.root, pointer::join(&at, name), schema);
                let view = properties.get(name.as_str()).map_or(view.clone(), |earlier| earlier.joined(&view));
                properties.insert(name, view);
            }
        }
        properties
    }

    /// The keys that must be there.
    pub(crate) fn required(&self) -> BTreeSet<&'s str> {
        self.keyword("required").filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect()
    }

    /// Other names of properties, for a reader.
    pub(crate) fn aliases(&self) -> BTreeMap<&'s str, &'s str> {
        let noted = self.keyword(facts::ALIAS).filter_map(Value::as_object).flatten();
        noted.filter_map(|(alias, name)| Some((alias.as_str(), name.as_str()?))).collect()
    }

    /// Other names of a variant, for a reader.
    pub(crate) fn variant_aliases(&self) -> impl Iterator<Item = &'s str> + '_ {
        self.keyword(facts::ALIAS).filter_map(Value::as_array).flatten().filter_map(Value::as_str)
    }

    /// A variant for every name that no other variant has.
    pub(crate) fn takes_others(&self) -> bool {
        self.keyword(facts::OTHER).next().is_some()
    }

    /// Schemas of keys by regular expression.
    pub(crate) fn patterns(&self) -> BTreeMap<&'s str, View<'s>> {
        let located = self.located("patternProperties");
        let entries = located.filter_map(|(at, patterns)| Some((at, patterns.as_object()?)));
        entries
            .flat_map(|(at, patterns)| patterns.iter().map(move |(name, schema)| (at.clone(), name, schema)))
            .map(|(at, name, schema)| (name.as_str(), View::of(self.root, pointer::join(&at, name), schema)))
            .collect()
    }

    /// What the schema says about undeclared keys; `None` when it says nothing.
    pub(crate) fn extra(&self) -> Option<Extra<'s>> {
        let said: Vec<_> = ["additionalProperties", "unevaluatedProperties"]
            .into_iter()
            .flat_map(|keyword| self.located(keyword).collect::<Vec<_>>())
            .collect();
        if said.iter().any(|(_, schema)| schema.as_bool() == Some(false)) {
            return Some(Extra::Refused);
        }
        let typed = said.iter().find(|(_, schema)| schema.is_object());
        let typed = typed.map(|(at, schema)| Extra::Schema(View::of(self.root, at.clone(), schema)));
        typed.or_else(|| said.first().map(|_| Extra::Any))
    }

    /// Where the schema speaks about undeclared keys.
    pub(crate) fn extra_pointer(&self) -> Option<String> {
        let mut said = self.located("additionalProperties").chain(self.located("unevaluatedProperties"));
        said.next().map(|(at, _)| at)
    }

    /// The leading items of a tuple.
    pub(crate) fn prefix_items(&self) -> Vec<View<'s>> {
        let lists = self.located("prefixItems").chain(self.located("items"));
        let Some((at, items)) = lists.filter_map(|(at, list)| Some((at, list.as_array()?))).next() else {
            return Vec::new();
        };
        let views = items.iter().enumerate();
        views.map(|(index, schema)| View::of(self.root, pointer::join(&at, &index.to_string()), schema)).collect()
    }

    /// The items after the leading ones.
    pub(crate) fn items(&self) -> Option<View<'s>> {
        let mut spelled = self.located("items").chain(self.located("additionalItems"));
        let (at, schema) = spelled.find(|(_, schema)| !schema.is_array())?;
        Some(View::of(self.root, at, schema))
    }

    /// The alternatives of this place, one group per `oneOf` or `anyOf`.
    pub(crate) fn groups(&self) -> Vec<Group<'s>> {
        ["oneOf", "anyOf"].into_iter().flat_map(|keyword| self.groups_of(keyword)).collect()
    }

    fn groups_of(&self, keyword: &'static str) -> Vec<Group<'s>> {
        let parts = self.parts.iter().filter(|part| !part.taken.contains(&keyword));
        let lists = parts.filter_map(|part| Some((part, part.map.get(keyword)?.as_array()?)));
        lists.map(|(part, list)| self.group(keyword, pointer::join(&part.pointer, keyword), list)).collect()
    }

    fn group(&self, keyword: &'static str, pointer: String, list: &'s [Value]) -> Group<'s> {
        let located =
            list.iter().enumerate().map(|(index, schema)| (pointer::join(&pointer, &index.to_string()), schema));
        let branches = located.map(|(at, schema)| View::of(self.root, at, schema)).collect();
        Group { pointer, keyword, branches }
    }

    /// Says something besides its alternatives: a struct that flattens an enum.
    pub(crate) fn has_own_fields(&self) -> bool {
        self.parts.iter().any(|part| part.map.contains_key("properties") || part.map.contains_key("required"))
    }
}
