//! Two revisions of a contract, and what the rules say about them.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, dead_code, reason = "shared by tests, which may fail loudly")]

use schema_check::contain::{Options, Pair, Verdict, compare};
use schema_check::{Direction, Finding, Side, Subject, explain, notes};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub(crate) const SUBJECT: Subject<'static> = Subject { event_type: "order.placed", event_version: 2 };

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) old: [Value; 2],
    pub(crate) new: [Value; 2],
    /// The directions that this edit breaks, as a person knows it.
    pub(crate) breaks: Vec<Direction>,
}

impl Case {
    pub(crate) fn findings(&self) -> Vec<Finding> {
        let both = [Direction::Backward, Direction::Forward];
        let found: Vec<Finding> = both.into_iter().flat_map(|it| self.in_direction(it)).collect();
        if found.is_empty() { self.notes() } else { found }
    }

    /// What is told of an edit that breaks nobody.
    fn notes(&self) -> Vec<Finding> {
        notes(&SUBJECT, &pair(&self.old), &pair(&self.new)).into_iter().map(|(finding, _)| finding).collect()
    }

    pub(crate) fn in_direction(&self, direction: Direction) -> Vec<Finding> {
        self.assert_the_prover_agrees(direction);
        let verdict = match self.breaks.contains(&direction) {
            true => Verdict::Breaking { counterexample: Value::Null },
            false => Verdict::Compatible,
        };
        let findings = explain(&SUBJECT, &pair(&self.old), &pair(&self.new), direction, &verdict, &Options::default());
        assert_eq!(self.breaks.contains(&direction), !findings.is_empty(), "{} {direction:?}: {findings:?}", self.name);
        findings
    }

    fn assert_the_prover_agrees(&self, direction: Direction) {
        let comparison = compare(pair(&self.old), pair(&self.new), &Options::default());
        let verdict = if direction == Direction::Backward { comparison.backward } else { comparison.forward };
        let expected = if self.breaks.contains(&direction) { "breaking" } else { "compatible" };
        assert_eq!(verdict.word(), expected, "{} {direction:?}: {verdict:?}", self.name);
    }

    /// What a finding points at.
    pub(crate) fn pointed(&self, finding: &Finding) -> Option<&Value> {
        let side = if finding.side == Side::Old { &self.old } else { &self.new };
        let [writer, reader] = side;
        let schema = if finding.role == schema_check::Role::Reader { reader } else { writer };
        schema.pointer(&finding.pointer)
    }
}

fn pair(both: &[Value; 2]) -> Pair<'_> {
    Pair { writer: &both[0], reader: &both[1] }
}

pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub(crate) fn cases(rule: &str, kind: &str) -> Vec<Case> {
    let folder = root().join("tests/rules").join(rule).join(kind);
    let Ok(files) = std::fs::read_dir(&folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| case(file)).collect()
}

fn case(file: &Path) -> Case {
    let mut text: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
    let breaks = [Direction::Backward, Direction::Forward].into_iter();
    let breaks = breaks.filter(|it| text["breaks"].as_array().unwrap().iter().any(|word| word == it.word())).collect();
    Case { name, old: both(text["old"].take()), new: both(text["new"].take()), breaks }
}

fn both(mut side: Value) -> [Value; 2] {
    match side.get("writer").is_some() {
        true => [side["writer"].take(), side["reader"].take()],
        false => [side.clone(), side],
    }
}

pub(crate) fn text(name: &str, findings: &[Finding]) -> String {
    let told = findings.iter().map(|finding| {
        let place = format!("{:?} {} #{}", finding.side, finding.role.word(), finding.pointer);
        let field = finding.field.as_deref().unwrap_or("-");
        let direction = finding.direction.map_or("-", Direction::word);
        let tail = [("", &finding.note), ("help: ", &finding.help)];
        let tail = tail.iter().filter_map(|(word, line)| Some(format!("  = {word}{}\n", line.as_ref()?)));
        format!(
            "{}[{}]: {}\n  --> {place}, {field}, {direction}\n{}",
            finding.level.word(),
            finding.rule,
            finding.message,
            tail.collect::<String>()
        )
    });
    format!("== {name}\n{}", told.collect::<String>())
}
