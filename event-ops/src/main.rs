//! `event-ops`

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(event_ops::run(std::env::args_os()))
}
