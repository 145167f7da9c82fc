//! What is wrong with what a service says of a set: texts that the compiler shows.

use super::text::Text;
use super::{EventSet, Handled, Named};

/// What a service says of a set.
#[derive(Debug)]
pub struct Answers {
    /// The set.
    pub set: EventSet,
    /// What each of its consumers handles.
    pub handled: &'static [&'static [Handled]],
    /// What it ignores.
    pub ignored: &'static [Named],
}

/// What can be wrong with it.
#[derive(Debug, Clone, Copy)]
pub enum Complaint {
    /// Events are neither handled nor ignored.
    Unanswered,
    /// Events are ignored, and handled all the same.
    Handled,
    /// Events are ignored that aren't in the set.
    Stray,
}

impl Answers {
    /// The text of a complaint; empty when there is no reason for it.
    #[must_use]
    pub const fn text<const N: usize>(&self, complaint: Complaint) -> Text<N> {
        let mut text = Text::new();
        let Some((first, wrong)) = self.push_events(&mut text, complaint) else { return text };
        let [is, it] = if wrong == 1 { ["is", "it"] } else { ["are", "them"] };
        match complaint {
            Complaint::Unanswered => {
                text.push_all(&[" of `", self.set.name, "` ", is, " neither handled nor ignored; handle ", it]);
                text.push_all(&[
                    " by a method, `#[on] async fn name(&self, event: ",
                    first.rust,
                    ") -> HandlerResult`",
                ]);
                text.push_all(&[", or write `ignores "]);
                self.push_ignored(&mut text);
                text.push_all(&["`"]);
            }
            Complaint::Handled => {
                text.push_all(&[" ", is, " ignored, but a consumer handles ", it, "; take ", it, " out of `ignores`"]);
            }
            Complaint::Stray => {
                text.push_all(&[" ", is, " ignored, but not in `", self.set.name, "`; take ", it, " out of `ignores`"]);
            }
        }
        text
    }

    /// Each event that is wrong, as Rust and as the wire call it; the first one, and how many they are.
    const fn push_events<const N: usize>(&self, text: &mut Text<N>, complaint: Complaint) -> Option<(&Named, usize)> {
        let (mut first, mut wrong, mut rest) = (None, 0, self.events(complaint));
        while let [event, next @ ..] = rest {
            if self.is_wrong(event, complaint) {
                text.push_all(&[if wrong == 0 { "`" } else { ", `" }, event.rust, "` (`"]);
                text.push_all(&[event.handled.event_type(), "`)"]);
                (first, wrong) = (if wrong == 0 { Some(event) } else { first }, wrong + 1);
            }
            rest = next;
        }
        match first {
            Some(first) => Some((first, wrong)),
            None => None,
        }
    }

    /// The whole list that ignores what isn't handled: what is rightly ignored already, and what is unanswered.
    const fn push_ignored<const N: usize>(&self, text: &mut Text<N>) {
        let (mut separator, mut rest) = ("", self.ignored);
        while let [event, next @ ..] = rest {
            if self.is_rightly_ignored(event) {
                text.push_all(&[separator, event.rust]);
                separator = ", ";
            }
            rest = next;
        }
        rest = self.set.events;
        while let [event, next @ ..] = rest {
            if self.is_wrong(event, Complaint::Unanswered) {
                text.push_all(&[separator, event.rust]);
                separator = ", ";
            }
            rest = next;
        }
    }

    const fn is_rightly_ignored(&self, event: &Named) -> bool {
        !self.is_wrong(event, Complaint::Handled) && !self.is_wrong(event, Complaint::Stray)
    }

    const fn events(&self, complaint: Complaint) -> &[Named] {
        match complaint {
            Complaint::Unanswered => self.set.events,
            Complaint::Handled | Complaint::Stray => self.ignored,
        }
    }

    const fn is_wrong(&self, event: &Named, complaint: Complaint) -> bool {
        match complaint {
            Complaint::Unanswered => !self.is_handled(event, true) && !is_among(event, self.ignored),
            Complaint::Handled => self.is_handled(event, false),
            Complaint::Stray => !is_among(event, self.set.events),
        }
    }

    /// Whether a consumer handles it; `broken`: or a consumer has mistakes, which are reported elsewhere.
    const fn is_handled(&self, event: &Named, broken: bool) -> bool {
        let mut consumers = self.handled;
        while let [consumer, next @ ..] = consumers {
            let mut rest = *consumer;
            while let [handled, next @ ..] = rest {
                if event.handled.hash == handled.hash && event.handled.is(handled) {
                    return true;
                }
                if broken && handled.hash == Handled::BROKEN.hash {
                    return true;
                }
                rest = next;
            }
            consumers = next;
        }
        broken && event.handled.is_broken()
    }
}

const fn is_among(event: &Named, events: &[Named]) -> bool {
    let mut rest = events;
    while let [other, next @ ..] = rest {
        if event.handled.hash == other.handled.hash && event.handled.is(&other.handled) {
            return true;
        }
        rest = next;
    }
    event.handled.is_broken()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::event_set::handled;

    const COUNT: usize = 1000;

    /// `aaaa`, `aaab`, …
    static TEXT: [u8; COUNT * 4] = {
        let (mut text, mut at) = ([b'a'; COUNT * 4], 0);
        while at < COUNT {
            [text[at * 4 + 1], text[at * 4 + 2]] = [b'a' + (at / 260) as u8, b'a' + (at / 26 % 10) as u8];
            text[at * 4 + 3] = b'a' + (at % 26) as u8;
            at += 1;
        }
        text
    };

    const fn event_type(at: usize) -> &'static str {
        match str::from_utf8(TEXT.split_at(at * 4).1.split_at(4).0) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    static EVENTS: [Named; COUNT] = {
        let (mut events, mut at) = ([Named { rust: "A", handled: Handled::BROKEN }; COUNT], 0);
        while at < COUNT {
            events[at].handled = handled(event_type(at));
            at += 1;
        }
        events
    };

    static HANDLED: [Handled; COUNT] = {
        let (mut all, mut at) = ([Handled::BROKEN; COUNT], 0);
        while at < COUNT {
            all[at] = handled(event_type(COUNT - 1 - at));
            at += 1;
        }
        all
    };

    /// The compiler gives a constant two million steps before it complains.
    #[test]
    fn a_set_of_a_thousand_events_is_compared_within_the_compilers_patience() {
        const ANSWERS: Answers = Answers { set: EventSet::new("ALL", &EVENTS), handled: &[&HANDLED], ignored: &[] };
        const LENGTH: usize = ANSWERS.text::<0>(Complaint::Unanswered).length();
        assert_eq!(LENGTH, 0);
    }
}
