//! What a keyword says about a value, as a formula that can be turned around.

use std::rc::Rc;

use serde_json::Value;

use super::number::Rat;

/// The kinds of values, one bit each.
pub(super) mod kind {
    pub(crate) const NULL: u8 = 1;
    pub(crate) const FALSE: u8 = 2;
    pub(crate) const TRUE: u8 = 4;
    pub(crate) const NUMBER: u8 = 8;
    pub(crate) const TEXT: u8 = 16;
    pub(crate) const LIST: u8 = 32;
    pub(crate) const OBJECT: u8 = 64;
    pub(crate) const ALL: u8 = 127;

    /// The kind of a value.
    pub(crate) fn of(value: &serde_json::Value) -> u8 {
        match value {
            serde_json::Value::Null => NULL,
            serde_json::Value::Bool(false) => FALSE,
            serde_json::Value::Bool(true) => TRUE,
            serde_json::Value::Number(_) => NUMBER,
            serde_json::Value::String(_) => TEXT,
            serde_json::Value::Array(_) => LIST,
            serde_json::Value::Object(_) => OBJECT,
        }
    }
}

/// A schema in one of the two documents.
#[derive(Debug, Clone, Copy)]
pub(super) struct Node<'a> {
    pub(super) schema: &'a Value,
    pub(super) document: usize,
}

/// What a literal is about.
#[derive(Debug, Clone, Copy)]
pub(super) enum What<'a> {
    Node(Node<'a>),
    Const(&'a Value),
    /// A value that the solver made, by its number.
    Made(usize),
}

/// A schema or a constant that holds of a value, or doesn't.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lit<'a> {
    pub(super) what: What<'a>,
    pub(super) yes: bool,
    /// Whether what it evaluates counts for `unevaluated…` of the schema that it stands in.
    pub(super) in_place: bool,
}

/// A literal's identity.
pub(super) type Key = (usize, usize, bool);

impl<'a> Lit<'a> {
    pub(super) fn node(schema: &'a Value, document: usize) -> Self {
        Self { what: What::Node(Node { schema, document }), yes: true, in_place: false }
    }

    pub(super) fn in_place(schema: &'a Value, document: usize) -> Self {
        Self { in_place: true, ..Self::node(schema, document) }
    }

    pub(super) fn constant(value: &'a Value) -> Self {
        Self { what: What::Const(value), yes: true, in_place: false }
    }

    pub(super) fn made(number: usize) -> Self {
        Self { what: What::Made(number), yes: true, in_place: false }
    }

    pub(super) fn not(self) -> Self {
        Self { yes: !self.yes, ..self }
    }

    pub(super) fn key(&self) -> Key {
        match self.what {
            What::Node(node) => (std::ptr::from_ref(node.schema).addr(), node.document, self.yes),
            What::Const(value) => (std::ptr::from_ref(value).addr(), 2, self.yes),
            What::Made(number) => (number, 3, self.yes),
        }
    }
}

/// A set of keys of an object.
#[derive(Debug, Clone)]
pub(super) enum Keys {
    Name(Rc<str>),
    Pattern(Rc<str>),
    /// All keys but these names and those that match these patterns.
    Rest(Rc<Rest>),
}

/// What the keys of [`Keys::Rest`] are not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Rest {
    pub(super) names: Vec<Rc<str>>,
    pub(super) patterns: Vec<Rc<str>>,
}

