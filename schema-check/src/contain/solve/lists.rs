//! What is known of an array, and an array that fulfils it.

use serde_json::Value;

use super::branch::{Branch, Clash};
use super::formula::{Atom, Key, Lit, What};
use super::{NOTHING, Outcome, Solver, better};
use crate::contain::draft::Draft;

/// What is known of an array.
#[derive(Clone)]
pub(super) struct Lists<'a> {
    least: u64,
    most: u64,
    each: Vec<(u64, u64, Lit<'a>)>,
    /// In some place, all of these hold.
    some: Vec<(u64, u64, Vec<Lit<'a>>)>,
    /// From a place on, each item fulfils one of these.
    either: Vec<(u64, Vec<Lit<'a>>)>,
    at_least: Vec<(Lit<'a>, u64)>,
    at_most: Vec<(Lit<'a>, u64)>,
    unique: bool,
    repeats: bool,
}

impl Default for Lists<'_> {
    fn default() -> Self {
        Self {
            least: 0,
            most: u64::MAX,
            each: Vec::new(),
            some: Vec::new(),
            either: Vec::new(),
            at_least: Vec::new(),
            at_most: Vec::new(),
            unique: false,
            repeats: false,
        }
    }
}

const END: u64 = u64::MAX;
/// The longest array that is built.
const LONGEST: u64 = 300;
const MOST_WANTED: usize = 6;
/// What an item costs that may be evaluated in several ways.
const COSTLY: u64 = 100;
/// In how many ways an item may be evaluated.
const MOST_WAYS: usize = 64;

impl<'a> Lists<'a> {
    pub(super) fn take(&mut self, atom: Atom<'a>) -> Result<(), Clash> {
        match atom {
            Atom::MinItems(least) => self.least = self.least.max(least),
            Atom::MaxItems(most) => self.most = self.most.min(most),
            Atom::EachItem(from, _, lit) if lit.is_never() => self.most = self.most.min(from),
            Atom::EachItem(from, to, lit) => self.each.push((from, to, lit)),
            Atom::SomeItem(from, to, lit) => {
                self.least = self.least.max(from.saturating_add(1));
                if to == from + 1 {
                    self.each.push((from, to, lit));
                } else {
                    self.some.push((from, to, vec![lit]));
                }
            }
            Atom::AtLeast(_, 0) => {}
            Atom::AtLeast(lit, 1) => return self.take(Atom::SomeItem(0, END, lit)),
            Atom::AtLeast(lit, least) => {
                self.least = self.least.max(least);
                self.at_least.push((lit, least));
            }
            Atom::AtMost(lit, 0) => return self.take(Atom::EachItem(0, END, lit.not())),
            Atom::AtMost(lit, most) => self.at_most.push((lit, most)),
            Atom::Unique(true) => self.unique = true,
            Atom::Unique(false) => {
                self.repeats = true;
                self.least = self.least.max(2);
            }
            _ => {}
        }
        if self.least > self.most || self.unique && self.repeats { Err(Clash) } else { Ok(()) }
    }

    pub(super) fn settles(&self, atom: &Atom<'a>) -> Option<bool> {
        match atom {
            Atom::MinItems(least) if self.least >= *least => Some(true),
            Atom::MinItems(least) if self.most < *least => Some(false),
            Atom::MaxItems(most) if self.most <= *most => Some(true),
            Atom::MaxItems(most) if self.least > *most => Some(false),
            Atom::EachItem(from, ..) if self.most <= *from => Some(true),
            Atom::SomeItem(from, ..) if self.most <= *from => Some(false),
            Atom::Unique(yes) if self.unique => Some(*yes),
            Atom::Unique(yes) if self.repeats => Some(!yes),
            Atom::Unique(yes) if self.most < 2 => Some(*yes),
            _ => None,
        }
    }

    /// What neither a place nor a `contains` has evaluated: each (or some) such item fulfils `lit`.
    fn take_unevaluated(&mut self, from: u64, contained: &[Lit<'a>], lit: Lit<'a>, each: bool) {
        if each {
            self.either.push((from, contained.iter().copied().chain([lit]).collect()));
        } else {
            self.least = self.least.max(from.saturating_add(1));
            self.some.push((from, END, contained.iter().map(|lit| lit.not()).chain([lit]).collect()));
        }
    }

    /// The ways in which the item of a place may fulfil one each of what it may fulfil.
    fn ways(&self, place: u64) -> Vec<Vec<Lit<'a>>> {
        let here = self.either.iter().filter(|(from, _)| *from <= place);
        here.fold(vec![Vec::new()], |ways, (_, any)| {
            let with =
                |way: &Vec<Lit<'a>>| any.iter().map(|lit| [way.as_slice(), &[*lit]].concat()).collect::<Vec<_>>();
            ways.iter().flat_map(with).collect()
        })
    }

    fn at(&self, place: u64) -> Vec<Lit<'a>> {
        self.each.iter().filter(|(from, to, _)| *from <= place && place < *to).map(|(_, _, lit)| *lit).collect()
    }

    /// From here on, each place is like the others.
    fn alike_from(&self) -> u64 {
        let ends = |from: u64, to: u64| if to == END { from } else { to };
        let each = self.each.iter().map(|(from, to, _)| ends(*from, *to));
        let some = self.some.iter().map(|(from, to, _)| ends(*from, *to));
        each.chain(some).chain(self.either.iter().map(|(from, _)| *from)).max().unwrap_or(0)
    }
}

/// What is wanted somewhere between two places, and of which group no two may be in one place.
type Wanted<'a> = (u64, u64, Vec<Lit<'a>>, Option<usize>);

/// An array under construction.
#[derive(Clone)]
struct Row<'a> {
    lists: Lists<'a>,
    length: u64,
    items: Vec<Value>,
    /// What is still wanted in some place.
    wanted: Vec<Wanted<'a>>,
    /// How many more may fulfil what few may.
    budgets: Vec<u64>,
    /// Two places that must hold the same.
    twins: Option<(u64, u64)>,
    goals: Vec<Vec<Key>>,
}

