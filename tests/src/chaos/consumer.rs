//! The program `chaos consume`: the consumer that users run, with a handler that writes down what it applies, and that
//! fails now and then.

use std::future::pending;
use std::marker::PhantomData;
use std::sync::Mutex;
use std::time::Duration;

use event_core::{HandlerError, HandlerResult, RetryPolicy, event_handlers};
use event_sqlx::Context;
use tokio::time::sleep;

use super::Failure;
use super::client::BrokerSubscription;
use super::event::{Counted, Harm, Poison};
use super::ground::{Ground, Side};
use super::options::Site;
use super::random::Random;
use super::site::end_of_input;

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
        let id = cx.event_id().clone();
        G::apply(cx.connection(), &event, &id).await?;
        match self.chance() {
            0 => Err(HandlerError::transient("the handler fails by chance")),
            1 => panic!("the handler panics by chance"),
            2..4 => self.take_time(SLOW).await,
            4 => self.take_time(VERY_SLOW).await,
            _ => Ok(()),
        }
    }

    #[on(attempts = 2, timeout = "400ms")]
    async fn swallow(&self, event: Poison, cx: &mut Context<'_, G::Db>) -> HandlerResult {
        let id = cx.event_id().clone();
        G::apply(cx.connection(), &event.counted(), &id).await?;
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

    fn chance(&self) -> u64 {
        self.random.lock().unwrap().below(400)
    }

    async fn take_time(&self, (from, to): (u64, u64)) -> HandlerResult {
        let length = self.random.lock().unwrap().millis(from, to);
        sleep(length).await;
        Ok(())
    }
}

/// Applies until its input ends.
///
/// # Errors
/// When the consumer gives up, which it never should.
pub async fn run<G: Ground>(site: &Site) -> Result<(), Failure> {
    let handlers = Bookkeeper::new(Random::of(site.seed, &format!("consumer {} {}", site.place, site.life)));
    let pool = G::pool(&site.address, Side::Consumers, 3)?;
    G::consume(pool, handlers, BrokerSubscription::new(site.broker), end_of_input()).await
}
