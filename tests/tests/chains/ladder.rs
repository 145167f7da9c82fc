//! A chain of versions beside the one that the derive makes: plain functions, taken one by one.

use std::any::Any;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::error::Error;
use std::fmt::Debug;
use std::marker::PhantomData;

use event_core::{DomainEvent, ReadError, read, shapes};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

/// A value of a version whose type only its own steps know.
type Held = Box<dyn Any>;
type Step = Box<dyn Fn(Held) -> Result<Held, String>>;
/// A wire type and a version.
type Name = (&'static str, u32);

enum Place {
    /// The oldest version that has a type.
    Bottom,
    /// The step comes from the version below.
    Above(Step),
    /// The version has no type any more; the step leads to the bottom.
    Gone(Step),
}

/// One version of a chain.
pub(crate) struct Rung {
    name: Name,
    texts: BoxedStrategy<String>,
    decode: fn(&str) -> Result<Held, String>,
    place: Place,
    refuses: bool,
}

impl Rung {
    pub(crate) fn bottom<V>(name: Name, values: impl Strategy<Value = V> + 'static) -> Self
    where
        V: Serialize + DeserializeOwned + Debug + 'static,
    {
        let texts = values.prop_map(|value| serde_json::to_string(&value).unwrap()).boxed();
        Self { name, texts, decode: decoded::<V>, place: Place::Bottom, refuses: false }
    }

    pub(crate) fn above<O, V>(
        name: Name,
        values: impl Strategy<Value = V> + 'static,
        step: impl Fn(O) -> Result<V, String> + 'static,
    ) -> Self
    where
        O: 'static,
        V: Serialize + DeserializeOwned + Debug + 'static,
    {
        Self { place: Place::Above(held(step)), ..Self::bottom(name, values) }
    }

    pub(crate) fn gone<V, B>(
        name: Name,
        values: impl Strategy<Value = V> + 'static,
        step: impl Fn(V) -> Result<B, String> + 'static,
    ) -> Self
    where
        V: Serialize + DeserializeOwned + Debug + 'static,
        B: 'static,
    {
        Self { place: Place::Gone(held(step)), ..Self::bottom(name, values) }
    }

    /// The step refuses some values and takes others.
    pub(crate) fn refuses(self) -> Self {
        Self { refuses: true, ..self }
    }
}

fn held<O: 'static, V: 'static>(step: impl Fn(O) -> Result<V, String> + 'static) -> Step {
    Box::new(move |old| Ok(Box::new(step(*old.downcast().expect("each step follows the one below"))?)))
}

fn decoded<V: Serialize + DeserializeOwned + 'static>(text: &str) -> Result<Held, String> {
    let value: V = serde_json::from_str(text).map_err(|error| format!("{error} in {text}"))?;
    let again = serde_json::to_string(&value).map_err(|error| error.to_string())?;
    if again == text { Ok(Box::new(value)) } else { Err(format!("{text} comes back as {again}")) }
}

/// Who refused an event, and why.
#[derive(Debug, PartialEq)]
struct Refusal {
    by: (String, u32),
    why: String,
}

/// All versions of an event, the oldest first.
pub(crate) struct Ladder<N> {
    rungs: Vec<Rung>,
    newest: PhantomData<N>,
    taken: RefCell<BTreeSet<Name>>,
    refused: RefCell<BTreeSet<Name>>,
}

impl<N: DomainEvent + Debug + PartialEq + 'static> Ladder<N> {
    pub(crate) fn new(rungs: impl IntoIterator<Item = Rung>) -> Self {
        let rungs = rungs.into_iter().collect();
        Self { rungs, newest: PhantomData, taken: RefCell::default(), refused: RefCell::default() }
    }

    /// Whatever is stored reads as by the steps one by one, or is refused by the same step in the same words.
    pub(crate) fn holds(&self) {
        for start in 0..self.rungs.len() {
            let texts = &self.rungs.get(start).unwrap().texts;
            let config = Config { cases: 100, failure_persistence: None, ..Config::default() };
            let found = TestRunner::new(config).run(texts, |text| self.agrees(start, &text));
            found.unwrap_or_else(|error| panic!("{error}"));
        }
        let all = self.rungs.iter().map(|rung| rung.name).collect();
        assert_eq!(self.taken.take(), all, "every version has events that reach the newest");
        let refusing = self.rungs.iter().filter(|rung| rung.refuses).map(|rung| self.target(rung).name).collect();
        assert_eq!(self.refused.take(), refusing, "each step that may refuse does, and no other one");
    }

    /// The chain has these versions and no others.
    pub(crate) fn is_whole(&self) {
        let listed: Vec<_> = shapes::<N>().iter().map(|shape| (shape.event_type, shape.event_version)).collect();
        let names: Vec<_> = self.rungs.iter().rev().map(|rung| rung.name).collect();
        assert_eq!(listed, names);
        let types = names.iter().map(|name| name.0).chain(["never.happened"]);
        let beside = names.iter().flat_map(|name| [name.1 - 1, name.1, name.1 + 1]).chain([0, u32::MAX]);
        for (event_type, version) in types.flat_map(|name| beside.clone().map(move |version| (name, version))) {
            let data = RawValue::from_string("null".to_owned()).unwrap();
            let error = read::<N>(event_type, version, &data).err();
            let unknown = matches!(
                &error,
                Some(ReadError::UnknownVersion { event_type: name, event_version })
                    if name == event_type && *event_version == version
            );
            assert_eq!(unknown, !names.contains(&(event_type, version)), "{event_type} {version}: {error:?}");
        }
    }

    fn agrees(&self, start: usize, text: &str) -> Result<(), TestCaseError> {
        let rung = self.rungs.get(start).unwrap();
        let value = (rung.decode)(text).map_err(TestCaseError::fail)?;
        let expected = self.climbed(start, value);
        let found = as_read::<N>(rung.name, text)?;
        if expected.is_ok() {
            self.taken.borrow_mut().insert(rung.name);
        }
        prop_assert_eq!(found, expected, "from {:?}", rung.name);
        Ok(())
    }

    fn climbed(&self, start: usize, value: Held) -> Result<N, Refusal> {
        let bottom = self.rungs.iter().position(|rung| matches!(rung.place, Place::Bottom)).unwrap();
        let rung = self.rungs.get(start).unwrap();
        let (mut value, from) = match &rung.place {
            Place::Gone(step) => (self.stepped(rung, step, value)?, bottom),
            _ => (value, start),
        };
        for above in self.rungs.iter().skip(from + 1) {
            let Place::Above(step) = &above.place else { panic!("the bottom is below {:?}", above.name) };
            value = self.stepped(above, step, value)?;
        }
        Ok(*value.downcast().expect("the last step leads to the newest"))
    }

    fn stepped(&self, rung: &Rung, step: &Step, value: Held) -> Result<Held, Refusal> {
        let (event_type, version) = self.target(rung).name;
        step(value).map_err(|why| {
            self.refused.borrow_mut().insert((event_type, version));
            Refusal { by: (event_type.to_owned(), version), why }
        })
    }

    /// Where the step of a version leads to.
    fn target<'l>(&'l self, rung: &'l Rung) -> &'l Rung {
        let bottom = || self.rungs.iter().find(|rung| matches!(rung.place, Place::Bottom)).unwrap();
        if matches!(rung.place, Place::Gone(_)) { bottom() } else { rung }
    }
}

fn as_read<N: DomainEvent>((event_type, version): Name, text: &str) -> Result<Result<N, Refusal>, TestCaseError> {
    let data = RawValue::from_string(text.to_owned()).unwrap();
    match read::<N>(event_type, version, &data) {
        Ok(event) => Ok(Ok(event)),
        Err(ReadError::Upcast { event_type, to_version, source }) => {
            Ok(Err(Refusal { by: (event_type, to_version), why: source.to_string() }))
        }
        Err(other) => Err(TestCaseError::fail(format!("{other}: {:?} in {text}", other.source()))),
    }
}
