//! What goes over the wire between the broker and its clients: a length in four bytes, then JSON.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};

use super::Failure;

/// What a client asks.
#[derive(Debug, Serialize, Deserialize)]
pub enum Request {
    /// Take these events of one slot, in their order.
    Publish(Vec<Box<RawValue>>),
    /// Give at most this many messages. What the same client was given and has not acknowledged comes again.
    Receive(usize),
    /// A message is still worked on. The answer is whether its client has it still.
    Extend(Place),
    /// A message was taken. No answer.
    Acknowledge(Place),
}

/// Where a message is: a stream, and its number there; and the client that it was given to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub stream: usize,
    pub number: usize,
    pub client: u64,
}

/// What the broker answers to [`Request::Publish`].
#[derive(Debug, Serialize, Deserialize)]
pub struct Published {
    /// How many events it has taken.
    pub taken: usize,
}

/// What the broker answers to [`Request::Receive`]; none when there was nothing for a while.
pub type Messages = Vec<(Place, Box<RawValue>)>;

/// A message of any bytes: on the wire it is a text, a character for each byte. Events are objects.
pub fn bytes(body: &[u8]) -> Box<RawValue> {
    let text: String = body.iter().copied().map(char::from).collect();
    serde_json::value::to_raw_value(&text).expect("a text can be written")
}

/// The bytes of a message.
pub fn body(message: &RawValue) -> Vec<u8> {
    let text: Result<String, _> = serde_json::from_str(message.get());
    let byte = |character| u8::try_from(u32::from(character)).unwrap_or(b'?');
    text.map_or_else(|_| message.get().as_bytes().to_vec(), |text| text.chars().map(byte).collect())
}

/// A frame around `message`.
pub fn frame(message: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut frame = vec![0; 4];
    serde_json::to_writer(&mut frame, message)?;
    let length = u32::try_from(frame.len() - 4)?.to_be_bytes();
    frame.splice(..4, length);
    Ok(frame)
}

/// Writes a message.
pub async fn write(writer: &mut (impl AsyncWrite + Unpin), message: &impl Serialize) -> Result<(), Failure> {
    Ok(writer.write_all(&frame(message)?).await?)
}

/// Reads messages; a read that is dropped half-way goes on where it was.
#[derive(Debug)]
pub struct Frames<R> {
    reader: R,
    buffer: Vec<u8>,
}

impl<R: AsyncRead + Unpin> Frames<R> {
    pub fn new(reader: R) -> Self {
        Self { reader, buffer: Vec::new() }
    }

    /// Where to write, for a connection that was not split.
    pub fn writer(&mut self) -> &mut R {
        &mut self.reader
    }

    /// The next message; `None` at the end.
    pub async fn next<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Failure> {
        loop {
            if let Some(message) = self.take()? {
                return Ok(Some(serde_json::from_slice(&message)?));
            }
            if self.reader.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }

    fn take(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        let Some(length) = self.buffer.first_chunk::<4>() else { return Ok(None) };
        let end = usize::try_from(u32::from_be_bytes(*length))? + 4;
        if self.buffer.len() < end {
            return Ok(None);
        }
        let message = self.buffer.drain(..end).skip(4).collect();
        Ok(Some(message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_bytes_go_over_the_wire_and_events_go_as_they_are() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(body(&bytes(&all)), all);
        let event = RawValue::from_string(r#"{"id":"ü"}"#.to_owned()).unwrap();
        assert_eq!(body(&event), event.get().as_bytes());
    }

    #[tokio::test]
    async fn frames_come_out_as_they_went_in_however_they_are_cut() {
        let mut bytes = frame(&Request::Receive(7)).unwrap();
        bytes.extend(frame(&Request::Acknowledge(Place { stream: 1, number: 2, client: 3 })).unwrap());
        let (front, back) = bytes.split_at(6);
        let mut frames = Frames::new(front.chain(back));
        assert!(matches!(frames.next().await.unwrap(), Some(Request::Receive(7))));
        assert!(matches!(frames.next().await.unwrap(), Some(Request::Acknowledge(_))));
        assert!(frames.next::<Request>().await.unwrap().is_none());
    }
}
