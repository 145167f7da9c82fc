//! Small values of a schema: what the decoder is tried with.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::rc::Rc;

use serde_json::{Map, Value, json};

use super::bounds::{KEYWORDS, keeps};
use super::document::{Document, Shape, escaped};
use crate::contain::{Options, Semantics, Verdict, contained, integer_range, samples_of_format};

/// How many levels of required parts a sample may need.
const LEVELS: [u32; 6] = [1, 2, 3, 5, 8, 13];

/// The same where all that may be there is there.
const FULL_LEVELS: [u32; 7] = [4, 3, 2, 1, 5, 8, 13];

/// A sample with more leaves than this is none: required parts can double level by level.
const MOST: usize = 2_000;

/// A value, and which of its parts are texts or numbers that some schema describes.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) value: Value,
    /// Where the leaf is within the value, and where its schema is.
    pub(crate) leaves: Vec<(String, String)>,
}

/// Which of an object's declared keys a sample has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fill {
    Required,
    All,
}

/// Makes samples, with the values that were found to be accepted where the smallest are not.
pub(crate) struct Sampler<'a> {
    document: &'a Document<'a>,
    chosen: BTreeMap<String, Value>,
    demanded: BTreeSet<String>,
    /// In place of the smallest: all that may be there, each leaf with the value of this number.
    turn: Option<usize>,
    known: RefCell<HashMap<(String, u32), Option<Sample>>>,
    /// What leaves are tried with.
    pub(super) leaves: RefCell<HashMap<Shape, Rc<[Value]>>>,
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(document: &'a Document<'a>) -> Self {
        let (chosen, demanded) = (BTreeMap::new(), BTreeSet::new());
        Self { document, chosen, demanded, turn: None, known: RefCell::default(), leaves: RefCell::default() }
    }

    /// A sampler with values that are known to be accepted.
    pub(super) fn with(document: &'a Document<'a>, chosen: BTreeMap<String, Value>) -> Self {
        Self { chosen, ..Self::new(document) }
    }

    pub(super) fn document(&self) -> &'a Document<'a> {
        self.document
    }

    /// The values that were chosen so far.
    pub(crate) fn chosen(&self) -> &BTreeMap<String, Value> {
        &self.chosen
    }

    /// The whole, with all that may be there, each leaf with another of its values at each turn.
    pub(super) fn full(&mut self, turn: usize) -> Option<Sample> {
        self.turn = Some(turn);
        self.known.borrow_mut().clear();
        let full = FULL_LEVELS.iter().find_map(|levels| self.of_place("", *levels));
        self.turn = None;
        self.known.borrow_mut().clear();
        full
    }

    /// From now on, samples have this value for the leaf.
    pub(crate) fn choose(&mut self, leaf: &str, value: Value) {
        self.chosen.insert(leaf.to_owned(), value);
        self.known.borrow_mut().clear();
    }

    /// From now on, objects that declare the key have it; tells whether that is new.
    pub(crate) fn demand(&mut self, name: Option<&str>) -> bool {
        self.known.borrow_mut().clear();
        name.is_some_and(|name| self.demanded.insert(name.to_owned()))
    }

    /// The smallest value of the place.
    pub(crate) fn smallest(&self, pointer: &str) -> Option<Sample> {
        LEVELS.iter().find_map(|levels| self.of_place(pointer, *levels))
    }

    /// The smallest value of one shape.
    pub(crate) fn of_shape(&self, shape: &Shape, fill: Fill) -> Option<Sample> {
        LEVELS.iter().find_map(|levels| self.shaped(shape, fill, *levels))
    }

    pub(super) fn of_place(&self, pointer: &str, levels: u32) -> Option<Sample> {
        if levels == 0 {
            return None;
        }
        let key = (pointer.to_owned(), levels);
        if let Some(known) = self.known.borrow().get(&key) {
            return known.clone();
        }
        // What leads back here while it is being made has no end this way.
        self.known.borrow_mut().insert(key.clone(), None);
        let shapes = self.document.shapes(pointer);
        let fill = if self.turn.is_some() { Fill::All } else { Fill::Required };
        let is_null = |shape: &&Shape| self.document.kinds(shape).first() == Some(&"null");
        let is_first = |shape: &&Shape| is_null(shape) != self.turn.is_some();
        let mut ordered = shapes.iter().filter(is_first).chain(shapes.iter().filter(|shape| !is_first(shape)));
        let sample = ordered.find_map(|shape| self.shaped(shape, fill, levels));
        self.known.borrow_mut().insert(key, sample.clone());
        sample
    }

    fn shaped(&self, shape: &Shape, fill: Fill, levels: u32) -> Option<Sample> {
        if shape.parts.iter().any(|part| self.document.at(part) == Some(&Value::Bool(false))) {
            return None;
        }
        if let Some((_, value)) = self.document.said(shape, "const").next() {
            return Some(Sample { value: value.clone(), leaves: Vec::new() });
        }
        if let Some((_, values)) = self.document.said(shape, "enum").next() {
            let values = values.as_array()?;
            let value = values.get(self.turn.unwrap_or(0) % values.len().max(1))?.clone();
            return Some(Sample { value, leaves: Vec::new() });
        }
        let kinds = self.document.kinds(shape);
        let kind = if self.turn.is_some() { kinds.last() } else { kinds.first() };
        match *kind? {
            "object" => self.object(shape, fill, levels),
            "array" => self.array(shape, fill, levels),
            kind => Some(self.leaf(shape, kind)),
        }
    }

    fn object(&self, shape: &Shape, fill: Fill, levels: u32) -> Option<Sample> {
        let required = self.document.required(shape);
        let mut sample = Sample { value: json!({}), leaves: Vec::new() };
        let mut object = Map::new();
        for (name, pointer) in self.document.properties(shape) {
            let wanted = fill == Fill::All || required.contains(name) || self.demanded.contains(name);
            let part = if wanted { self.of_place(&pointer, levels - 1) } else { continue };
            match part {
                Some(part) => drop(object.insert(name.to_owned(), sample.take(&escaped(name), part))),
                None if required.contains(name) || self.demanded.contains(name) => return None,
                None => {}
            }
        }
        if self.turn.is_some()
            && let Some((key, value)) = self.entry(shape, levels)
            && !object.contains_key(&key)
        {
            object.insert(key.clone(), sample.take(&escaped(&key), value));
        }
        sample.value = Value::Object(object);
        (sample.leaves.len() <= MOST).then_some(sample)
    }

    fn array(&self, shape: &Shape, fill: Fill, levels: u32) -> Option<Sample> {
        let mut sample = Sample { value: json!([]), leaves: Vec::new() };
        let mut items = Vec::new();
        if let Some((part, said)) = self.document.said(shape, "prefixItems").next() {
            for at in 0..said.as_array()?.len() {
                let item = self.of_place(&format!("{part}/prefixItems/{at}"), levels - 1)?;
                items.push(sample.take(&at.to_string(), item));
            }
        }
        let least = self.document.said(shape, "minItems").filter_map(|(_, least)| least.as_u64()).max().unwrap_or(0);
        let least = usize::try_from(least).ok().filter(|least| *least <= 64)?;
        let least = if fill == Fill::All && items.is_empty() { least.max(1) } else { least };
        let rest = self.document.said(shape, "items").next().map(|(part, _)| format!("{part}/items"));
        while items.len() < least {
            let item = self.of_place(rest.as_deref()?, levels - 1)?;
            items.push(sample.take(&items.len().to_string(), item));
        }
        sample.value = Value::Array(items);
        Some(sample)
    }

    fn leaf(&self, shape: &Shape, kind: &str) -> Sample {
        let typed = self.document.said(shape, "type").last().map(|(part, _)| part.to_owned());
        let pointer = typed.or_else(|| shape.parts.last().cloned()).unwrap_or_default();
        let others = || self.turn.and_then(|turn| of_turn(&self.leaves(shape), turn));
        let value = others().or_else(|| self.chosen.get(&pointer).cloned()).unwrap_or_else(|| self.plain(shape, kind));
        Sample { value, leaves: vec![(String::new(), pointer)] }
    }

    fn plain(&self, shape: &Shape, kind: &str) -> Value {
        match kind {
            "boolean" => Value::Bool(false),
            "integer" | "number" => self.numbers(shape).into_iter().next().unwrap_or_else(|| json!(0)),
            "string" => self.texts(shape).into_iter().next().or_else(|| self.text(shape)).unwrap_or_else(|| json!("a")),
            _ => Value::Null,
        }
    }

    /// Numbers that the shape allows, the plainest first.
    pub(crate) fn numbers(&self, shape: &Shape) -> Vec<Value> {
        let format = self.document.said(shape, "format").find_map(|(_, format)| integer_range(format.as_str()?));
        let bound = |keyword: &'static str| {
            self.document.said(shape, keyword).filter_map(|(_, bound)| bound.as_number()).next()
        };
        let (low, high) = (bound("minimum"), bound("maximum"));
        let mut all: Vec<Value> = [json!(0), json!(1), json!(-1)].to_vec();
        all.extend([low, high].into_iter().flatten().cloned().map(Value::Number));
        all.extend(format.into_iter().flat_map(|(low, high)| [low, high]).map(Value::Number));
        if self.document.kinds(shape).contains(&"number") {
            all.extend([json!(1.5), json!(-2.25), json!(1e300), json!(-1e300)]);
        }
        distinct(all).into_iter().filter(|value| self.fits(shape, value)).collect()
    }

    /// Texts that the shape allows, the plainest first.
    pub(crate) fn texts(&self, shape: &Shape) -> Vec<Value> {
        let format = self.document.said(shape, "format").find_map(|(_, format)| samples_of_format(format.as_str()?));
        let pattern = self.document.said(shape, "pattern").find_map(|(_, pattern)| pattern.as_str());
        if let (None, Some(pattern)) = (format, pattern) {
            return matching(pattern).into_iter().collect();
        }
        let plain = ["a", "", "0", "é", "A b", &"a".repeat(65)].map(str::to_owned);
        let texts =
            format.map_or_else(|| plain.to_vec(), |samples| samples.iter().map(|text| (*text).to_owned()).collect());
        let mut texts: Vec<Value> = texts.into_iter().map(Value::String).collect();
        texts.retain(|value| self.fits(shape, value));
        texts
    }

    /// Whether a number or a text keeps to the bounds that the parts give.
    pub(super) fn fits(&self, shape: &Shape, value: &Value) -> bool {
        let bounded =
            |keyword: &'static str| self.document.said(shape, keyword).all(|(_, said)| keeps(value, keyword, said));
        let format = self.document.said(shape, "format").find_map(|(_, format)| integer_range(format.as_str()?));
        let within = format.is_none_or(|(low, high)| {
            let (low, high) = (Value::Number(low), Value::Number(high));
            keeps(value, "minimum", &low) && keeps(value, "maximum", &high)
        });
        within && KEYWORDS.into_iter().all(bounded)
    }
}

impl Sample {
    /// Takes a part in, which is at `token` from now on; yields the part's value.
    fn take(&mut self, token: &str, part: Sample) -> Value {
        self.leaves.extend(part.leaves.into_iter().map(|(path, leaf)| (format!("/{token}{path}"), leaf)));
        part.value
    }
}

/// The value whose turn it is.
fn of_turn(values: &[Value], turn: usize) -> Option<Value> {
    values.get(turn % values.len().max(1)).cloned()
}

/// Each value once, where it came first.
pub(crate) fn distinct(values: Vec<Value>) -> Vec<Value> {
    let mut once: Vec<Value> = Vec::new();
    for value in values {
        if !once.contains(&value) {
            once.push(value);
        }
    }
    once
}

/// A text that matches a pattern: the counterexample to there being none.
fn matching(pattern: &str) -> Option<Value> {
    let schema = json!({ "type": "string", "pattern": pattern, "minLength": 1 });
    match contained(&schema, &Value::Bool(false), &Options::new(Semantics::Validation)) {
        Verdict::Breaking { counterexample } => Some(counterexample),
        _ => None,
    }
}
