//! `cargo xtask exam`: asks schema-check, and whoever else is asked to sit in, for a verdict on every case of
//! `tests/exam`, and counts the answers.
//!
//! Who is asked is a program that answers `compare --jsonl`: what is judged is what users run.

pub mod case;
pub mod document;
pub mod program;
pub mod score;
pub mod table;

use std::path::Path;
use std::process::ExitCode;

use crate::cli::ExamOptions;
use crate::interrupt::Interrupt;
use case::Case;
use program::{Answers, Program};
use score::{Scores, Shortfall};

/// Runs the task; fails on an unsound answer of ours, and under the aims.
#[must_use]
pub fn run(options: &ExamOptions) -> ExitCode {
    match Interrupt::listen().map_err(|error| format!("cannot listen to signals: {error}")) {
        Ok(interrupt) => match sit(options, &interrupt) {
            Ok(shortfalls) if shortfalls.is_empty() => ExitCode::SUCCESS,
            Ok(shortfalls) => {
                shortfalls.iter().for_each(|shortfall| println!("{shortfall}"));
                ExitCode::FAILURE
            }
            Err(reason) => could_not(&reason),
        },
        Err(reason) => could_not(&reason),
    }
}

fn could_not(reason: &str) -> ExitCode {
    println!("the exam could not be held: {reason}");
    ExitCode::FAILURE
}

fn sit(options: &ExamOptions, interrupt: &Interrupt) -> Result<Vec<Shortfall>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut cases = case::load(&root)?;
    if options.sample {
        cases.retain(Case::is_in_sample);
    }
    let ours = mark(&cases, &program::ours(&root, options.release), interrupt)?;
    print!("{}", table::ours(&ours));
    ours.print_what_is_not_right(options.unknown);
    let rivals = if options.rivals { Some(rivals(&root, &cases, interrupt)?) } else { None };
    if let Some(rivals) = &rivals {
        print!("\n{}", table::rivals(&ours, rivals));
    }
    if let Some(file) = &options.write {
        document::write(file, &table::ours(&ours), rivals.map(|rivals| table::rivals(&ours, &rivals)).as_deref())?;
    }
    Ok(score::shortfalls(&ours))
}

fn rivals(root: &Path, cases: &[Case], interrupt: &Interrupt) -> Result<Vec<(String, Scores)>, String> {
    let mut marked = Vec::new();
    for rival in program::rivals(root) {
        match mark(cases, &rival, interrupt) {
            Ok(scores) => marked.push((rival.name.clone(), scores)),
            // A rival that runs out of memory has no column; the others have theirs.
            Err(reason) => println!("{} has no marks: {reason}", rival.name),
        }
    }
    Ok(marked)
}

fn mark(cases: &[Case], program: &Program, interrupt: &Interrupt) -> Result<Scores, String> {
    let answers = Answers::ask(program, cases, interrupt)?;
    Ok(Scores::of(cases, &answers))
}
