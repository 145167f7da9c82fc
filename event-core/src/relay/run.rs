//! One pass over the records of a slot: what to send next, and what each answer of the transport means.

use std::collections::{HashSet, VecDeque};

use super::{Advance, Cursor, Filter, Lease, Parked, Record};
use crate::backlog::error_chain;
use crate::envelope::{Envelope, Source};
use crate::sequence::Sequence;
use crate::slot::{PartitionKey, Slot};

/// What a transport answered to the events of a slot, which it sends in order.
#[derive(Debug)]
pub(crate) enum Outcome {
    /// All were sent.
    Sent,
    /// The first `sent` were sent, the next one failed and may succeed later.
    Stopped { sent: usize },
    /// The first `sent` were sent, the next one was given back by its receiver.
    GivenBack { sent: usize },
    /// The first `sent` were sent, the next one is refused for good.
    Refused { sent: usize, errors: Vec<String> },
}

/// A record that the sink takes.
#[derive(Debug)]
struct Waiting {
    record: Record,
    /// How far the slot has come with it: the last position before the next one that the sink takes.
    reach: Sequence,
}

/// The records of one slot under one lease.
///
/// What the sink's filter leaves out is passed over: the cursor moves on, but the next event names as `previous` the one
/// that was sent before it, so the stream has no gap.
#[derive(Debug)]
pub(crate) struct SlotRun {
    lease: Lease,
    waiting: VecDeque<Waiting>,
    cursor: Cursor,
    parked: Vec<Parked>,
    parked_keys: HashSet<PartitionKey>,
    stopped: bool,
    given_back: bool,
    answered: bool,
    sent: usize,
}

impl SlotRun {
    /// The run over `records`, which are those of the lease's slot in the order of their positions.
    pub(crate) fn new(lease: Lease, filter: &Filter, records: impl IntoIterator<Item = Record>) -> Self {
        let mut run = Self {
            cursor: lease.cursor,
            lease,
            waiting: VecDeque::new(),
            parked: Vec::new(),
            parked_keys: HashSet::new(),
            stopped: false,
            given_back: false,
            answered: false,
            sent: 0,
        };
        records.into_iter().for_each(|record| run.wait_or_pass(record, filter));
        run
    }

    fn wait_or_pass(&mut self, record: Record, filter: &Filter) {
        if filter.takes(&record.event_type) {
            self.waiting.push_back(Waiting { reach: record.position, record });
        } else {
            let reach = self.waiting.back_mut().map_or(&mut self.cursor.position, |before| &mut before.reach);
            *reach = record.position;
        }
    }

    pub(crate) fn slot(&self) -> Slot {
        self.lease.cursor.slot
    }

    /// How many events this run has sent.
    pub(crate) fn sent(&self) -> usize {
        self.sent
    }

    /// How many events this run has parked.
    pub(crate) fn parked(&self) -> usize {
        self.parked.len()
    }

    /// Whether a transient failure ended the run.
    pub(crate) fn is_stopped(&self) -> bool {
        self.stopped
    }

    /// Whether the destination is there, and gave an event back.
    pub(crate) fn is_given_back(&self) -> bool {
        self.given_back
    }

    /// Whether the destination took or refused anything.
    pub(crate) fn is_answered(&self) -> bool {
        self.answered
    }

    /// The envelopes to send next, each naming the one before it; empty when the run is over.
    ///
    /// They end before the first event which is not sent, so that its answer is known before those behind it go out.
    pub(crate) fn outgoing(&mut self, source: &Source) -> Vec<Envelope> {
        let mut outgoing = Vec::new();
        if self.stopped {
            return outgoing;
        }
        self.park_the_first();
        let mut previous = self.cursor.sent;
        for Waiting { record, .. } in &self.waiting {
            if self.is_parked(record) {
                break;
            }
            match record.to_envelope(source, previous) {
                Ok(envelope) => outgoing.push(envelope),
                Err(error) if outgoing.is_empty() => {
                    self.refuse_first(error_chain(&error));
                    return self.outgoing(source);
                }
                Err(_) => break,
            }
            previous = record.position;
        }
        outgoing
    }

