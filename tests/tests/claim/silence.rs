//! A way to a server that goes silent on command: nothing goes through any more, and nothing is closed.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;

/// The way to a server.
pub(crate) struct Silence {
    port: u16,
    at: Arc<Mutex<Option<&'static str>>>,
    fallen: Arc<Notify>,
}

impl Silence {
    /// Stands before the server of this address.
    pub(crate) async fn before(url: &str) -> Self {
        let (_, server) = place(url);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let silence = Self { port: listener.local_addr().unwrap().port(), at: Arc::default(), fallen: Arc::default() };
        let (server, at, fallen) = (server.to_owned(), Arc::clone(&silence.at), Arc::clone(&silence.fallen));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let (answers, requests) = TcpStream::connect(&server).await.unwrap().into_split();
                let (from_client, to_client) = client.into_split();
                tokio::spawn(forward(answers, to_client, Arc::default(), Arc::default()));
                tokio::spawn(forward(from_client, requests, Arc::clone(&at), Arc::clone(&fallen)));
            }
        });
        silence
    }

    /// The same address through this way.
    pub(crate) fn url(&self, url: &str) -> String {
        let (before, server) = place(url);
        url.replacen(&format!("{before}{server}"), &format!("{before}127.0.0.1:{}", self.port), 1)
    }

    /// The first request that has this text doesn't arrive, and nothing after it.
    pub(crate) fn fall_at(&self, text: &'static str) {
        *self.at.lock().unwrap() = Some(text);
    }

    /// Waits until it is silent.
    pub(crate) async fn fallen(&self) {
        self.fallen.notified().await;
    }
}

/// What is before host and port in an address, and they.
fn place(url: &str) -> (&str, &str) {
    let (before, rest) = url.split_at(url.find("//").unwrap() + 2);
    let server = rest.split('/').next().unwrap();
    let from = server.rfind('@').map_or(0, |at| at + 1);
    (&url[..before.len() + from], &server[from..])
}

async fn forward(
    mut from: OwnedReadHalf,
    mut to: OwnedWriteHalf,
    silent_at: Arc<Mutex<Option<&'static str>>>,
    fallen: Arc<Notify>,
) {
    let mut buffer = vec![0; 64 * 1024];
    while let Ok(read @ 1..) = from.read(&mut buffer).await {
        let text = String::from_utf8_lossy(&buffer[..read]).into_owned();
        if silent_at.lock().unwrap().is_some_and(|at| text.contains(at)) {
            fallen.notify_one();
            std::future::pending::<()>().await;
        }
        if to.write_all(&buffer[..read]).await.is_err() {
            return;
        }
    }
}
