//! An object that fulfils what is known of it.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use super::Objects;
use crate::contain::solve::branch::Branch;
use crate::contain::solve::formula::{Atom, F, Keys, Lit, Rest, kind};
use crate::contain::solve::{NOTHING, Outcome, Solver, better};

/// What a key that must be there is wanted for.
#[derive(Clone)]
enum Wanted<'a> {
    Value(Keys, Lit<'a>),
    Name(Lit<'a>),
}

/// Which patterns a key matches, and which it doesn't.
pub(super) type Class = Vec<(Rc<str>, bool)>;

type Plan<'a> = BTreeMap<Rc<str>, Vec<Lit<'a>>>;

struct Builder<'a> {
    objects: Objects<'a>,
    mentioned: BTreeSet<Rc<str>>,
    patterns: Vec<Rc<str>>,
    wanted: Vec<Wanted<'a>>,
    doubt: Option<Rc<str>>,
}

/// Beyond this many patterns, the classes of keys aren't gone through.
const MOST_PATTERNS: usize = 7;

impl<'a> Solver<'a> {
    /// An object that fulfils what is known.
    pub(in crate::contain::solve) fn object(&mut self, mut branch: Branch<'a>) -> Outcome {
        for (scope, lit, each) in std::mem::take(&mut branch.leftovers) {
            let Some(scope) = branch.scopes.get(scope) else { continue };
            if scope.all {
                if each { continue } else { return NOTHING }
            }
            let rest = Rest {
                names: scope.names.iter().cloned().collect(),
                patterns: scope.patterns.iter().cloned().collect(),
            };
            let keys = Keys::Rest(Rc::new(rest));
            let atom = if each { Atom::Each(keys, lit) } else { Atom::Some(keys, lit) };
            if branch.objects.take(atom).is_err() {
                return NOTHING;
            }
        }
        let objects = branch.objects;
        let wanted = objects.some.iter().map(|(keys, lit)| Wanted::Value(keys.clone(), *lit));
        let wanted = wanted.chain(objects.some_names.iter().map(|lit| Wanted::Name(*lit))).collect();
        let (mentioned, patterns) = (objects.mentioned(), objects.patterns());
        let plan = objects.present.iter().map(|name| (name.clone(), Vec::new())).collect();
        let mut builder = Builder { objects, mentioned, patterns, wanted, doubt: None };
        let outcome = self.check_present(&mut builder, &plan);
        if matches!(outcome, Outcome::Nothing(_)) {
            return outcome;
        }
        let outcome = self.place(&mut builder, 0, &plan);
        match (outcome, builder.doubt) {
            (Outcome::Found(value, None), Some(doubt)) => Outcome::Found(value, Some(doubt)),
            (outcome, _) => outcome,
        }
    }

    fn check_present(&mut self, builder: &mut Builder<'a>, plan: &Plan<'a>) -> Outcome {
        for (name, extra) in plan {
            let outcome = self.entry(builder, name, extra);
            if matches!(outcome, Outcome::Nothing(_)) {
                return outcome;
            }
        }
        Outcome::Found(Value::Null, None)
    }

