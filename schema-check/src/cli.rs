//! The command line: reads arguments, runs a command, prints its answer and returns the exit code.

mod accept;
mod arguments;
mod check;
mod compare;
mod environment;
mod init;
mod list;
mod new_version;
mod retire;
mod rules;
mod trying;
mod vendor;
mod waive;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::Parser;

use crate::error::CannotRun;
use crate::files::{Change, render};
use crate::gate::Report;
use crate::report;
use arguments::{Arguments, Command};
pub use environment::Environment;

/// What a command prints on stdout, what it says aside on stderr, and its exit code.
#[derive(Debug, Default)]
struct Answer {
    text: String,
    aside: String,
    exit: u8,
}

impl Answer {
    fn of(report: &Report, view: &report::View<'_>, format: report::Format) -> Self {
        let (text, aside) = (report::render(report, view, format), report::aside(report, view, format));
        Self { text, aside, exit: report.summary().exit }
    }
}

/// Runs the tool: 0 fine, 1 findings, 2 could not run, 3 run `accept`.
#[must_use]
pub fn run(arguments: impl IntoIterator<Item = OsString>, environment: &Environment) -> u8 {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if let Some(exit) = crate::discover::run_in_place_of_rustc(&arguments) {
        return exit;
    }
    let arguments = match Arguments::try_parse_from(arguments).and_then(Arguments::checked) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Where nobody listens there is nobody to tell.
            let _ = error.print();
            return u8::try_from(error.exit_code()).unwrap_or(2);
        }
    };
    if arguments.report_schema {
        return print(report::JSON_SCHEMA, 0);
    }
    let format = arguments.format(environment);
    let answer = match &arguments.command {
        None | Some(Command::Check) => check::run(&arguments, environment),
        Some(Command::Accept(accept)) => accept::run(&arguments, accept, environment),
        Some(Command::Compare(compare)) => compare::run(compare, format),
        Some(Command::List) => list::run(&arguments, environment),
        Some(Command::Vendor(vendor)) => vendor::run(&arguments, vendor, environment),
        Some(Command::Init(init)) => init::run(&arguments, init, environment),
        Some(Command::NewVersion(wanted)) => new_version::run(&arguments, wanted, environment),
        Some(Command::Waive(waive)) => waive::run(&arguments, waive, environment),
        Some(Command::Retire(retire)) => retire::run(&arguments, retire, environment),
        Some(Command::Explain(explain)) => rules::explain(&explain.rule, format),
        Some(Command::Rules) => Ok(rules::list(format)),
    };
    answer.map_or_else(
        |error| {
            // As above.
            let _ = io::stderr().write_all(report::complaint(&error).as_bytes());
            print(&report::failure(&error, format).unwrap_or_default(), 2)
        },
        |answer| {
            // As above.
            let _ = io::stderr().write_all(answer.aside.as_bytes());
            let print = if format == report::Format::Human { print_coloured } else { print };
            print(&answer.text, answer.exit)
        },
    )
}

/// Prints; a closed pipe changes no verdict.
fn print(text: &str, exit: u8) -> u8 {
    let _ = io::stdout().write_all(text.as_bytes()).and_then(|()| io::stdout().flush());
    exit
}

/// Prints a text with colours, which only a terminal gets (or whoever sets `CLICOLOR_FORCE`).
fn print_coloured(text: &str, exit: u8) -> u8 {
    let mut stream = anstream::stdout();
    // As above.
    let _ = stream.write_all(text.as_bytes()).and_then(|()| stream.flush());
    exit
}

/// What a command that writes says: for programs, the files.
fn written(format: report::Format, changes: &[Change], told: String) -> String {
    let paths: Vec<_> = changes.iter().map(|change| change.path.to_string_lossy()).collect();
    match format {
        report::Format::Json => render(&serde_json::json!({ "written": paths })),
        _ => told,
    }
}

type Outcome = Result<Answer, CannotRun>;
