//! How the broker treats a publish: a function of its mood and of chance.

use std::time::Duration;

use crate::chaos::random::Random;

/// How the broker behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    /// As it should.
    Calm,
    /// Mostly well; now and then it fails, hangs or half-fails.
    Moody,
    /// It takes nothing, or a part.
    Broken,
    /// It says nothing for longer than its clients wait.
    Hanging,
}

impl Mood {
    /// Whether a consumer that asks for messages loses its connection, and with it what it had not acknowledged.
    pub fn loses_a_consumer(self, random: &mut Random) -> bool {
        match self {
            Self::Calm => false,
            Self::Moody => random.percent(1),
            Self::Broken | Self::Hanging => random.percent(50),
        }
    }
}

/// What is done with one publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manner {
    /// How long it lies before anything is taken: the client may have given up and sent it again by then.
    pub before: Duration,
    /// How many events are taken, from the first on.
    pub take: usize,
    /// How long it takes to answer.
    pub after: Duration,
    /// How many events the answer speaks of; `None` hangs up in place of an answer.
    pub answer: Option<usize>,
}

impl Manner {
    fn at_once(take: usize, answer: Option<usize>) -> Self {
        Self { before: Duration::ZERO, take, after: Duration::ZERO, answer }
    }
}

/// How long the broker hangs: longer and shorter than its clients wait, in milliseconds.
const HANG: (u64, u64) = (300, 5000);

/// What the broker does with a publish of `count` events.
pub fn decide(mood: Mood, count: usize, random: &mut Random) -> Manner {
    match mood {
        Mood::Calm => Manner::at_once(count, Some(count)),
        Mood::Moody if random.percent(90) => Manner::at_once(count, Some(count)),
        Mood::Moody if random.percent(40) => hang(count, random),
        Mood::Moody | Mood::Broken => fail(count, random),
        Mood::Hanging => hang(count, random),
    }
}

/// Takes a part, or all, or nothing, and tells the truth or hangs up.
fn fail(count: usize, random: &mut Random) -> Manner {
    let part = random.place(count + 1);
    match random.below(4) {
        0 => Manner::at_once(0, Some(0)),
        1 => Manner::at_once(part, Some(part)),
        2 => Manner::at_once(part, None),
        _ => Manner::at_once(count, None),
    }
}

/// Takes everything late, or a part late, or answers late.
fn hang(count: usize, random: &mut Random) -> Manner {
    let (long, part) = (random.millis(HANG.0, HANG.1), random.place(count + 1));
    match random.below(3) {
        0 => Manner { before: long, ..Manner::at_once(count, Some(count)) },
        1 => Manner { before: long, ..Manner::at_once(part, None) },
        _ => Manner { after: long, ..Manner::at_once(count, Some(count)) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_never_speaks_of_more_than_was_taken() {
        let mut random = Random::of(1, "manner");
        for mood in [Mood::Calm, Mood::Moody, Mood::Broken, Mood::Hanging] {
            for count in 1..200 {
                let manner = decide(mood, count, &mut random);
                assert!(manner.take <= count, "{manner:?}");
                assert!(manner.answer.is_none_or(|answer| answer == manner.take), "{manner:?}");
            }
        }
    }

    #[test]
    fn a_calm_broker_takes_everything_at_once() {
        let mut random = Random::of(1, "manner");
        assert_eq!(decide(Mood::Calm, 7, &mut random), Manner::at_once(7, Some(7)));
        assert!(!Mood::Calm.loses_a_consumer(&mut random));
    }
}
