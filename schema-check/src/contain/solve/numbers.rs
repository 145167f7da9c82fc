//! What is known of a number, and a number that fulfils it.

use std::rc::Rc;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

use super::branch::Clash;
use super::formula::Atom;
use super::number::{Rat, to_json};
use super::{NOTHING, Outcome};

/// What is known of a number.
#[derive(Clone, Default)]
pub(super) struct Numbers {
    low: Option<(Rat, bool)>,
    high: Option<(Rat, bool)>,
    integral: Option<bool>,
    spelled: Option<bool>,
    multiples: Vec<(Rat, bool)>,
    not: Vec<Rat>,
    /// A multiple of zero or less: no draft allows it.
    odd: bool,
}

/// How many candidates are looked at.
const MOST: u64 = 3000;

impl Numbers {
    pub(super) fn take(&mut self, atom: Atom<'_>) -> Result<(), Clash> {
        match atom {
            Atom::Above(bound, strict) => self.raise(bound, strict),
            Atom::Below(bound, strict) => self.lower(bound, strict),
            Atom::Number(number, true) => {
                self.raise(number.clone(), false);
                self.lower(number, false);
            }
            Atom::Number(number, false) => self.not.push(number),
            Atom::Integral(yes) => settle(&mut self.integral, yes)?,
            Atom::Spelled(yes) => settle(&mut self.spelled, yes)?,
            Atom::Multiple(of, _) if !of.is_positive() => self.odd = true,
            Atom::Multiple(of, yes) => self.multiples.push((of, yes)),
            _ => {}
        }
        if self.spelled == Some(true) && self.integral == Some(false) || self.is_empty_range() {
            return Err(Clash);
        }
        Ok(())
    }

    fn raise(&mut self, bound: Rat, strict: bool) {
        let higher = self.low.as_ref().is_none_or(|(low, was)| bound > *low || bound == *low && strict && !was);
        if higher {
            self.low = Some((bound, strict));
        }
    }

    fn lower(&mut self, bound: Rat, strict: bool) {
        let lower = self.high.as_ref().is_none_or(|(high, was)| bound < *high || bound == *high && strict && !was);
        if lower {
            self.high = Some((bound, strict));
        }
    }

    fn is_empty_range(&self) -> bool {
        match (&self.low, &self.high) {
            (Some((low, open)), Some((high, ends))) => low > high || low == high && (*open || *ends),
            _ => false,
        }
    }

    /// Whether what is known settles an atom.
    pub(super) fn settles(&self, atom: &Atom<'_>) -> Option<bool> {
        let mut with = self.clone();
        if with.take(atom_of(atom, true)?).is_err() {
            return Some(false);
        }
        let mut without = self.clone();
        without.take(atom_of(atom, false)?).is_err().then_some(true)
    }

    pub(super) fn solve(&self) -> Outcome {
        if self.odd {
            return Outcome::unknown("`multipleOf` is not above zero");
        }
        let mut steps: Vec<&Rat> = self.multiples.iter().filter(|(_, yes)| *yes).map(|(of, _)| of).collect();
        let one = Rat::one();
        if self.integral == Some(true) || self.spelled == Some(true) {
            steps.push(&one);
        }
        match steps
            .into_iter()
            .fold(None, |step: Option<Rat>, next| Some(step.map_or(next.clone(), |step| lcm(&step, next))))
        {
            Some(step) => self.on_grid(&step),
            None => self.anywhere(),
        }
    }

    fn fits(&self, number: &Rat) -> bool {
        let above = self.low.as_ref().is_none_or(|(low, strict)| number > low || !strict && number == low);
        let below = self.high.as_ref().is_none_or(|(high, strict)| number < high || !strict && number == high);
        let multiple = |(of, yes): &(Rat, bool)| (number / of).is_integer() == *yes;
        above
            && below
            && !self.not.contains(number)
            && self.integral.is_none_or(|yes| number.is_integer() == yes)
            && (self.spelled != Some(true) || number.is_integer())
            && self.multiples.iter().all(multiple)
    }

    fn found(&self, number: &Rat) -> Outcome {
        let float = self.spelled == Some(false);
        match to_json(number, float) {
            Some(value) => Outcome::Found(value, None),
            None => Outcome::unknown("a number has no finite decimal expansion"),
        }
    }

