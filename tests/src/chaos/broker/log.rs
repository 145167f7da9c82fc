//! What the broker has taken and who has what of it: each stream in its order, to one client at a time, again and again
//! until it is acknowledged.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use event_core::Slot;
use serde_json::value::RawValue;

use crate::chaos::wire::{Messages, Place};

/// A connection of a consumer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Client(pub u64);

/// Every stream, in the order in which they began.
#[derive(Debug, Default)]
pub struct Log {
    streams: Vec<Stream>,
    places: HashMap<(String, Slot), usize>,
    turn: usize,
}

#[derive(Debug, Default)]
struct Stream {
    /// What was not acknowledged, from `first` on, and gaps where later ones were.
    messages: VecDeque<Option<Box<RawValue>>>,
    first: usize,
    holder: Option<(Client, Instant)>,
}

impl Log {
    /// Takes a message, behind all others of its stream.
    pub fn append(&mut self, stream: (&str, Slot), message: Box<RawValue>) {
        let next = self.streams.len();
        let place = *self.places.entry((stream.0.to_owned(), stream.1)).or_insert(next);
        if place == next {
            self.streams.push(Stream::default());
        }
        self.streams[place].messages.push_back(Some(message));
    }

    /// Takes a message that belongs to no stream, behind all others of any; tells whether there is a stream.
    pub fn insert(&mut self, number: usize, message: Box<RawValue>) -> bool {
        let place = number.checked_rem(self.streams.len());
        place.into_iter().for_each(|place| self.streams[place].messages.push_back(Some(message.clone())));
        place.is_some()
    }

    /// Messages for a client: of each stream that no other client holds, from the first that was not acknowledged.
    pub fn give(&mut self, client: Client, limit: usize, now: Instant, patience: Duration) -> Messages {
        let mut given = Messages::new();
        self.turn = self.turn.wrapping_add(1);
        for step in 0..self.streams.len() {
            let place = (self.turn + step) % self.streams.len();
            let stream = &mut self.streams[place];
            let is_free = stream.holder.is_none_or(|(_, until)| until <= now);
            if is_free && given.len() < limit && stream.give((place, client), limit - given.len(), &mut given) {
                stream.holder = Some((client, now + patience));
            }
        }
        given
    }

    /// A message needs to be given no more.
    pub fn acknowledge(&mut self, place: Place) {
        let stream = &mut self.streams[place.stream];
        let message = place.number.checked_sub(stream.first).and_then(|at| stream.messages.get_mut(at));
        message.into_iter().for_each(|message| *message = None);
        while let Some(None) = stream.messages.front() {
            stream.messages.pop_front();
            stream.first += 1;
        }
    }

    /// A client needs more time for a message; whether it has the stream still.
    pub fn extend(&mut self, place: Place, now: Instant, patience: Duration) -> bool {
        match &mut self.streams[place.stream].holder {
            Some((Client(client), until)) if *client == place.client => {
                *until = now + patience;
                true
            }
            _ => false,
        }
    }

    /// What a client holds is given to whoever asks next.
    pub fn forget(&mut self, client: Client) {
        let held = self.streams.iter_mut().filter(|stream| stream.holder.is_some_and(|(holder, _)| holder == client));
        held.for_each(|stream| stream.holder = None);
    }

    /// How many messages are not acknowledged.
    pub fn waiting(&self) -> usize {
        self.streams.iter().map(|stream| stream.messages.iter().flatten().count()).sum()
    }
}

impl Stream {
    /// Whether there was something to give.
    fn give(&self, (stream, Client(client)): (usize, Client), limit: usize, given: &mut Messages) -> bool {
        let before = given.len();
        let waiting = self.messages.iter().enumerate().filter_map(|(at, message)| Some((at, message.as_ref()?)));
        for (at, message) in waiting.take(limit) {
            given.push((Place { stream, number: self.first + at, client }, message.clone()));
        }
        given.len() > before
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PATIENCE: Duration = Duration::from_secs(1);

    fn log(messages: &[(u8, &str)]) -> Log {
        let mut log = Log::default();
        for (slot, message) in messages {
            let message = RawValue::from_string(format!("\"{message}\"")).unwrap();
            log.append(("/s", Slot::from_number(*slot).unwrap()), message);
        }
        log
    }

    fn give(log: &mut Log, client: u64, now: Instant) -> (Vec<Place>, String) {
        let given = log.give(Client(client), 10, now, PATIENCE);
        let text: String = given.iter().map(|(_, message)| message.get().trim_matches('"')).collect();
        (given.into_iter().map(|(place, _)| place).collect(), text)
    }

    #[test]
    fn a_stream_goes_to_one_client_in_its_order() {
        let now = Instant::now();
        let mut log = log(&[(1, "a"), (1, "b"), (1, "c")]);
        assert_eq!(give(&mut log, 1, now).1, "abc");
        assert_eq!(give(&mut log, 2, now).1, "");
    }

    #[test]
    fn what_was_not_acknowledged_comes_again_to_another_client() {
        let now = Instant::now();
        let mut log = log(&[(1, "a"), (1, "b"), (1, "c")]);
        let (places, _) = give(&mut log, 1, now);
        log.acknowledge(places[1]);
        log.forget(Client(1));
        assert_eq!(give(&mut log, 2, now).1, "ac");
        assert_eq!(log.waiting(), 2);
    }

    #[test]
    fn a_silent_client_loses_its_streams_and_its_late_acknowledgement_counts() {
        let now = Instant::now();
        let mut log = log(&[(1, "a"), (2, "b")]);
        let (places, _) = give(&mut log, 1, now);
        assert_eq!(give(&mut log, 2, now + PATIENCE).1.len(), 2);
        places.into_iter().for_each(|place| log.acknowledge(place));
        assert_eq!(log.waiting(), 0);
        assert_eq!(give(&mut log, 3, now + PATIENCE * 3).1, "");
    }

    #[test]
    fn a_client_that_says_so_keeps_its_stream_until_another_has_it() {
        let now = Instant::now();
        let mut log = log(&[(1, "a")]);
        let (places, _) = give(&mut log, 1, now);
        assert!(log.extend(places[0], now + PATIENCE / 2, PATIENCE));
        assert_eq!(give(&mut log, 2, now + PATIENCE).1, "");
        assert_eq!(give(&mut log, 2, now + PATIENCE * 2).1, "a");
        assert!(!log.extend(places[0], now + PATIENCE * 2, PATIENCE));
    }

    #[test]
    fn an_acknowledgement_that_comes_twice_is_fine() {
        let now = Instant::now();
        let mut log = log(&[(1, "a"), (1, "b")]);
        let (places, _) = give(&mut log, 1, now);
        log.acknowledge(places[0]);
        log.acknowledge(places[0]);
        assert_eq!(log.waiting(), 1);
    }
}
