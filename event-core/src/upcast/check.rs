//! What a step and a twin must be, checked by the compiler: the panic of a constant is its message.

use super::chain::{Older, same_type};

/// What the derive knows of an event that has an older version.
#[derive(Debug, Clone, Copy)]
pub struct Newer {
    /// The Rust item.
    ident: &'static str,
    /// The older version as it was named.
    older: &'static str,
    /// The version.
    event_version: u32,
    /// The wire type.
    event_type: &'static str,
    /// The wire type of the older version, if that is another.
    was: &'static str,
}

/// What the derive writes.
#[must_use]
pub const fn newer(
    ident: &'static str,
    older: &'static str,
    event_version: u32,
    event_type: &'static str,
    was: &'static str,
) -> Newer {
    Newer { ident, older, event_version, event_type, was }
}

impl<E> Older<E> {
    /// Whether it is the version below `newer`, and of its type. A renamed type may also begin with version 1.
    ///
    /// # Panics
    /// When it isn't: in a constant this is an error of the compiler, at the place of the call.
    #[track_caller]
    pub const fn check_step(&self, newer: Newer) {
        if self.is_broken() {
            return;
        }
        let (renamed, version) = (!newer.was.is_empty(), newer.event_version);
        let begins = renamed && version == 1;
        if self.event_version != version - 1 && !begins {
            self.gap(newer);
        }
        match renamed {
            true if !same_type(self.event_type, newer.was) => self.was_another(newer),
            false if !same_type(self.event_type, newer.event_type) => self.other_type(newer),
            _ => {}
        }
    }

    /// Whether it can be written beside `newer`: an older version of its type.
    ///
    /// # Panics
    /// When it can't: in a constant this is an error of the compiler, at the place of the call.
    #[track_caller]
    pub const fn check_twin(&self, newer: Newer) {
        let older = self.event_version < newer.event_version && same_type(self.event_type, newer.event_type);
        if self.is_broken() || older && !self.foreign {
            return;
        }
        if older {
            Text::new()
                .text("`also` names `")
                .text(newer.older)
                .text("`, which is foreign: only its owner publishes it")
                .panic();
        }
        Text::new()
            .text("`also` names an older version of `")
            .text(newer.event_type)
            .text("`, and `")
            .text(newer.older)
            .text("` is `")
            .text(self.event_type)
            .text("` version ")
            .number(self.event_version)
            .panic();
    }

    #[track_caller]
    const fn gap(&self, newer: Newer) {
        let before = newer.event_version - 1;
        Text::new()
            .text("gap between versions: `")
            .text(newer.ident)
            .text("` is version ")
            .number(newer.event_version)
            .text(" and `")
            .text(newer.older)
            .text("` is version ")
            .number(self.event_version)
            .text("; write `from` with version ")
            .number(before)
            .panic();
    }

    #[track_caller]
    const fn was_another(&self, newer: Newer) {
        Text::new()
            .text("`")
            .text(newer.older)
            .text("` is not of the event type `")
            .text(newer.was)
            .text("`; write `was = \"")
            .text(self.event_type)
            .text("\"`")
            .panic();
    }

    #[track_caller]
    const fn other_type(&self, newer: Newer) {
        Text::new()
            .text("`")
            .text(newer.ident)
            .text("` is `")
            .text(newer.event_type)
            .text("` and `")
            .text(newer.older)
            .text("` is `")
            .text(self.event_type)
            .text("`; if the type was renamed, add `was = \"")
            .text(self.event_type)
            .text("\"`")
            .panic();
    }

    /// A version which the derive refused has version 0: its own message is enough, so every check of it holds.
    const fn is_broken(&self) -> bool {
        self.event_version == 0
    }
}

/// A message that is put together by the compiler; what is beyond its length is cut off.
struct Text {
    bytes: [u8; 1024],
    length: usize,
}

#[allow(clippy::indexing_slicing, reason = "the index is below the length; const fn has no iterator")]
impl Text {
    const fn new() -> Self {
        Self { bytes: [0; 1024], length: 0 }
    }

    const fn text(mut self, text: &str) -> Self {
        let text = text.as_bytes();
        let mut at = 0;
        while at < text.len() && self.length < self.bytes.len() {
            self.bytes[self.length] = text[at];
            self.length += 1;
            at += 1;
        }
        self
    }

    const fn number(mut self, number: u32) -> Self {
        if number > 9 {
            self = self.number(number / 10);
        }
        let digit = b'0' + (number % 10) as u8;
        if self.length < self.bytes.len() {
            self.bytes[self.length] = digit;
            self.length += 1;
        }
        self
    }

    #[track_caller]
    #[allow(clippy::panic, reason = "in a constant a panic is the only message that the compiler prints")]
    const fn panic(&self) -> ! {
        match core::str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => panic!("{}", text),
            Err(_) => panic!("a version is not what an event says of it"),
        }
    }
}