    /// Multiples of `step` only. Whether one fits repeats with the period of all steps.
    fn on_grid(&self, step: &Rat) -> Outcome {
        let period = self.multiples.iter().fold(step.clone(), |period, (of, _)| lcm(&period, of));
        let in_period = (period / step).to_integer();
        let first = match (&self.low, &self.high) {
            (Some((low, _)), _) => (low / step).ceil().to_integer(),
            (None, Some((high, _))) => (high / step).floor().to_integer(),
            (None, None) => BigInt::zero(),
        };
        let down = self.low.is_none() && self.high.is_some();
        let enough: BigInt = in_period * BigInt::from(self.not.len() + 2) + BigInt::from(2);
        let looked_at = enough.to_u64().unwrap_or(u64::MAX).min(MOST);
        for at in 0..looked_at {
            let at = BigInt::from(at);
            let number = step * BigRational::from_integer(if down { &first - at } else { &first + at });
            if self.fits(&number) {
                return self.found(&number);
            }
            let past = |bound: &Option<(Rat, bool)>| {
                bound.as_ref().is_some_and(|(bound, _)| if down { number < *bound } else { number > *bound })
            };
            if past(if down { &self.low } else { &self.high }) {
                return NOTHING;
            }
        }
        if BigInt::from(looked_at) == enough { NOTHING } else { Outcome::unknown("too many multiples to look at") }
    }

    /// Any fraction: all but finitely many places of a range that isn't a point fit.
    fn anywhere(&self) -> Outcome {
        let candidates = self.candidates();
        if let Some(number) = candidates.iter().find(|number| self.fits(number)) {
            return self.found(number);
        }
        match (&self.low, &self.high) {
            (Some((low, _)), Some((high, _))) if low == high => NOTHING,
            _ => Outcome::unknown("no number was found in a range"),
        }
    }

    fn candidates(&self) -> Vec<Rat> {
        let whole = |number: i64| Rat::from_integer(BigInt::from(number));
        let part = |over: i64, under: i64| Rat::new(BigInt::from(over), BigInt::from(under));
        let spread = |at: i64| [whole(at), part(at * 2 + 1, 2), part(at * 8 + 1, 8), part(at * 1024 + 3, 1024)];
        let from: Vec<Rat> = (0..40).flat_map(spread).collect();
        match (&self.low, &self.high) {
            (Some((low, _)), Some((high, _))) => {
                let width = high - low;
                let inner = (1..60_i64).flat_map(|at| [part(at, 64), part(at, 128), part(at, 1000)]);
                let mut all = vec![low.clone(), high.clone()];
                all.extend(from.iter().map(|number| low.ceil() + number));
                all.extend(inner.map(|share| low + &width * share));
                all
            }
            (Some((low, _)), None) => from.iter().map(|number| low + number).collect(),
            (None, Some((high, _))) => from.iter().map(|number| high - number).collect(),
            (None, None) => from,
        }
    }
}

fn settle(known: &mut Option<bool>, yes: bool) -> Result<(), Clash> {
    match known {
        Some(known) if *known != yes => Err(Clash),
        _ => {
            *known = Some(yes);
            Ok(())
        }
    }
}

fn atom_of<'a>(atom: &Atom<'_>, yes: bool) -> Option<Atom<'a>> {
    Some(match (atom, yes) {
        (Atom::Above(bound, strict), true) => Atom::Above(bound.clone(), *strict),
        (Atom::Above(bound, strict), false) => Atom::Below(bound.clone(), !strict),
        (Atom::Below(bound, strict), true) => Atom::Below(bound.clone(), *strict),
        (Atom::Below(bound, strict), false) => Atom::Above(bound.clone(), !strict),
        (Atom::Integral(is), _) => Atom::Integral(*is == yes),
        (Atom::Spelled(is), _) => Atom::Spelled(*is == yes),
        (Atom::Number(number, is), _) if *is == yes => Atom::Number(number.clone(), true),
        (Atom::Number(..), _) => Atom::Opaque(Rc::from(""), true),
        _ => return None,
    })
}

/// The smallest number of which both are divisors.
fn lcm(left: &Rat, right: &Rat) -> Rat {
    Rat::new(left.numer().lcm(right.numer()), left.denom().gcd(right.denom()))
}