    /// The value of a key.
    fn entry(&mut self, builder: &mut Builder<'a>, name: &Rc<str>, extra: &[Lit<'a>]) -> Outcome {
        if builder.objects.absent.contains(name) {
            return NOTHING;
        }
        let about_name = builder.objects.names.clone();
        if !about_name.is_empty() {
            let outcome = self.key(vec![F::Atom(Atom::Text(name.clone(), true))], &about_name);
            if !matches!(outcome, Outcome::Found(_, None)) {
                return outcome;
            }
        }
        let mut goal = extra.to_vec();
        for (keys, lit) in &builder.objects.each {
            match self.holds(keys, name) {
                Some(true) => goal.push(*lit),
                Some(false) => {}
                None => drop(builder.doubt.get_or_insert_with(|| "a pattern can't be computed with".into())),
            }
        }
        self.solve(goal)
    }

    fn holds(&mut self, keys: &Keys, name: &Rc<str>) -> Option<bool> {
        match keys {
            Keys::Name(known) => Some(known == name),
            Keys::Pattern(pattern) => self.language.matches(pattern, name),
            Keys::Rest(rest) if rest.names.contains(name) => Some(false),
            Keys::Rest(rest) => {
                let mut sure = true;
                for pattern in &rest.patterns {
                    match self.language.matches(pattern, name) {
                        Some(true) => return Some(false),
                        Some(false) => {}
                        None => sure = false,
                    }
                }
                sure.then_some(true)
            }
        }
    }

    /// A text that can be a key.
    fn key(&mut self, demands: Vec<F<'a>>, names: &[Lit<'a>]) -> Outcome {
        let mut branch = Branch::new(kind::TEXT);
        for demand in demands {
            branch.push(demand, None);
        }
        for lit in names {
            branch.push(F::lit(Lit { in_place: false, ..*lit }), None);
        }
        self.run(branch)
    }

    /// Finds a key for each thing that is wanted, then fills in the values.
    fn place(&mut self, builder: &mut Builder<'a>, at: usize, plan: &Plan<'a>) -> Outcome {
        let Some(wanted) = builder.wanted.get(at).cloned() else { return self.fill(builder, plan.clone()) };
        let mut best = NOTHING;
        let known: BTreeSet<Rc<str>> = builder.mentioned.iter().chain(plan.keys()).cloned().collect();
        for name in known {
            let fits = match &wanted {
                Wanted::Value(keys, _) => self.holds(keys, &name),
                Wanted::Name(lit) => self.name_is(&name, lit),
            };
            match fits {
                Some(true) => {}
                Some(false) => continue,
                None => {
                    better(&mut best, Outcome::unknown("a pattern can't be computed with"));
                    continue;
                }
            }
            if better(&mut best, self.place_at(builder, at, plan, &wanted, name)) {
                return best;
            }
        }
        for class in classes(&builder.patterns).unwrap_or_default() {
            let outcome = self.place_fresh(builder, at, plan, &wanted, &class);
            if better(&mut best, outcome) {
                return best;
            }
        }
        if classes(&builder.patterns).is_none() {
            better(&mut best, Outcome::unknown("too many patterns of keys to decide"));
        }
        best
    }

    fn name_is(&mut self, name: &Rc<str>, lit: &Lit<'a>) -> Option<bool> {
        match self.key(vec![F::Atom(Atom::Text(name.clone(), true))], &[*lit]) {
            Outcome::Found(_, None) => Some(true),
            Outcome::Nothing(usize::MAX) => Some(false),
            _ => None,
        }
    }

    fn place_at(
        &mut self,
        builder: &mut Builder<'a>,
        at: usize,
        plan: &Plan<'a>,
        wanted: &Wanted<'a>,
        name: Rc<str>,
    ) -> Outcome {
        let mut plan = plan.clone();
        let extra = plan.entry(name.clone()).or_default();
        if let Wanted::Value(_, lit) = wanted {
            extra.push(*lit);
        }
        let extra = extra.clone();
        let outcome = self.entry(builder, &name, &extra);
        if matches!(outcome, Outcome::Nothing(_)) {
            return outcome;
        }
        self.place(builder, at + 1, &plan)
    }

    /// Tries a key that no schema mentions, of the class of keys that match exactly these patterns.
    fn place_fresh(
        &mut self,
        builder: &mut Builder<'a>,
        at: usize,
        plan: &Plan<'a>,
        wanted: &Wanted<'a>,
        class: &Class,
    ) -> Outcome {
        if let Wanted::Value(keys, lit) = wanted {
            if !keys.hold_class(class) {
                return NOTHING;
            }
            let outcome = self.class_value(builder, class, Some(*lit));
            if matches!(outcome, Outcome::Nothing(_)) {
                return outcome;
            }
        }
        let name = match self.fresh(builder, plan, class, wanted) {
            Outcome::Found(Value::String(name), None) => Rc::from(name),
            Outcome::Found(..) => return Outcome::unknown("a key can't be computed"),
            other => return other,
        };
        self.place_at(builder, at, plan, wanted, name)
    }

    fn class_value(&mut self, builder: &Builder<'a>, class: &Class, extra: Option<Lit<'a>>) -> Outcome {
        let of_class = builder.objects.each.iter().filter(|(keys, _)| keys.hold_class(class)).map(|(_, lit)| *lit);
        let goal = of_class.chain(extra).collect();
        self.solve(goal)
    }

    fn fresh(&mut self, builder: &Builder<'a>, plan: &Plan<'a>, class: &Class, wanted: &Wanted<'a>) -> Outcome {
        let is_new = builder.mentioned.iter().chain(plan.keys()).map(|name| F::Atom(Atom::Text(name.clone(), false)));
        let of_class = class.iter().map(|(pattern, yes)| F::Atom(Atom::Pattern(pattern.clone(), *yes)));
        let readable = std::iter::once(F::Atom(Atom::MinLength(1))).filter(|_| class.is_empty());
        let mut names = builder.objects.names.clone();
        if let Wanted::Name(lit) = wanted {
            names.push(*lit);
        }
        let demands: Vec<F<'a>> = is_new.chain(of_class).collect();
        let long = demands.iter().cloned().chain(readable).collect();
        match self.key(long, &names) {
            found @ Outcome::Found(_, None) => found,
            _ => self.key(demands, &names),
        }
    }

    /// Fills in the values of the plan, and as many keys more as there must be.
    fn fill(&mut self, builder: &mut Builder<'a>, mut plan: Plan<'a>) -> Outcome {
        let mut object = Map::new();
        let mut doubt = None;
        for (name, extra) in &plan {
            match self.entry(builder, name, extra) {
                Outcome::Found(value, doubtful) => {
                    doubt = doubt.or(doubtful);
                    object.insert(name.to_string(), value);
                }
                other => return other,
            }
        }
        if object.len() as u64 > builder.objects.most {
            return NOTHING;
        }
        while (object.len() as u64) < builder.objects.least {
            match self.one_more(builder, &mut plan) {
                Ok((name, value)) => drop(object.insert(name.to_string(), value)),
                Err(outcome) => return outcome,
            }
        }
        Outcome::Found(Value::Object(object), doubt)
    }

    fn one_more(&mut self, builder: &mut Builder<'a>, plan: &mut Plan<'a>) -> Result<(Rc<str>, Value), Outcome> {
        let mut worst = NOTHING;
        let optional: Vec<Rc<str>> =
            builder.mentioned.iter().filter(|name| !plan.contains_key(*name)).cloned().collect();
        for name in optional {
            match self.entry(builder, &name, &[]) {
                Outcome::Found(value, None) => {
                    plan.insert(name.clone(), Vec::new());
                    return Ok((name, value));
                }
                other => drop(better(&mut worst, undecided(other))),
            }
        }
        let Some(classes) = classes(&builder.patterns) else {
            return Err(Outcome::unknown("too many patterns of keys to decide"));
        };
        for class in classes {
            let value = match self.class_value(builder, &class, None) {
                Outcome::Found(value, None) => value,
                other => {
                    better(&mut worst, undecided(other));
                    continue;
                }
            };
            match self.fresh(builder, plan, &class, &Wanted::Value(Keys::Name("".into()), Lit::made(usize::MAX))) {
                Outcome::Found(Value::String(name), None) => {
                    let name: Rc<str> = name.into();
                    plan.insert(name.clone(), Vec::new());
                    return Ok((name, value));
                }
                other => drop(better(&mut worst, undecided(other))),
            }
        }
        Err(worst)
    }
}

/// A doubtful find doesn't help where a value must be had for sure.
fn undecided(outcome: Outcome) -> Outcome {
    match outcome {
        Outcome::Found(_, Some(doubt)) => Outcome::Unknown(doubt),
        other => other,
    }
}

/// All ways in which a key can match some patterns and not the others; `None` if there are too many.
fn classes(patterns: &[Rc<str>]) -> Option<Vec<Class>> {
    if patterns.len() > MOST_PATTERNS {
        return None;
    }
    let mut classes = vec![Vec::new()];
    for pattern in patterns {
        let with = |yes: bool| {
            let pattern = pattern.clone();
            move |class: &Class| {
                let mut class = class.clone();
                class.push((pattern.clone(), yes));
                class
            }
        };
        classes = classes.iter().map(with(false)).chain(classes.iter().map(with(true))).collect();
    }
    Some(classes)
}
