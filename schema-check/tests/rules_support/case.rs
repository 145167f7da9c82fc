//! Two revisions of a contract, and what the rules say about them.

use schema_check::contain::{Pair, Semantics, Verdict, contains};
use schema_check::{Direction, Finding, Side, Subject, explain};
use serde_json::Value;
use std::path::{Path, PathBuf};

pub const SUBJECT: Subject<'static> = Subject { event_type: "order.placed", event_version: 2 };

pub struct Case {
    pub name: String,
    pub old: [Value; 2],
    pub new: [Value; 2],
}

impl Case {
    pub fn findings(&self) -> Vec<Finding> {
        [Direction::Backward, Direction::Forward].into_iter().flat_map(|it| self.in_direction(it)).collect()
    }

    pub fn in_direction(&self, direction: Direction) -> Vec<Finding> {
        let (old, new) = (pair(&self.old), pair(&self.new));
        let verdict = self.verdict(direction);
        let findings = explain(&SUBJECT, &old, &new, direction, &verdict, Semantics::Events);
        let breaking = matches!(verdict, Verdict::Breaking { .. });
        assert_eq!(breaking, !findings.is_empty(), "{} {direction:?}: {findings:?}", self.name);
        findings
    }

    pub fn verdict(&self, direction: Direction) -> Verdict {
        match direction {
            Direction::Backward => contains(&self.old[0], &self.new[1], Semantics::Events),
            Direction::Forward => contains(&self.new[0], &self.old[1], Semantics::Events),
        }
    }

    /// The schema that a finding points into.
    pub fn pointed(&self, finding: &Finding) -> Option<&Value> {
        let side = if finding.side == Side::Old { &self.old } else { &self.new };
        let index = usize::from(finding.role == schema_check::Role::Reader);
        side[index].pointer(&finding.pointer)
    }
}

fn pair(both: &[Value; 2]) -> Pair<'_> {
    Pair { writer: &both[0], reader: &both[1] }
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

pub fn cases(rule: &str, kind: &str) -> Vec<Case> {
    let folder = root().join("tests/rules").join(rule).join(kind);
    let Ok(files) = std::fs::read_dir(&folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    files.sort();
    files.iter().map(|file| case(file)).collect()
}

fn case(file: &Path) -> Case {
    let mut text: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
    Case { name, old: both(text["old"].take()), new: both(text["new"].take()) }
}

fn both(mut side: Value) -> [Value; 2] {
    match side.get("writer").is_some() {
        true => [side["writer"].take(), side["reader"].take()],
        false => [side.clone(), side],
    }
}

pub fn text(name: &str, findings: &[Finding]) -> String {
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