    /// Takes the transport's answer to what [`SlotRun::outgoing`] gave.
    pub(crate) fn settle(&mut self, offered: usize, outcome: Outcome) {
        self.answered |= !matches!(outcome, Outcome::Stopped { sent: 0 } | Outcome::GivenBack { sent: 0 });
        self.given_back |= matches!(outcome, Outcome::GivenBack { .. });
        match outcome {
            Outcome::Sent => self.pass_sent(offered),
            Outcome::Stopped { sent } | Outcome::GivenBack { sent } => {
                self.pass_sent(sent);
                self.stopped = true;
            }
            Outcome::Refused { sent, errors } => {
                self.pass_sent(sent);
                self.refuse_first(errors);
            }
        }
    }

    /// How the cursor moves; `None` when it stays.
    pub(crate) fn advance(self) -> Option<Advance> {
        (self.cursor != self.lease.cursor).then_some(Advance {
            cursor: self.cursor,
            fence: self.lease.fence,
            parked: self.parked,
        })
    }

    fn is_parked(&self, record: &Record) -> bool {
        record.key_is_parked || self.parked_keys.contains(&record.partition_key())
    }

    fn park_the_first(&mut self) {
        while self.waiting.front().is_some_and(|first| self.is_parked(&first.record)) {
            self.refuse_first(Vec::new());
        }
    }

    fn refuse_first(&mut self, errors: Vec<String>) {
        let Some(Waiting { record, reach }) = self.waiting.pop_front() else { return };
        self.cursor.position = reach;
        self.parked_keys.insert(record.partition_key());
        self.parked.push(Parked {
            position: record.position,
            partition_key: record.partition_key(),
            id: record.id,
            errors,
        });
    }

    fn pass_sent(&mut self, count: usize) {
        for Waiting { record, reach } in self.waiting.drain(..count.min(self.waiting.len())) {
            self.cursor.position = reach;
            self.cursor.sent = record.position;
            self.sent += 1;
        }
    }
}

/// The runs of all leases that have records.
pub(crate) fn runs(leases: &[Lease], filter: &Filter, records: Vec<Record>) -> Vec<SlotRun> {
    let mut by_slot: std::collections::BTreeMap<Slot, Vec<Record>> = std::collections::BTreeMap::new();
    for record in records {
        by_slot.entry(record.slot).or_default().push(record);
    }
    let run = |lease: &Lease| Some(SlotRun::new(*lease, filter, in_order(by_slot.remove(&lease.cursor.slot)?, lease)));
    leases.iter().filter_map(run).collect()
}

