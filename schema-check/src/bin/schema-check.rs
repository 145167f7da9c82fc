//! `schema-check`

use std::process::ExitCode;

use schema_check::cli::{Environment, run};

fn main() -> ExitCode {
    ExitCode::from(run(std::env::args_os(), &Environment::of_process()))
}
