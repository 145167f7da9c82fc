//! The receiving side.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use event_core::runtime::{Delivery, Subscription, TransportError};
use serde_json::value::RawValue;
use tokio::net::tcp::OwnedReadHalf;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::transport::connect;
use crate::chaos::aim::Spot;
use crate::chaos::broker::PATIENCE;
use crate::chaos::random::Random;
use crate::chaos::wire::{self, Frames, Messages, Place, Request, body, frame};
use crate::chaos::{Failure, aim};

/// A subscription that connects again whenever the broker has hung up.
#[derive(Debug)]
pub struct BrokerSubscription {
    broker: SocketAddr,
    connection: Option<Connection>,
    heartbeat: Option<Duration>,
    /// By what chance the process dies before it acknowledges.
    deaths: Option<Arc<Mutex<Random>>>,
}

#[derive(Debug)]
struct Connection {
    answers: Frames<OwnedReadHalf>,
    requests: UnboundedSender<Vec<u8>>,
    /// Whether an answer is on its way: a `receive` was dropped while it waited.
    asked: bool,
}

/// A message of the broker.
#[derive(Debug)]
pub struct BrokerDelivery {
    broker: SocketAddr,
    body: Vec<u8>,
    place: Place,
    requests: UnboundedSender<Vec<u8>>,
    deaths: Option<Arc<Mutex<Random>>>,
}

/// One of so many acknowledgements is the last of its process.
const DEATHS: u64 = 500;

impl BrokerSubscription {
    pub fn new(broker: SocketAddr) -> Self {
        Self { broker, connection: None, heartbeat: None, deaths: None }
    }

    /// Tells the broker of what is still worked on.
    #[must_use]
    pub fn beating(mut self) -> Self {
        self.heartbeat = Some(PATIENCE / 3);
        self
    }

    /// Now and then the process dies before it acknowledges what it has taken.
    #[must_use]
    pub fn dying(mut self, random: Random) -> Self {
        self.deaths = Some(Arc::new(Mutex::new(random)));
        self
    }

    async fn ask(&mut self, limit: usize) -> Result<Vec<BrokerDelivery>, Failure> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(Connection::open(self.broker).await?),
        };
        let messages = connection.messages(limit).await?;
        let delivery = |(place, message): (Place, Box<RawValue>)| BrokerDelivery {
            body: body(&message),
            place,
            requests: connection.requests.clone(),
            deaths: self.deaths.clone(),
            broker: self.broker,
        };
        Ok(messages.into_iter().map(delivery).collect())
    }
}

impl Connection {
    async fn open(broker: SocketAddr) -> Result<Self, Failure> {
        let (reader, writer) = connect(broker).await?.into_split();
        let (requests, queue) = unbounded_channel();
        tokio::spawn(forward(queue, writer));
        Ok(Self { answers: Frames::new(reader), requests, asked: false })
    }

    async fn messages(&mut self, limit: usize) -> Result<Messages, Failure> {
        if !self.asked {
            self.requests.send(frame(&Request::Receive(limit))?)?;
            self.asked = true;
        }
        let messages = self.answers.next().await?.ok_or("the broker hung up")?;
        self.asked = false;
        Ok(messages)
    }
}

/// Writing is a task of its own: a frame is never cut off by who asked for it.
async fn forward(mut queue: UnboundedReceiver<Vec<u8>>, mut writer: impl tokio::io::AsyncWriteExt + Unpin) {
    while let Some(frame) = queue.recv().await {
        if writer.write_all(&frame).await.is_err() {
            return;
        }
    }
}

impl Subscription for BrokerSubscription {
    type Delivery = BrokerDelivery;

    fn heartbeat(&self) -> Option<Duration> {
        self.heartbeat
    }

    async fn receive(&mut self, limit: usize) -> Result<Vec<BrokerDelivery>, TransportError> {
        loop {
            match self.ask(limit).await {
                Ok(deliveries) if deliveries.is_empty() => {}
                Ok(deliveries) => return Ok(deliveries),
                Err(error) => {
                    self.connection = None;
                    return Err(TransportError::new(error));
                }
            }
        }
    }
}

impl Delivery for BrokerDelivery {
    fn body(&self) -> &[u8] {
        &self.body
    }

    async fn extend(&self) -> bool {
        let asked = async {
            let mut connection = Frames::new(connect(self.broker).await?);
            wire::write(connection.writer(), &Request::Extend(self.place)).await?;
            Ok::<_, Failure>(connection.next().await?.unwrap_or(false))
        };
        asked.await.unwrap_or(false)
    }

    async fn acknowledge(self) {
        if self.deaths.is_some_and(|random| random.lock().unwrap().below(DEATHS) == 0) {
            aim::die(Spot::Acknowledge);
        }
        let frame = frame(&Request::Acknowledge(self.place)).expect("a place can be written");
        // Without a connection the message comes again, as a duplicate.
        let _ = self.requests.send(frame);
    }
}
