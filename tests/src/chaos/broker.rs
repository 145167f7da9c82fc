//! The broker between relays and consumers: on TCP, durable as seen by its clients, and as bad as brokers get.

pub mod junk;
pub mod log;
pub mod manner;

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use event_core::Envelope;
use serde_json::value::RawValue;
use tokio::net::tcp::OwnedWriteHalf;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::{sleep, timeout};

use super::Failure;
use super::event::Counted;
use super::places::Sending;
use super::random::Random;
use super::verdict::Known;
use super::wire::{self, Frames, Messages, Published, Request};
use log::{Client, Log};
use manner::{Mood, decide};

/// How long a client that asks for messages waits for the first one.
const WAIT: Duration = Duration::from_millis(300);

/// How long a client may keep messages before others get them too.
pub const PATIENCE: Duration = Duration::from_millis(1500);

/// The broker. Clones are the same one.
#[derive(Debug, Clone)]
pub struct Broker {
    address: SocketAddr,
    state: Arc<Mutex<State>>,
    came: Arc<Notify>,
}

#[derive(Debug)]
struct State {
    log: Log,
    sent: Vec<Sending>,
    junk: Vec<Sending>,
    random: Random,
    mood: Mood,
    clients: u64,
}

impl Broker {
    /// Listens at a free port, and misbehaves as `seed` says until [`Broker::set_mood`] calms it.
    ///
    /// # Errors
    /// When the system gives no port.
    pub async fn listen(seed: u64) -> Result<Self, Failure> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let random = Random::of(seed, "broker");
        let state =
            State { log: Log::default(), sent: Vec::new(), junk: Vec::new(), random, mood: Mood::Moody, clients: 0 };
        let broker = Self { address: listener.local_addr()?, state: Arc::new(Mutex::new(state)), came: Arc::default() };
        tokio::spawn(broker.clone().accept(listener));
        Ok(broker)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Behaves in another way from now on.
    pub fn set_mood(&self, mood: Mood) {
        self.state().mood = mood;
    }

    /// Everything that was taken, repeats included, in the order in which it was taken.
    pub fn sent(&self) -> Vec<Sending> {
        self.state().sent.clone()
    }

    /// How many events were taken, repeats included.
    pub fn count(&self) -> usize {
        self.state().sent.len()
    }

    /// Takes what is no event, in the midst of a stream.
    pub fn litter(&self, number: usize) {
        let mut state = self.state();
        let body = junk::of(number);
        if state.log.insert(number, wire::bytes(&body)) {
            // An event of a table would have its id there; of this there is nothing but the bytes.
            let event = Known::new("junk", i64::try_from(number).unwrap(), &String::from_utf8_lossy(&body));
            state.junk.push(Sending { event, stream: Default::default(), sequence: None });
        }
    }

    /// What was taken that is no event.
    pub fn junk(&self) -> Vec<Sending> {
        self.state().junk.clone()
    }

    /// How many messages nobody has acknowledged.
    pub fn waiting(&self) -> usize {
        self.state().log.waiting()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    async fn accept(self, listener: TcpListener) {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(self.clone().serve(stream));
        }
    }

    async fn serve(self, stream: TcpStream) {
        let client = {
            let mut state = self.state();
            state.clients += 1;
            Client(state.clients)
        };
        // A client that was killed in the middle of a frame is nobody's mistake.
        let _ = self.answer_all(client, stream).await;
        self.state().log.forget(client);
        self.came.notify_waiters();
    }

    async fn answer_all(&self, client: Client, stream: TcpStream) -> Result<(), Failure> {
        stream.set_nodelay(true)?;
        let (reader, mut writer) = stream.into_split();
        let mut requests = Frames::new(reader);
        while let Some(request) = requests.next().await? {
            match request {
                Request::Publish(events) => self.publish(&events, &mut writer).await?,
                Request::Receive(limit) => self.give(client, limit, &mut writer).await?,
                Request::Extend(place) => {
                    let held = self.state().log.extend(place, Instant::now(), PATIENCE);
                    wire::write(&mut writer, &held).await?;
                }
                Request::Acknowledge(place) => self.state().log.acknowledge(place),
            }
        }
        Ok(())
    }

    async fn publish(&self, events: &[Box<RawValue>], writer: &mut OwnedWriteHalf) -> Result<(), Failure> {
        let manner = {
            let state = &mut *self.state();
            decide(state.mood, events.len(), &mut state.random)
        };
        sleep(manner.before).await;
        self.take(events.get(..manner.take).unwrap_or(events));
        sleep(manner.after).await;
        match manner.answer {
            Some(taken) => wire::write(writer, &Published { taken }).await,
            None => Err("the broker hangs up".into()),
        }
    }

    fn take(&self, events: &[Box<RawValue>]) {
        let mut state = self.state();
        for event in events {
            let envelope = Envelope::from_json(event.get().as_bytes()).expect("relays send events");
            let data = envelope.data.as_deref().expect("events of the harness have data");
            let Counted { key, n } = serde_json::from_str(data.get()).expect("there is one event");
            let event_id = Known::new(&key, n, envelope.id.as_str());
            let stream = (envelope.source.to_string(), envelope.slot().number().into());
            let sequence = envelope.sequence.map(event_core::Sequence::number);
            state.sent.push(Sending { event: event_id, stream, sequence });
            state.log.append((outbox(envelope.source.as_str()), envelope.slot()), event.clone());
        }
        drop(state);
        self.came.notify_waiters();
    }

    async fn give(&self, client: Client, limit: usize, writer: &mut OwnedWriteHalf) -> Result<(), Failure> {
        let hangs_up = {
            let state = &mut *self.state();
            state.mood.loses_a_consumer(&mut state.random)
        };
        if hangs_up {
            return Err("the broker hangs up".into());
        }
        self.state().log.forget(client);
        let messages = timeout(WAIT, self.messages(client, limit)).await.unwrap_or_default();
        wire::write(writer, &messages).await
    }

    async fn messages(&self, client: Client, limit: usize) -> Messages {
        loop {
            let came = self.came.notified();
            let messages = self.state().log.give(client, limit, Instant::now(), PATIENCE);
            if !messages.is_empty() {
                return messages;
            }
            came.await;
        }
    }
}

/// The outbox of a source, whatever its epoch: the events of a slot stay on one stream.
fn outbox(source: &str) -> &str {
    source.split_once('?').map_or(source, |(outbox, _)| outbox)
}
