//! Counts round trips: a proxy in front of PostgreSQL that sees how often a client waits for an answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use sqlx::postgres::PgConnectOptions;
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};

/// A proxy at a port of its own, until the runtime ends.
#[derive(Debug, Clone)]
pub struct Proxy {
    address: SocketAddr,
    trips: Arc<AtomicUsize>,
}

impl Proxy {
    /// Starts a proxy in front of the server of `options`.
    pub async fn start(options: &PgConnectOptions) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, trips) = (listener.local_addr().unwrap(), Arc::<AtomicUsize>::default());
        let server = format!("{}:{}", options.get_host(), options.get_port());
        tokio::spawn(accept(listener, server, Arc::clone(&trips)));
        Self { address, trips }
    }

    /// The same server, through the proxy.
    pub fn options(&self, options: PgConnectOptions) -> PgConnectOptions {
        options.host("127.0.0.1").port(self.address.port())
    }

    /// How many round trips there were since the last call.
    pub fn trips(&self) -> usize {
        self.trips.swap(0, Ordering::SeqCst)
    }
}

async fn accept(listener: TcpListener, server: String, trips: Arc<AtomicUsize>) {
    while let Ok((client, _)) = listener.accept().await {
        let server = TcpStream::connect(&server).await.unwrap();
        client.set_nodelay(true).unwrap();
        server.set_nodelay(true).unwrap();
        let (from_client, mut to_client) = client.into_split();
        let (mut from_server, to_server) = server.into_split();
        tokio::spawn(async move { copy(&mut from_server, &mut to_client).await });
        tokio::spawn(forward(from_client, to_server, Arc::clone(&trips)));
    }
}

/// Passes on what the client says. `Sync` and `Query` are the messages after which it waits.
async fn forward(mut client: OwnedReadHalf, mut server: OwnedWriteHalf, trips: Arc<AtomicUsize>) -> Option<()> {
    let startup = client.read_u32().await.ok()?;
    server.write_u32(startup).await.ok()?;
    pass(&mut client, &mut server, startup).await?;
    loop {
        let kind = client.read_u8().await.ok()?;
        let length = client.read_u32().await.ok()?;
        if matches!(kind, b'S' | b'Q') {
            trips.fetch_add(1, Ordering::SeqCst);
        }
        server.write_u8(kind).await.ok()?;
        server.write_u32(length).await.ok()?;
        pass(&mut client, &mut server, length).await?;
    }
}

/// The rest of a message, whose length counts itself.
async fn pass(client: &mut OwnedReadHalf, server: &mut OwnedWriteHalf, length: u32) -> Option<()> {
    let rest = u64::from(length.checked_sub(4)?);
    copy(&mut client.take(rest), server).await.ok().map(drop)
}
