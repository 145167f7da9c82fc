//! Entry point of `cargo xtask`.

use std::process::ExitCode;

use clap::Parser;
use xtask::cli::{Cli, Task};

fn main() -> ExitCode {
    match Cli::parse().task {
        Task::Test(options) => xtask::test::run(&options),
        Task::Exam(options) => xtask::exam::run(&options),
        Task::Chaos(options) => xtask::chaos::run(&options),
    }
}
