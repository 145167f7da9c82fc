//! What a place of a schema can look like: references followed, one branch chosen of each union.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::{Map, Value};

/// References and unions that nest deeper than this within one value aren't followed.
const DEEPEST: usize = 12;
/// More combinations of branches than this aren't tried one by one.
const MOST: usize = 48;
/// The types of JSON Schema, those first that make the smallest samples.
pub(crate) const KINDS: [&str; 7] = ["null", "boolean", "string", "integer", "number", "array", "object"];

/// A schema as schemars emits it.
pub(crate) struct Document<'a> {
    root: &'a Value,
    /// The shapes of the places that were asked for.
    known: RefCell<HashMap<String, Rc<[Shape]>>>,
}

/// Schemas that describe one value together, by their pointers, and the branches that were chosen to get there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Shape {
    pub(crate) parts: Vec<String>,
    pub(crate) branches: Vec<(String, usize)>,
    /// The types that are looked at, of those that the parts allow; all of them when empty.
    only: Vec<&'static str>,
}

/// A name as a token of an RFC 6901 pointer.
pub(crate) fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

impl<'a> Document<'a> {
    pub(crate) fn new(root: &'a Value) -> Self {
        Self { root, known: RefCell::default() }
    }

    pub(crate) fn at(&self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer)
    }

    fn object(&self, pointer: &str) -> Option<&'a Map<String, Value>> {
        self.at(pointer).and_then(Value::as_object)
    }

    /// Where a schema that is nothing but a reference leads.
    pub(crate) fn canonical(&self, pointer: &str) -> String {
        let mut at = pointer.to_owned();
        for _ in 0..DEEPEST {
            let bare = |object: &&Map<String, Value>| {
                object.keys().all(|key| matches!(key.as_str(), "$ref" | "title" | "description" | "default"))
            };
            let Some(target) = self.object(&at).filter(bare).and_then(target) else { break };
            at = target;
        }
        at
    }

    /// Everything that a value at the place can look like.
    pub(crate) fn shapes(&self, pointer: &str) -> Rc<[Shape]> {
        if let Some(known) = self.known.borrow().get(pointer) {
            return Rc::clone(known);
        }
        let shapes: Rc<[Shape]> = self.expand(pointer, 0).into_iter().flat_map(|shape| self.by_kind(shape)).collect();
        self.known.borrow_mut().insert(pointer.to_owned(), Rc::clone(&shapes));
        shapes
    }

    /// A list or an object stands apart from what else the value may be.
    fn by_kind(&self, shape: Shape) -> Vec<Shape> {
        let kinds = self.kinds(&shape);
        if kinds.len() < 2 || kinds.len() == KINDS.len() {
            return vec![shape];
        }
        let (whole, plain): (Vec<&str>, Vec<&str>) =
            kinds.into_iter().partition(|kind| matches!(*kind, "array" | "object"));
        let apart = whole.into_iter().map(|kind| vec![kind]).chain([plain]).filter(|only| !only.is_empty());
        apart.map(|only| Shape { only, ..shape.clone() }).collect()
    }

    fn expand(&self, pointer: &str, depth: usize) -> Vec<Shape> {
        let itself = vec![Shape { parts: vec![pointer.to_owned()], ..Shape::default() }];
        let Some(object) = self.object(pointer) else { return itself };
        if depth > DEEPEST {
            return Vec::new();
        }
        let mut shapes = itself;
        if let Some(target) = target(object) {
            shapes = combined(&shapes, &self.expand(&target, depth + 1));
        }
        for (at, _) in list(object, "allOf").enumerate() {
            shapes = combined(&shapes, &self.expand(&format!("{pointer}/allOf/{at}"), depth + 1));
        }
        for union in ["oneOf", "anyOf"] {
            if object.contains_key(union) {
                shapes = combined(&shapes, &self.branches(object, &format!("{pointer}/{union}"), union, depth));
            }
        }
        shapes
    }

    fn branches(&self, object: &Map<String, Value>, union: &str, keyword: &str, depth: usize) -> Vec<Shape> {
        let mut all = Vec::new();
        for (at, _) in list(object, keyword).enumerate() {
            for mut shape in self.expand(&format!("{union}/{at}"), depth + 1) {
                shape.branches.push((union.to_owned(), at));
                all.push(shape);
            }
        }
        all
    }

    /// What the parts say under a keyword, each with the part's pointer.
    pub(crate) fn said<'s>(&'s self, shape: &'s Shape, keyword: &'s str) -> impl Iterator<Item = (&'s str, &'a Value)> {
        shape.parts.iter().filter_map(move |part| Some((part.as_str(), self.object(part)?.get(keyword)?)))
    }

    /// The types that a value of the shape can have; all of them when nothing is said.
    pub(crate) fn kinds(&self, shape: &Shape) -> Vec<&'static str> {
        let mut kinds: Vec<&'static str> = KINDS.to_vec();
        for (_, said) in self.said(shape, "type") {
            let named =
                |kind: &str| said == kind || said.as_array().is_some_and(|all| all.iter().any(|one| one == kind));
            kinds.retain(|kind| named(kind));
        }
        if kinds.len() == KINDS.len() {
            let speaks_of =
                |keywords: &[&str]| keywords.iter().any(|keyword| self.said(shape, keyword).next().is_some());
            if speaks_of(&["properties", "required", "additionalProperties", "patternProperties"]) {
                kinds.retain(|kind| *kind == "object");
            } else if speaks_of(&["prefixItems", "items"]) {
                kinds.retain(|kind| *kind == "array");
            }
        }
        for (_, said) in
            self.said(shape, "not").filter(|(_, said)| said.as_object().is_some_and(|said| said.len() == 1))
        {
            kinds.retain(|kind| said.get("type").is_none_or(|excluded| excluded != *kind));
        }
        kinds.retain(|kind| shape.only.is_empty() || shape.only.contains(kind));
        kinds
    }

    /// The declared keys of an object, each with where its schema is.
    pub(crate) fn properties(&self, shape: &Shape) -> BTreeMap<&'a str, String> {
        let mut properties: BTreeMap<&str, String> = BTreeMap::new();
        for (part, said) in self.said(shape, "properties") {
            for (name, schema) in said.as_object().into_iter().flatten() {
                let pointer = format!("{part}/properties/{}", escaped(name));
                if schema.get("const").is_some() || !properties.contains_key(name.as_str()) {
                    properties.insert(name, pointer);
                }
            }
        }
        properties
    }

    pub(crate) fn required(&self, shape: &Shape) -> BTreeSet<&'a str> {
        let said = self.said(shape, "required").filter_map(|(_, names)| names.as_array());
        said.flatten().filter_map(Value::as_str).collect()
    }

    /// Where the values of a map are described, and the part that says so.
    pub(crate) fn map_values(&self, shape: &Shape) -> Option<(String, String)> {
        let mut patterns = self.said(shape, "patternProperties");
        if let Some((part, said)) = patterns.next() {
            let (pattern, _) = said.as_object()?.iter().next()?;
            return Some((format!("{part}/patternProperties/{}", escaped(pattern)), part.to_owned()));
        }
        let mut open = self.said(shape, "additionalProperties").filter(|(_, said)| **said != Value::Bool(false));
        open.next().map(|(part, _)| (format!("{part}/additionalProperties"), part.to_owned()))
    }
}

/// Where a `$ref` inside of the document leads.
fn target(object: &Map<String, Value>) -> Option<String> {
    let reference = object.get("$ref")?.as_str()?;
    reference.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/')).map(str::to_owned)
}

fn list<'a>(object: &'a Map<String, Value>, keyword: &str) -> impl Iterator<Item = &'a Value> {
    object.get(keyword).and_then(Value::as_array).into_iter().flatten()
}

/// Each with each; where that is too many, each branch once.
fn combined(before: &[Shape], after: &[Shape]) -> Vec<Shape> {
    let both = |a: &Shape, b: &Shape| Shape {
        parts: a.parts.iter().chain(&b.parts).cloned().collect(),
        branches: a.branches.iter().chain(&b.branches).cloned().collect(),
        only: Vec::new(),
    };
    if before.len() * after.len() <= MOST {
        return before.iter().flat_map(|a| after.iter().map(move |b| both(a, b))).collect();
    }
    let (Some(a), Some(b)) = (before.first(), after.first()) else { return Vec::new() };
    let varied = after.iter().map(|b| both(a, b));
    varied.chain(before.iter().skip(1).map(|a| both(a, b))).collect()
}
