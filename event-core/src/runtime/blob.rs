//! The claim check: large data goes to a store of its own, and the event carries a reference to it.

use std::collections::HashMap;
use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use futures_util::stream::{self, StreamExt};
use serde_json::value::RawValue;
use thiserror::Error;
use tokio::time::timeout;

use crate::envelope::Envelope;
use crate::handler::HandlerError;

/// How many blobs are fetched at once.
const AT_ONCE: usize = 8;

/// Where data is kept that is too large for a broker. Nothing is ever removed by us: let the store expire it, later than
/// the broker and the backlogs of all consumers forget its event.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a blob store",
    note = "use `event_blob::Blobs`, or implement `BlobStore` for it"
)]
pub trait BlobStore: Send + Sync + 'static {
    /// Keeps `bytes` under `key`. Putting the same again changes nothing.
    ///
    /// # Errors
    /// When the store can't be reached: the event is not sent yet.
    ///
    /// # Cancel safety
    /// The bytes may be there when the future is dropped, never a part of them.
    fn put(&self, key: &str, bytes: &[u8]) -> impl Future<Output = Result<(), BlobError>> + Send;

    /// What was put under `key`.
    ///
    /// # Errors
    /// When the store can't be reached, or there is nothing.
    ///
    /// # Cancel safety
    /// Nothing is written.
    fn get(&self, key: &str) -> impl Future<Output = Result<Vec<u8>, BlobError>> + Send;
}

/// What a blob store could not do. It is tried again.
#[derive(Debug, Error)]
#[error("cannot reach the data of an event")]
#[non_exhaustive]
pub struct BlobError {
    source: Box<dyn StdError + Send + Sync>,
}

impl BlobError {
    /// The failure of a client.
    pub fn new(source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { source: source.into() }
    }
}

/// A blob store of any kind.
trait AnyBlobs: Send + Sync {
    fn put<'b>(&'b self, key: &'b str, bytes: &'b [u8]) -> BoxFuture<'b, Result<(), BlobError>>;
    fn get<'b>(&'b self, key: &'b str) -> BoxFuture<'b, Result<Vec<u8>, BlobError>>;
}

impl<B: BlobStore> AnyBlobs for B {
    fn put<'b>(&'b self, key: &'b str, bytes: &'b [u8]) -> BoxFuture<'b, Result<(), BlobError>> {
        Box::pin(BlobStore::put(self, key, bytes))
    }

    fn get<'b>(&'b self, key: &'b str) -> BoxFuture<'b, Result<Vec<u8>, BlobError>> {
        Box::pin(BlobStore::get(self, key))
    }
}

/// The blob store of a relay or a consumer.
#[derive(Clone)]
pub(super) struct Blobs(Arc<dyn AnyBlobs>);

impl fmt::Debug for Blobs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blobs")
    }
}

/// Data that could not be fetched.
#[derive(Debug, Clone, Error)]
pub(super) enum NotFetched {
    #[error("the data is not where `dataref` says, `{0}`")]
    Failed(String, #[source] Arc<BlobError>),
    #[error("fetching the data, `{0}`, was not done after {1:?}")]
    Late(String, Duration),
    #[error("what `dataref` names, `{0}`, is not JSON")]
    NotJson(String),
}

/// Data by its reference, fetched before a transaction begins: none is open while a network is waited for.
pub(super) type Fetched = HashMap<String, Result<Box<RawValue>, NotFetched>>;

impl Blobs {
    pub(super) fn new(store: impl BlobStore) -> Self {
        Self(Arc::new(store))
    }

    /// Puts data of more than `above` bytes away, and a reference in its place. Tells how many events, from the first
    /// on, can be sent, and why the next one can't.
    pub(super) async fn check_in(&self, events: &mut [Envelope], above: usize) -> (usize, Option<BlobError>) {
        for (place, event) in events.iter_mut().enumerate() {
            let Some(data) = event.data.as_ref().filter(|data| data.get().len() > above) else { continue };
            let key = key_of(event);
            if let Err(error) = self.0.put(&key, data.get().as_bytes()).await {
                return (place, Some(error));
            }
            event.refer_to(&key);
        }
        (events.len(), None)
    }

    /// Fetches what the references name.
    pub(super) async fn fetch(&self, references: Vec<String>, limit: Duration) -> Fetched {
        let fetch = |key: String| async move {
            let fetched = self.fetch_one(&key, limit).await;
            (key, fetched)
        };
        stream::iter(references).map(fetch).buffer_unordered(AT_ONCE).collect().await
    }

    async fn fetch_one(&self, key: &str, limit: Duration) -> Result<Box<RawValue>, NotFetched> {
        let fetched = timeout(limit, self.0.get(key)).await.map_err(|_| NotFetched::Late(key.to_owned(), limit))?;
        let bytes = fetched.map_err(|error| NotFetched::Failed(key.to_owned(), Arc::new(error)))?;
        let data = String::from_utf8(bytes).ok().and_then(|text| RawValue::from_string(text).ok());
        data.ok_or_else(|| NotFetched::NotJson(key.to_owned()))
    }
}

impl NotFetched {
    fn into_failure(self) -> HandlerError {
        if matches!(self, Self::NotJson(_)) { HandlerError::permanent(self) } else { HandlerError::transient(self) }
    }
}

/// The same for every sink and every repeat of an event, and safe as the name of a file.
fn key_of(event: &Envelope) -> String {
    format!("{:x}", md5::compute(format!("{}\n{}", event.source, event.id)))
}

/// The envelope with its data, if that is elsewhere and was fetched.
pub(super) fn with_data(mut envelope: Envelope, fetched: &Fetched) -> (Envelope, Option<HandlerError>) {
    match envelope.reference().and_then(|key| fetched.get(&key).cloned()) {
        Some(Ok(data)) => envelope.data = Some(data),
        Some(Err(error)) => return (envelope, Some(error.into_failure())),
        None => {}
    }
    (envelope, None)
}
