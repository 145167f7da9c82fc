//! `cargo schema-check`: cargo adds the name of the command as the first argument.

use std::process::ExitCode;

use schema_check::cli::{Environment, run};

fn main() -> ExitCode {
    let arguments = std::env::args_os().enumerate();
    let named =
        |(at, argument): (usize, std::ffi::OsString)| (at != 1 || argument != "schema-check").then_some(argument);
    ExitCode::from(run(arguments.filter_map(named), &Environment::of_process()))
}
