//! When a destination that fails is left alone, and when it is tried again.

use std::time::Duration;

/// When a relay leaves a destination alone that fails, and for how long.
///
/// After some failures in a row it opens: nothing is read and nothing is sent, but the slots are kept. After a pause one
/// event is tried. If it is taken everything flows again, else the next pause is twice as long.
///
/// ```
/// use std::time::Duration;
/// use event_core::Breaker;
///
/// let breaker = Breaker::default().failures(3).pause(Duration::from_millis(100), Duration::from_secs(5));
/// # let _ = breaker;
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    failures: u32,
    first: Duration,
    longest: Duration,
}

impl Breaker {
    /// Opens after this many failures in a row, of any slots; 5 unless set. A slot that got an event through first, or
    /// an event that is refused for good, is no failure: the destination answers.
    #[must_use]
    pub fn failures(mut self, in_a_row: u32) -> Self {
        self.failures = in_a_row.max(1);
        self
    }

    /// How long the first pause is, and how long the longest; 200 ms and 10 s unless set. Each is twice the one before.
    #[must_use]
    pub fn pause(mut self, first: Duration, longest: Duration) -> Self {
        self.first = first.max(Duration::from_millis(1));
        self.longest = longest.max(self.first);
        self
    }

    /// Never opens: a slot that fails is tried again on its own, after at most a second.
    #[must_use]
    pub fn never() -> Self {
        Self::default().failures(u32::MAX)
    }

    fn pause_after(&self, openings: u32) -> Duration {
        self.first.saturating_mul(2_u32.saturating_pow(openings)).min(self.longest)
    }
}

impl Default for Breaker {
    fn default() -> Self {
        Self { failures: 5, first: Duration::from_millis(200), longest: Duration::from_secs(10) }
    }
}

/// What may be sent now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Allowed {
    /// Everything.
    All,
    /// One event of one slot, to see whether the destination is back.
    Probe,
    /// Nothing until then.
    Nothing(Duration),
    /// Nothing until the probe is answered.
    Answer,
}

/// The breaker of one destination. Times are those since its relay began.
#[derive(Debug)]
pub(crate) struct Circuit {
    breaker: Breaker,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { until: Duration, openings: u32 },
    Probing { openings: u32 },
}

impl Circuit {
    pub(crate) fn new(breaker: Breaker) -> Self {
        Self { breaker, state: State::Closed { failures: 0 } }
    }

    /// What may be sent at `now`.
    pub(crate) fn allowed(&self, now: Duration) -> Allowed {
        match self.state {
            State::Closed { .. } => Allowed::All,
            State::Open { until, .. } if now < until => Allowed::Nothing(until),
            State::Open { .. } => Allowed::Probe,
            State::Probing { .. } => Allowed::Answer,
        }
    }

    /// A probe is on its way.
    pub(crate) fn probe(&mut self) {
        if let State::Open { openings, .. } = self.state {
            self.state = State::Probing { openings };
        }
    }

    /// The destination took or refused something: it is there.
    pub(crate) fn answered(&mut self) {
        self.state = State::Closed { failures: 0 };
    }

    /// Nothing of what was to be sent had to be: a probe that tells nothing is made again.
    pub(crate) fn told_nothing(&mut self, now: Duration) {
        if let State::Probing { openings } = self.state {
            self.state = State::Open { until: now, openings };
        }
    }

    /// A slot got nothing through.
    pub(crate) fn failed(&mut self, now: Duration) {
        self.state = match self.state {
            State::Closed { failures } if failures + 1 >= self.breaker.failures => self.open(now, 0),
            State::Closed { failures } => State::Closed { failures: failures + 1 },
            State::Probing { openings } => self.open(now, openings.saturating_add(1)),
            // What was on its way when it opened says nothing new.
            open @ State::Open { .. } => open,
        };
    }

    /// 0 closed, 1 probing, 2 open: what the metric shows.
    pub(crate) fn level(&self) -> u8 {
        match self.state {
            State::Closed { .. } => 0,
            State::Probing { .. } => 1,
            State::Open { .. } => 2,
        }
    }

    fn open(&self, now: Duration, openings: u32) -> State {
        State::Open { until: now + self.breaker.pause_after(openings), openings }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secs(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn circuit() -> Circuit {
        Circuit::new(Breaker::default().failures(3).pause(secs(1), secs(5)))
    }

    fn opened() -> Circuit {
        let mut circuit = circuit();
        (0..3).for_each(|_| circuit.failed(secs(10)));
        circuit
    }

    #[test]
    fn it_opens_after_failures_in_a_row_and_not_before() {
        let mut circuit = circuit();
        circuit.failed(secs(0));
        circuit.failed(secs(0));
        circuit.answered();
        circuit.failed(secs(0));
        circuit.failed(secs(0));
        assert_eq!(circuit.allowed(secs(0)), Allowed::All);
        circuit.failed(secs(0));
        assert_eq!(circuit.allowed(secs(0)), Allowed::Nothing(secs(1)));
    }

    #[test]
    fn after_the_pause_one_probe_decides() {
        let mut circuit = opened();
        assert_eq!(circuit.allowed(secs(11)), Allowed::Probe);
        circuit.probe();
        assert_eq!((circuit.allowed(secs(11)), circuit.level()), (Allowed::Answer, 1));
        circuit.answered();
        assert_eq!((circuit.allowed(secs(11)), circuit.level()), (Allowed::All, 0));
    }

    #[test]
    fn pauses_double_up_to_the_longest_and_begin_anew_once_it_was_closed() {
        let mut circuit = opened();
        let mut now = secs(10);
        for pause in [1, 2, 4, 5, 5] {
            assert_eq!(circuit.allowed(now), Allowed::Nothing(now + secs(pause)));
            now += secs(pause);
            circuit.probe();
            circuit.failed(now);
        }
        circuit.answered();
        (0..3).for_each(|_| circuit.failed(now));
        assert_eq!(circuit.allowed(now), Allowed::Nothing(now + secs(1)));
    }

    #[test]
    fn a_probe_that_tells_nothing_is_made_again() {
        let mut circuit = opened();
        circuit.probe();
        circuit.told_nothing(secs(12));
        assert_eq!(circuit.allowed(secs(12)), Allowed::Probe);
    }

    #[test]
    fn failures_that_come_late_prolong_nothing() {
        let mut circuit = opened();
        (0..60).for_each(|_| circuit.failed(secs(10)));
        assert_eq!((circuit.allowed(secs(10)), circuit.level()), (Allowed::Nothing(secs(11)), 2));
    }

    #[test]
    fn no_option_is_out_of_bounds() {
        let mut never = Circuit::new(Breaker::never());
        (0..1000).for_each(|_| never.failed(secs(0)));
        assert_eq!(never.allowed(secs(0)), Allowed::All);
        let mut hasty = Circuit::new(Breaker::default().failures(0).pause(Duration::ZERO, Duration::ZERO));
        hasty.failed(secs(0));
        assert_eq!(hasty.allowed(secs(0)), Allowed::Nothing(Duration::from_millis(1)));
        assert_eq!(Breaker::default().pause_after(u32::MAX), secs(10));
    }
}