impl<'a> Solver<'a> {
    /// An array that fulfils what is known.
    pub(super) fn list(&mut self, mut branch: Branch<'a>) -> Outcome {
        let mut doubt = None;
        for (scope, lit, each) in std::mem::take(&mut branch.leftovers) {
            let Some(scope) = branch.scopes.get(scope) else { continue };
            if scope.all {
                if each { continue } else { return NOTHING }
            }
            if scope.contained.is_empty() {
                let (from, to) = (scope.prefix, END);
                let atom = if each { Atom::EachItem(from, to, lit) } else { Atom::SomeItem(from, to, lit) };
                if branch.lists.take(atom).is_err() {
                    return NOTHING;
                }
            } else if scope.contained.iter().all(|lit| self.evaluates_what_it_contains(lit)) {
                branch.lists.take_unevaluated(scope.prefix, &scope.contained, lit, each);
            } else {
                doubt = Some("`unevaluatedItems` beside `contains` can't be computed with".into());
            }
        }
        super::with_doubt(self.lengths(&branch.lists), doubt)
    }

    /// Before draft 2020-12, what a `contains` has found still counts as not evaluated to some.
    fn evaluates_what_it_contains(&self, lit: &Lit<'a>) -> bool {
        match lit.what {
            What::Node(node) => self.documents.get(node.document).is_some_and(|it| it.draft == Draft::Draft202012),
            _ => false,
        }
    }

    fn lengths(&mut self, lists: &Lists<'a>) -> Outcome {
        let mut wanted: Vec<Wanted<'a>> =
            lists.some.iter().map(|(from, to, lits)| (*from, *to, lits.clone(), None)).collect();
        for (group, (lit, least)) in lists.at_least.iter().enumerate() {
            wanted.extend((0..(*least).min(LONGEST)).map(|_| (0, END, vec![*lit], Some(group))));
        }
        let ways = lists.either.iter().fold(1, |ways: usize, (_, any)| ways.saturating_mul(any.len()));
        if ways > MOST_WAYS {
            return Outcome::unknown("an array offers too many ways to evaluate its items");
        }
        if wanted.len() > MOST_WANTED || lists.at_most.len() > MOST_WANTED || lists.least > LONGEST {
            return Outcome::unknown("an array would be too long");
        }
        let free = wanted.is_empty() && !lists.repeats;
        let room = lists.least.max(lists.alike_from()) + wanted.len() as u64 + u64::from(lists.repeats) * 2;
        let longest = if free { lists.least } else { room.min(lists.most) };
        if longest > LONGEST {
            return Outcome::unknown("an array would be too long");
        }
        let mut best = NOTHING;
        for length in lists.least..=longest {
            for twins in twins(lists.repeats, length) {
                let budgets = lists.at_most.iter().map(|(_, most)| *most).collect();
                let (items, goals) = (Vec::new(), Vec::new());
                let mut row =
                    Row { lists: lists.clone(), length, items, wanted: wanted.clone(), budgets, twins, goals };
                if better(&mut best, self.next_item(&mut row)) {
                    return best;
                }
            }
        }
        best
    }

    fn next_item(&mut self, row: &mut Row<'a>) -> Outcome {
        let place = row.items.len() as u64;
        if self.fuel == 0 {
            return Outcome::unknown("the schemas are too large to decide within the limit");
        }
        // Ways to evaluate items multiply from place to place.
        let cost = if row.lists.either.is_empty() { 1 } else { COSTLY };
        self.fuel = self.fuel.saturating_sub(cost);
        if place == row.length {
            let done = row.wanted.is_empty();
            return if done { Outcome::Found(Value::Array(row.items.clone()), None) } else { NOTHING };
        }
        let here: Vec<usize> = (0..row.wanted.len()).filter(|at| row.wants(*at, place)).collect();
        let left = row.length - place - 1;
        let mut best = NOTHING;
        for chosen in 0..1_u32 << here.len() {
            let chosen: Vec<usize> =
                here.iter().enumerate().filter(|(bit, _)| chosen >> bit & 1 == 1).map(|(_, at)| *at).collect();
            if !row.is_sensible(&chosen) || left == 0 && chosen.len() < row.wanted.len() {
                continue;
            }
            if better(&mut best, self.with_budgets(row, &chosen)) {
                return best;
            }
        }
        best
    }

