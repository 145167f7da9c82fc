//! Scores as tables, in Markdown.

use std::fmt::Write as _;

use super::case::DIRECTIONS;
use super::score::{Score, Scores};

/// A row per group and direction.
#[must_use]
pub fn ours(scores: &Scores) -> String {
    let mut table =
        String::from("| corpus | direction | right | unknown | unsound | total |\n|---|---|---:|---:|---:|---:|\n");
    for group in scores.groups() {
        for (at, direction) in DIRECTIONS.iter().enumerate() {
            let score = scores.get(group, at);
            if score.total() > 0 {
                row(&mut table, group, direction, score);
            }
        }
    }
    row(&mut table, "all corpora", "both", scores.corpora());
    row(&mut table, "all edits", "both", scores.edits());
    table
}

fn row(table: &mut String, group: &str, direction: &str, score: Score) {
    let Score { right, unknown, unsound } = score;
    // Writing to a text can't fail.
    let _ = writeln!(table, "| {group} | {direction} | {right} | {unknown} | {unsound} | {} |", score.total());
}

/// A column per program: right, unknown and unsound answers.
#[must_use]
pub fn rivals(ours: &Scores, rivals: &[(String, Scores)]) -> String {
    let mut table = String::from("| corpus | total | schema-check |");
    rivals.iter().for_each(|(name, _)| table.push_str(&format!(" {name} |")));
    table.push_str("\n|---|---:|---:|");
    rivals.iter().for_each(|_| table.push_str("---:|"));
    table.push('\n');
    let all: Vec<&Scores> = std::iter::once(ours).chain(rivals.iter().map(|(_, scores)| scores)).collect();
    for group in ours.groups() {
        let score = |scores: &Scores| both(scores.get(group, 0), scores.get(group, 1));
        columns(&mut table, group, &all, score);
    }
    columns(&mut table, "all corpora", &all, Scores::corpora);
    columns(&mut table, "all edits", &all, Scores::edits);
    table
}

fn columns(table: &mut String, name: &str, all: &[&Scores], score: impl Fn(&Scores) -> Score) {
    let total = all.first().map_or(0, |scores| score(scores).total());
    table.push_str(&format!("| {name} | {total} |"));
    for scores in all {
        let Score { right, unknown, unsound } = score(scores);
        table.push_str(&format!(" {right} / {unknown} / {unsound} |"));
    }
    table.push('\n');
}

fn both(one: Score, other: Score) -> Score {
    Score { right: one.right + other.right, unknown: one.unknown + other.unknown, unsound: one.unsound + other.unsound }
}
