//! The program `chaos consume`: the consumer that users run, with a handler that writes down what it applies, and that
//! fails now and then.

use std::sync::Mutex;
use std::time::Duration;

use event_core::{Consumer, HandlerError, HandlerResult, RetryPolicy, event_handlers};
use event_sqlx::{Context, Store};
use sqlx::Postgres;

use super::Failure;
use super::client::BrokerSubscription;
use super::event::Counted;
use super::options::Site;
use super::random::Random;
use super::site::{consumers, end_of_input, pool};

/// Retries come soon, so that a run is drained soon, and never end: every event is to be applied.
const RETRIES: (u32, [Duration; 3]) =
    (u32::MAX, [Duration::from_millis(50), Duration::from_millis(200), Duration::from_millis(500)]);

struct Bookkeeper {
    random: Mutex<Random>,
}

#[event_handlers(consumer = "bookkeeper", unknown = "dead_letter")]
impl Bookkeeper {
    #[on]
    async fn write_down(&self, event: Counted, cx: &mut Context<'_, Postgres>) -> HandlerResult {
        let statement = "INSERT INTO applied (key, n, event_id) VALUES ($1, $2, $3)";
        let id = cx.event_id().as_str().to_owned();
        let insert = sqlx::query(statement).bind(event.key).bind(event.n).bind(id);
        insert.execute(cx.connection()).await?;
        match self.chance() {
            0 => Err(HandlerError::transient("the handler fails by chance")),
            1 => panic!("the handler panics by chance"),
            _ => Ok(()),
        }
    }
}

impl Bookkeeper {
    fn chance(&self) -> u64 {
        self.random.lock().unwrap().below(400)
    }
}

/// Applies until its input ends.
///
/// # Errors
/// When the consumer gives up, which it never should.
pub async fn run(site: &Site) -> Result<(), Failure> {
    let store = Store::new(pool(&consumers(&site.server), 3)?);
    let random = Random::of(site.seed, &format!("consumer {} {}", site.place, site.life)).into();
    let consumer = Consumer::new(store, Bookkeeper { random }).batch(20).poll(Duration::from_millis(100));
    let consumer = consumer.retry(RetryPolicy::new(RETRIES.0, RETRIES.1));
    Ok(consumer.run(BrokerSubscription::new(site.broker), end_of_input()).await?)
}
