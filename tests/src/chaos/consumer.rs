//! The program `chaos consume`: the consumer that users run, with a handler that writes down what it applies, and that
//! fails now and then.

mod newer;

use std::future::pending;
use std::marker::PhantomData;
use std::sync::Mutex;
use std::time::Duration;

use event_core::{HandlerError, HandlerResult, RetryPolicy, event_handlers};
use event_sqlx::Context;
use tokio::time::sleep;

use super::aim::Spot;
use super::client::BrokerSubscription;
use super::clock::Wrong;
use super::event::{Counted, Harm, Measured, Poison};
use super::ground::{Ground, Side};
use super::hog::hog;
use super::options::{Build, Site};
use super::places::is_moved;
use super::random::Random;
use super::site::end_of_input;
use super::{Failure, aim};
pub use newer::Newer;

/// How many events go into one transaction at most.
pub const BATCH: usize = 20;

/// How often a consumer looks for retries that are due.
pub const POLL: Duration = Duration::from_millis(100);

/// Retries come soon, so that a run is drained soon, and never end, but for poison.
pub fn retries() -> RetryPolicy {
    RetryPolicy::new(u32::MAX, [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(500)])
}

/// How long the handler may take, in milliseconds: for less than others wait for what its transaction has locked, and for
/// more, also than the broker waits for an acknowledgement.
const SLOW: (u64, u64) = (50, 800);
const VERY_SLOW: (u64, u64) = (1800, 2800);

/// How long after a handler its process may die, in milliseconds: in the commit of its batch, or near it.
const COMMIT: (u64, u64) = (0, 60);

/// How long a handler rests between two accounts.
const BETWEEN: (u64, u64) = (0, 20);

/// The handler.
#[derive(Debug)]
pub struct Bookkeeper<G> {
    random: Mutex<Random>,
    /// Whether it is of a build that can do what poison asks.
    is_mended: bool,
    ground: PhantomData<G>,
}

#[event_handlers(consumer = "bookkeeper", unknown = "dead_letter")]
impl<G: Ground> Bookkeeper<G> {
    #[on]
    async fn write_down(&self, event: Counted, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        self.count(&event, cx).await
    }

    #[on]
    async fn measure(&self, event: Measured, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        self.count(&event.counted(), cx).await
    }

    #[on(attempts = 2, timeout = "400ms")]
    async fn swallow(&self, event: Poison, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        self.eat(&event, cx).await
    }
}

impl<G: Ground> Bookkeeper<G> {
    /// Applies an event, if all goes well.
    async fn count(&self, event: &Counted, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        self.enter(event, cx).await?;
        match self.chance(1200) {
            0..3 => Err(HandlerError::transient("the handler fails by chance")),
            3..6 => panic!("the handler panics by chance"),
            6..12 => self.take_time(SLOW).await,
            12..15 => self.take_time(VERY_SLOW).await,
            15..17 => {
                aim::die(Spot::Handler);
                Ok(())
            }
            17..20 => {
                aim::die_after(self.millis(COMMIT), Spot::Commit);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Applies poison, if this build can.
    async fn eat(&self, event: &Poison, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        self.enter(&event.counted(), cx).await?;
        if self.is_mended && self.chance(10) == 0 {
            aim::die(Spot::Replay);
        }
        match event.harm {
            Harm::Panics if !self.is_mended => panic!("the handler panics always"),
            Harm::NeverEnds if !self.is_mended => pending().await,
            _ => Ok(()),
        }
    }
}

impl<G> Bookkeeper<G> {
    pub fn new(random: Random) -> Self {
        Self { random: random.into(), is_mended: false, ground: PhantomData }
    }

    /// One that poison does no harm.
    pub fn mended(random: Random) -> Self {
        Self { is_mended: true, ..Self::new(random) }
    }

    fn chance(&self, bound: u64) -> u64 {
        self.random.lock().unwrap().below(bound)
    }

    fn millis(&self, (from, to): (u64, u64)) -> Duration {
        self.random.lock().unwrap().millis(from, to)
    }

    async fn take_time(&self, span: (u64, u64)) -> HandlerResult {
        sleep(self.millis(span)).await;
        Ok(())
    }
}

impl<G: Ground> Bookkeeper<G> {
    /// Notes that the event was applied. Some put into two accounts as well, and wait for each other, in whatever order.
    async fn enter(&self, event: &Counted, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        let id = cx.event_id().clone();
        G::apply(cx.connection(), event, &id).await?;
        if is_moved(event.n) {
            let mut accounts = ["a", "b", "c"];
            self.random.lock().unwrap().shuffle(&mut accounts);
            G::transfer(cx.connection(), [accounts[0], accounts[1]], self.millis(BETWEEN)).await?;
        }
        Ok(())
    }
}

/// Applies until its input ends.
///
/// # Errors
/// When the consumer gives up, which it never should.
pub async fn run<G: Ground>(site: &Site) -> Result<(), Failure> {
    let random = |of: &str| Random::of(site.seed, &format!("{of}consumer {} {}", site.place, site.life));
    let side = if random("side of ").percent(50) { Side::StrictConsumers } else { Side::Consumers };
    let pool = G::pool(&site.address, side, 3)?;
    hog(pool.clone(), random("hog of "));
    let mut subscription = BrokerSubscription::new(site.broker).dying(random("acknowledgements of "));
    if random("heartbeat of ").percent(50) {
        subscription = subscription.beating();
    }
    let clock = Wrong::any(&mut random("clock of "));
    let lanes = 1 + random("lanes of ").place(3);
    let (handlers, equipment) = (Bookkeeper::<G>::new(random("")), (subscription, clock, lanes));
    match site.build {
        Build::Older => G::consume(pool, handlers, equipment, end_of_input()).await,
        Build::Newer => G::consume(pool, Newer(handlers), equipment, end_of_input()).await,
    }
}