    /// Each thing that only few places may fulfil is fulfilled here, or not.
    fn with_budgets(&mut self, row: &mut Row<'a>, chosen: &[usize]) -> Outcome {
        let mut best = NOTHING;
        for spent in 0..1_u32 << row.budgets.len() {
            let spends = |group: usize| spent >> group & 1 == 1;
            if row.budgets.iter().enumerate().any(|(group, left)| spends(group) && *left == 0) {
                continue;
            }
            let mut goal = row.lists.at(row.items.len() as u64);
            goal.extend(chosen.iter().filter_map(|at| row.wanted.get(*at)).flat_map(|(_, _, lits, _)| lits));
            for (group, (lit, _)) in row.lists.at_most.iter().enumerate() {
                goal.push(if spends(group) { *lit } else { lit.not() });
            }
            let mut next = Row {
                lists: row.lists.clone(),
                items: row.items.clone(),
                wanted: row.wanted.clone(),
                budgets: row.budgets.clone(),
                goals: row.goals.clone(),
                ..*row
            };
            next.spend(chosen, spends);
            if better(&mut best, self.either_way(&next, &goal)) {
                return best;
            }
        }
        best
    }

    /// Tries each way in which the item may be evaluated.
    fn either_way(&mut self, row: &Row<'a>, goal: &[Lit<'a>]) -> Outcome {
        let mut best = NOTHING;
        for more in row.lists.ways(row.items.len() as u64) {
            let goal = goal.iter().copied().chain(more).collect();
            if better(&mut best, self.item(&mut row.clone(), goal)) {
                return best;
            }
        }
        best
    }

    fn item(&mut self, row: &mut Row<'a>, mut goal: Vec<Lit<'a>>) -> Outcome {
        let place = row.items.len() as u64;
        if let Some((first, second)) = row.twins {
            if place == first {
                goal.extend(row.lists.at(second));
            }
            if place == second {
                let twin = usize::try_from(first).ok().and_then(|first| row.items.get(first)).cloned();
                goal.extend(twin.map(|value| self.make(value)));
            }
        }
        let keys: Vec<Key> = goal.iter().map(Lit::key).collect();
        let alike = row.goals.iter().all(|known| *known == keys);
        row.goals.push(keys);
        if row.lists.unique && !row.items.is_empty() {
            if let nothing @ Outcome::Nothing(_) = self.solve(goal.clone()) {
                return nothing;
            }
            let taken: Vec<Value> = row.items.clone();
            goal.extend(taken.into_iter().map(|value| self.make(value).not()));
        }
        match self.solve(goal) {
            Outcome::Found(value, doubt) => {
                row.items.push(value);
                super::with_doubt(self.next_item(row), doubt)
            }
            Outcome::Nothing(_) if row.lists.unique && !row.items.is_empty() && !alike => {
                Outcome::unknown("unique items of several kinds")
            }
            Outcome::Nothing(_) if row.is_second_twin(place) && row.is_choosy() => {
                Outcome::unknown("repeated items of several kinds")
            }
            other => other,
        }
    }
}

impl Row<'_> {
    fn is_second_twin(&self, place: u64) -> bool {
        self.twins.is_some_and(|(_, second)| second == place)
    }

    /// Whether what stands in one place depends on more than the place.
    fn is_choosy(&self) -> bool {
        let lists = &self.lists;
        lists.at_most.len() + lists.at_least.len() + lists.some.len() + lists.either.len() > 0
    }

    fn wants(&self, at: usize, place: u64) -> bool {
        self.wanted.get(at).is_some_and(|(from, to, ..)| *from <= place && place < *to)
    }

    /// No two of one group in one place.
    fn is_sensible(&self, chosen: &[usize]) -> bool {
        let groups: Vec<usize> = chosen.iter().filter_map(|at| self.wanted.get(*at)?.3).collect();
        groups.iter().enumerate().all(|(at, group)| groups.iter().skip(at + 1).all(|other| other != group))
    }

    fn spend(&mut self, chosen: &[usize], spends: impl Fn(usize) -> bool) {
        for at in chosen.iter().rev() {
            self.wanted.remove(*at);
        }
        for (group, left) in self.budgets.iter_mut().enumerate() {
            if spends(group) {
                *left -= 1;
            }
        }
    }
}

fn twins(repeats: bool, length: u64) -> Vec<Option<(u64, u64)>> {
    if !repeats {
        return vec![None];
    }
    (0..length).flat_map(|first| (first + 1..length).map(move |second| Some((first, second)))).collect()
}