fn in_order(mut records: Vec<Record>, lease: &Lease) -> Vec<Record> {
    let passed: Sequence = lease.cursor.position;
    records.retain(|record| record.position > passed);
    records.sort_by_key(|record| record.position);
    records
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::clock::Timestamp;

    fn record(position: u64, key: &str) -> Record {
        let id = format!("e{position}").into();
        let at = Timestamp::from_unix_micros(0);
        let mut record = Record::new(slot(), Sequence::new(position), id, "order.placed", at);
        record.key = Some(key.to_owned().into());
        record
    }

    fn slot() -> Slot {
        Slot::from_number(3).unwrap()
    }

    fn run(records: Vec<Record>) -> SlotRun {
        filtered("*", records)
    }

    fn filtered(filter: &str, records: Vec<Record>) -> SlotRun {
        let lease = Lease::new(Cursor::new(slot(), Sequence::new(2), Sequence::new(1)), 9);
        SlotRun::new(lease, &filter.parse().unwrap(), records)
    }

    fn of_type(position: u64, event_type: &str) -> Record {
        Record { event_type: event_type.to_owned(), ..record(position, "a") }
    }

    /// What goes out, as (sequence, previous).
    fn places(run: &mut SlotRun) -> Vec<(u64, u64)> {
        let place = |e: Envelope| (e.sequence.unwrap().number(), e.previous.unwrap().number());
        run.outgoing(&"/s".into()).into_iter().map(place).collect()
    }

    #[test]
    fn each_event_names_the_one_sent_before_it() {
        let mut run = run(vec![record(4, "a"), record(7, "b")]);
        assert_eq!(places(&mut run), [(4, 1), (7, 4)]);
        run.settle(2, Outcome::Sent);
        let advance = run.advance().unwrap();
        assert_eq!((advance.cursor.position.number(), advance.cursor.sent.number(), advance.fence), (7, 7, 9));
    }

    #[test]
    fn a_transient_failure_stops_the_slot_where_it_is() {
        let mut run = run(vec![record(4, "a"), record(5, "b"), record(6, "c")]);
        assert_eq!(places(&mut run).len(), 3);
        run.settle(3, Outcome::Stopped { sent: 1 });
        assert!(places(&mut run).is_empty());
        assert_eq!(run.advance().unwrap().cursor.position.number(), 4);
    }

    #[test]
    fn a_refused_event_is_parked_with_all_later_ones_of_its_key_and_others_flow() {
        let mut run = run(vec![record(4, "a"), record(5, "b"), record(6, "a"), record(8, "b")]);
        assert_eq!(places(&mut run).len(), 4);
        run.settle(4, Outcome::Refused { sent: 0, errors: vec!["too large".to_owned()] });
        assert_eq!(places(&mut run), [(5, 1)]);
        run.settle(1, Outcome::Sent);
        assert_eq!(places(&mut run), [(8, 5)]);
        run.settle(1, Outcome::Sent);
        assert!(places(&mut run).is_empty());
        let advance = run.advance().unwrap();
        let parked: Vec<_> = advance.parked.iter().map(|p| (p.position.number(), p.errors.len())).collect();
        assert_eq!(parked, [(4, 1), (6, 0)]);
        assert_eq!((advance.cursor.position.number(), advance.cursor.sent.number()), (8, 8));
    }

    #[test]
    fn a_key_that_was_parked_earlier_stays_parked() {
        let mut late = record(4, "a");
        late.key_is_parked = true;
        let mut run = run(vec![late, record(5, "b")]);
        assert_eq!(places(&mut run), [(5, 1)]);
        run.settle(1, Outcome::Stopped { sent: 0 });
        let advance = run.advance().unwrap();
        assert_eq!((advance.cursor.position.number(), advance.cursor.sent.number()), (4, 1));
    }

    #[test]
    fn a_row_that_is_not_json_is_parked_and_does_not_block() {
        let mut broken = record(4, "a");
        broken.payload = "{".to_owned();
        let mut run = run(vec![broken, record(5, "b")]);
        assert_eq!(places(&mut run), [(5, 1)]);
        run.settle(1, Outcome::Sent);
        assert_eq!(run.advance().unwrap().parked.first().unwrap().errors.len(), 2);
    }

    #[test]
    fn what_the_filter_leaves_out_moves_the_cursor_and_leaves_no_gap() {
        let types = [(3, "b.x"), (4, "order.placed"), (5, "b.x"), (6, "b.x"), (8, "order.paid"), (9, "b.x")];
        let mut run = filtered("order.*", types.map(|(position, name)| of_type(position, name)).into());
        assert_eq!(places(&mut run), [(4, 1), (8, 4)]);
        run.settle(2, Outcome::Stopped { sent: 1 });
        let cursor = run.advance().unwrap().cursor;
        assert_eq!((cursor.position.number(), cursor.sent.number()), (6, 4));
        let mut run = filtered("order.*", types.map(|(position, name)| of_type(position, name)).into());
        let offered = places(&mut run).len();
        run.settle(offered, Outcome::Sent);
        let cursor = run.advance().unwrap().cursor;
        assert_eq!((cursor.position.number(), cursor.sent.number()), (9, 8));
    }

    #[test]
    fn a_slot_without_anything_for_the_sink_moves_on_and_parks_nothing() {
        let mut parked = of_type(5, "b.x");
        parked.key_is_parked = true;
        let mut run = filtered("order.*", vec![of_type(4, "b.x"), parked]);
        assert!(places(&mut run).is_empty());
        let advance = run.advance().unwrap();
        assert_eq!((advance.cursor.position.number(), advance.cursor.sent.number()), (5, 1));
        assert!(advance.parked.is_empty());
    }

    #[test]
    fn nothing_moves_without_records() {
        assert_eq!(run(Vec::new()).advance(), None);
    }
}