/// One thing said about a value.
#[derive(Debug, Clone)]
pub(super) enum Atom<'a> {
    Lit(Lit<'a>),
    /// At least; `true`: more than.
    Above(Rat, bool),
    /// At most; `true`: less than.
    Below(Rat, bool),
    Number(Rat, bool),
    Integral(bool),
    /// Spelled without a fraction.
    Spelled(bool),
    Multiple(Rat, bool),
    MinLength(u64),
    MaxLength(u64),
    Pattern(Rc<str>, bool),
    Format(Rc<str>, bool),
    Text(Rc<str>, bool),
    MinItems(u64),
    MaxItems(u64),
    Unique(bool),
    /// Each item from the first position up to, but not, the second.
    EachItem(u64, u64, Lit<'a>),
    SomeItem(u64, u64, Lit<'a>),
    AtLeast(Lit<'a>, u64),
    AtMost(Lit<'a>, u64),
    Has(Rc<str>, bool),
    MinProperties(u64),
    MaxProperties(u64),
    Each(Keys, Lit<'a>),
    Some(Keys, Lit<'a>),
    EachName(Lit<'a>),
    SomeName(Lit<'a>),
    /// What we can't compute with, by its text.
    Opaque(Rc<str>, bool),
}

/// A formula over one value.
#[derive(Debug, Clone)]
pub(super) enum F<'a> {
    True,
    False,
    Atom(Atom<'a>),
    And(Vec<F<'a>>),
    Or(Vec<F<'a>>),
    /// `anyOf`: where `unevaluated…` looks on, each branch must be decided.
    Any(Vec<Lit<'a>>),
    /// `oneOf`: exactly one holds, or (turned around) none or several do.
    One(Rc<[Lit<'a>]>, bool),
    Unevaluated(Rc<Unevaluated<'a>>),
}

/// `inner` holds, and of what it leaves unevaluated, each (or some) child fulfils `lit`.
#[derive(Debug, Clone)]
pub(super) struct Unevaluated<'a> {
    pub(super) inner: F<'a>,
    pub(super) lit: Lit<'a>,
    pub(super) each: bool,
}

impl<'a> F<'a> {
    pub(super) fn lit(lit: Lit<'a>) -> Self {
        Self::Atom(Atom::Lit(lit))
    }

    /// The formula that holds where this one doesn't.
    pub(super) fn not(&self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Atom(atom) => atom.not(),
            Self::And(all) => Self::Or(all.iter().map(F::not).collect()),
            Self::Or(any) => Self::And(any.iter().map(F::not).collect()),
            Self::Any(lits) => Self::And(lits.iter().map(|lit| F::lit(lit.not())).collect()),
            Self::One(lits, yes) => Self::One(lits.clone(), !yes),
            Self::Unevaluated(it) => Self::Or(vec![
                it.inner.not(),
                Self::Unevaluated(Rc::new(Unevaluated { inner: it.inner.clone(), lit: it.lit.not(), each: !it.each })),
            ]),
        }
    }
}

impl<'a> Atom<'a> {
    fn not(&self) -> F<'a> {
        F::Atom(match self {
            Self::Lit(lit) => Self::Lit(lit.not()),
            Self::Above(bound, strict) => Self::Below(bound.clone(), !strict),
            Self::Below(bound, strict) => Self::Above(bound.clone(), !strict),
            Self::Number(number, yes) => Self::Number(number.clone(), !yes),
            Self::Integral(yes) => Self::Integral(!yes),
            Self::Spelled(yes) => Self::Spelled(!yes),
            Self::Multiple(of, yes) => Self::Multiple(of.clone(), !yes),
            Self::MinLength(0) | Self::MinItems(0) | Self::MinProperties(0) | Self::AtLeast(_, 0) => return F::False,
            Self::MinLength(least) => Self::MaxLength(least - 1),
            Self::MaxLength(most) => Self::MinLength(most.saturating_add(1)),
            Self::Pattern(pattern, yes) => Self::Pattern(pattern.clone(), !yes),
            Self::Format(format, yes) => Self::Format(format.clone(), !yes),
            Self::Text(text, yes) => Self::Text(text.clone(), !yes),
            Self::MinItems(least) => Self::MaxItems(least - 1),
            Self::MaxItems(most) => Self::MinItems(most.saturating_add(1)),
            Self::Unique(yes) => Self::Unique(!yes),
            Self::EachItem(from, to, lit) => Self::SomeItem(*from, *to, lit.not()),
            Self::SomeItem(from, to, lit) => Self::EachItem(*from, *to, lit.not()),
            Self::AtLeast(lit, least) => Self::AtMost(*lit, least - 1),
            Self::AtMost(lit, most) => Self::AtLeast(*lit, most.saturating_add(1)),
            Self::Has(name, yes) => Self::Has(name.clone(), !yes),
            Self::MinProperties(least) => Self::MaxProperties(least - 1),
            Self::MaxProperties(most) => Self::MinProperties(most.saturating_add(1)),
            Self::Each(keys, lit) => Self::Some(keys.clone(), lit.not()),
            Self::Some(keys, lit) => Self::Each(keys.clone(), lit.not()),
            Self::EachName(lit) => Self::SomeName(lit.not()),
            Self::SomeName(lit) => Self::EachName(lit.not()),
            Self::Opaque(what, yes) => Self::Opaque(what.clone(), !yes),
        })
    }
}
