//! Where in an event something went wrong. Every value that a failure passes on its way out adds its step, so that
//! success costs nothing.

use std::borrow::Cow;
use std::cell::RefCell;
use std::fmt::Write as _;

/// The steps from the failure outwards.
#[derive(Debug, Default)]
pub(super) struct Place {
    steps: RefCell<Vec<Step>>,
}

/// From a value to one within it.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A field, a variant or a key of a map.
    Name(Cow<'static, str>),
    /// An item of a list, counted from 0.
    Item(usize),
}

impl Place {
    /// Adds a step.
    pub(super) fn passed(&self, step: Step) {
        self.steps.borrow_mut().push(step);
    }

    /// Forgets a failure that somebody caught.
    pub(super) fn begin(&self) {
        self.steps.borrow_mut().clear();
    }

    /// The steps inwards, as one would write them in Rust.
    pub(super) fn text(&self) -> String {
        self.steps.borrow().iter().rev().fold(String::new(), |mut text, step| {
            let dot = if text.is_empty() { "" } else { "." };
            let written = match step {
                Step::Name(name) if is_word(name) => write!(text, "{dot}{name}"),
                Step::Name(name) => write!(text, "[{name:?}]"),
                Step::Item(at) => write!(text, "[{at}]"),
            };
            written.expect("a text takes what is written");
            text
        })
    }
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
}
