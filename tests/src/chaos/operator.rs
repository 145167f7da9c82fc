//! The program `chaos operate`: somebody who looks at the dead letters of the consumers, with a build whose handlers are mended,
//! and replays or discards each. There are two of them, and they look at the same letters.

use event_core::Letter;
use event_core::runtime::StoreError;

use super::Failure;
use super::consumer::{Bookkeeper, Newer};
use super::ground::{Ground, Side};
use super::hog::hog;
use super::options::{Build, Site};
use super::random::Random;
use super::site::end_of_input;

/// How long an operator rests after a round, in milliseconds.
pub const REST: (u64, u64) = (100, 700);

/// How many of a hundred replays an operator doesn't live to tell of.
pub const DEATHS: u64 = 8;

/// What is done with a letter.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision {
    Replay,
    Discard(&'static str),
}

/// By its reason: what no build can read is discarded, and so is some of what one could mend.
pub fn decide(letter: &Letter, random: &mut Random) -> Decision {
    if letter.event_id.is_none() {
        return Decision::Discard("it is no event");
    }
    if letter.errors.iter().any(|error| error.contains("recursion limit")) {
        return Decision::Discard("it is too deep");
    }
    if random.percent(15) { Decision::Discard("it isn't worth it") } else { Decision::Replay }
}

/// Whether an operator goes on after this: the next round may be better.
///
/// # Errors
/// When it can't be.
pub fn go_on<T>(done: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.is_transient() => {
            tracing::info!(%error, "a letter stays as it was");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Works on dead letters until its input ends.
///
/// # Errors
/// When the store fails in a way that no retry mends.
pub async fn run<G: Ground>(site: &Site) -> Result<(), Failure> {
    let name = format!("operator {} {}", site.place, site.life);
    let handlers = Bookkeeper::<G>::mended(Random::of(site.seed, &format!("handlers of {name}")));
    let pool = G::pool(&site.address, Side::Consumers, 3)?;
    hog(pool.clone(), Random::of(site.seed, &format!("hog of {name}")));
    let random = Random::of(site.seed, &name);
    match site.build {
        Build::Older => G::operate(pool, handlers, random, end_of_input()).await,
        Build::Newer => G::operate(pool, Newer(handlers), random, end_of_input()).await,
    }
}

#[cfg(test)]
mod tests {
    use event_core::{LetterId, Place, Timestamp};

    use super::*;

    fn letter(event_id: Option<&str>, error: &str) -> Letter {
        let since = Timestamp::from_unix_micros(0);
        let mut letter = Letter::new(LetterId::new(1), "bookkeeper", Place::DeadLetter, Vec::new(), since);
        (letter.event_id, letter.errors) = (event_id.map(Into::into), vec![error.to_owned()]);
        letter
    }

    #[test]
    fn what_no_build_can_read_is_discarded_and_most_of_the_rest_is_replayed() {
        let mut random = Random::of(1, "operator");
        let mut decide = |letter| super::decide(&letter, &mut random);
        assert_eq!(decide(letter(None, "")), Decision::Discard("it is no event"));
        let deep = letter(Some("a"), "recursion limit exceeded at line 1 column 164");
        assert_eq!(decide(deep), Decision::Discard("it is too deep"));
        let replays = (0..100).filter(|_| decide(letter(Some("a"), "a panic")) == Decision::Replay).count();
        assert!((60..100).contains(&replays), "{replays}");
    }
}
