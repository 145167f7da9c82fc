//! The program `chaos operate`: somebody who looks at the dead letters of the consumers, with a build whose handlers are mended,
//! and replays or discards each. There are two of them, and they look at the same letters.

use event_core::runtime::{Consumer, Inbox, InboxTransaction, Letters, Operator, ReplayOptions, StoreError};
use event_core::{Handlers, Letter, LetterId, Selection};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::aim::Spot;
use super::consumer::{Bookkeeper, Newer};
use super::ground::{Ground, Side};
use super::hog::hog;
use super::options::{Build, Site};
use super::random::Random;
use super::site::end_of_input;
use super::{Failure, aim};

/// How long an operator rests after a round, in milliseconds.
const REST: (u64, u64) = (100, 700);

/// How many of a hundred replays an operator doesn't live to tell of.
const DEATHS: u64 = 8;

/// How many letters are replayed in one go at most.
const AT_ONCE: u64 = 20;

/// What is done with a letter.
#[derive(Debug, PartialEq, Eq)]
enum Decision {
    Replay,
    Discard(&'static str),
}

/// By its reason: what no build can read is discarded, and so is some of what one could mend.
fn decide(letter: &Letter, random: &mut Random) -> Decision {
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
fn go_on<T>(done: Result<T, StoreError>) -> Result<Option<T>, StoreError> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if error.is_transient() => {
            tracing::info!(%error, "a letter stays as it was");
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// Works on dead letters until `ended`: one by one, many in one go, or by asking the running consumers to try them once more, whose build
/// poison harms as before.
///
/// # Errors
/// When the store fails in a way that no retry mends.
pub async fn work<S, H>(store: S, handlers: H, mut random: Random, ended: CancellationToken) -> Result<(), Failure>
where
    S: Inbox + Letters + Clone,
    H: for<'c> Handlers<<S::Transaction as InboxTransaction>::Context<'c>> + 'static,
{
    let (consumer, operator) = (Consumer::new(store.clone(), handlers), Operator::new(store).by("an operator"));
    while !ended.is_cancelled() {
        if random.percent(20) {
            let options = ReplayOptions::new().count(AT_ONCE).rate(50);
            let replayed = go_on(consumer.replay_all(Selection::dead_letters(), options).await)?;
            die_at_times(replayed.is_some(), &mut random);
        }
        let letters = go_on(consumer.dead_letters(LetterId::new(0), 100).await)?.unwrap_or_default();
        let asked = operator.asks(random.number().to_string(), "it may go by now");
        for letter in letters.into_iter().take_while(|_| !ended.is_cancelled()) {
            match decide(&letter, &mut random) {
                Decision::Replay if random.percent(20) => drop(go_on(operator.hand_out(letter.id, &asked).await)?),
                Decision::Replay => {
                    let replayed = go_on(consumer.replay(letter.id).await)?;
                    die_at_times(replayed.is_some(), &mut random);
                }
                Decision::Discard(reason) => drop(go_on(operator.discard(letter.id, reason).await)?),
            }
        }
        sleep(random.millis(REST.0, REST.1)).await;
    }
    Ok(())
}

fn die_at_times(has_replayed: bool, random: &mut Random) {
    if has_replayed && random.percent(DEATHS) {
        aim::die(Spot::Replayed);
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
