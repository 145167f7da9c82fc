//! The sending side.

use std::net::SocketAddr;
use std::sync::Mutex;
use std::time::Duration;

use event_core::Envelope;
use event_core::runtime::{PublishError, Transport};
use serde_json::value::RawValue;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::chaos::Failure;
use crate::chaos::wire::{self, Frames, Published, Request};

/// A transport to the broker that waits for an answer only so long.
#[derive(Debug)]
pub struct BrokerTransport {
    broker: SocketAddr,
    patience: Duration,
    idle: Mutex<Vec<Frames<TcpStream>>>,
}

impl BrokerTransport {
    pub fn new(broker: SocketAddr, patience: Duration) -> Self {
        Self { broker, patience, idle: Mutex::default() }
    }

    /// How many events the broker says to have taken. A connection that failed is not used again.
    async fn exchange(&self, events: &[Envelope]) -> Result<usize, Failure> {
        let body = |event: &Envelope| Ok(RawValue::from_string(String::from_utf8(event.to_json())?)?);
        let bodies = events.iter().map(body).collect::<Result<Vec<_>, Failure>>()?;
        let idle = self.idle.lock().unwrap().pop();
        let mut connection = match idle {
            Some(connection) => connection,
            None => Frames::new(connect(self.broker).await?),
        };
        wire::write(connection.writer(), &Request::Publish(bodies)).await?;
        let Published { taken } = connection.next().await?.ok_or("the broker hung up")?;
        self.idle.lock().unwrap().push(connection);
        Ok(taken)
    }
}

impl Transport for BrokerTransport {
    async fn publish(&self, events: &[Envelope]) -> Result<(), PublishError> {
        let answer = timeout(self.patience, self.exchange(events)).await;
        match answer.map_err(Failure::from).flatten() {
            Ok(taken) if taken == events.len() => Ok(()),
            Ok(taken) => Err(PublishError::transient(taken, "the broker has not taken everything")),
            Err(error) => Err(PublishError::transient(0, error)),
        }
    }
}

pub(super) async fn connect(broker: SocketAddr) -> Result<TcpStream, Failure> {
    let stream = TcpStream::connect(broker).await?;
    stream.set_nodelay(true)?;
    Ok(stream)
}
