//! The flags, as clap reads them.

use std::path::PathBuf;

use clap::error::ErrorKind;
use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use super::environment::Environment;
use crate::baseline::Asked;
use crate::contain::{Draft, Semantics};
use crate::discover::CargoFlags;
use crate::files::is_day;
use crate::report;

/// Fails the build on a change of a domain event that is not additive.
#[derive(Debug, Parser)]
#[command(name = "schema-check", version, propagate_version = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) cargo: Cargo,
    #[command(flatten)]
    pub(super) gate: Gate,
    /// Print the JSON Schema of what `--format json` prints
    #[arg(long)]
    pub(super) report_schema: bool,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compare the code's events with schemas/ (the default); never writes
    Check,
    /// Write what is new or additive, all or nothing
    Accept(Accept),
    /// Compare any two schemas, or a stream of them, without a Rust project
    Compare(Compare),
    /// List the events of the code and of schemas/
    List,
    /// Copy the schemas of somebody else's events into schemas/foreign/, from their producer
    #[command(disable_version_flag = true)]
    Vendor(Vendor),
    /// Set a project up: a workflow, line ends of schemas; overwrites nothing
    Init(Init),
    /// Write the next version of an event into the source: the newest is kept under another Rust name
    NewVersion(NewVersion),
    /// Let findings pass for a time: blocks in schemas/waivers.toml
    Waive(Waive),
    /// End a version's life: nothing of it is stored or sent any more
    Retire(Retire),
    /// Say what a rule is about: why, who breaks, an example, what to write instead
    Explain(Explain),
    /// List the rules with their levels
    Rules,
}

#[derive(Debug, Args)]
pub(super) struct Init {
    /// Write a workflow for GitHub Actions, also where there is no .github folder
    #[arg(long)]
    pub(super) github: bool,
}

#[derive(Debug, Args)]
pub(super) struct NewVersion {
    /// The wire type: `order.placed`
    #[arg(value_name = "TYPE")]
    pub(super) event_type: String,
    /// Print the change, and write nothing
    #[arg(long)]
    pub(super) dry_run: bool,
}

#[derive(Debug, Args)]
pub(super) struct Waive {
    /// What reports print beside the findings
    #[arg(required = true, value_name = "FINGERPRINT")]
    pub(super) fingerprints: Vec<String>,
    /// The last day on which they may pass
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub(super) until: String,
    /// Why they may pass
    #[arg(long, value_parser = reason)]
    pub(super) reason: String,
}

#[derive(Debug, Args)]
pub(super) struct Retire {
    /// The wire type: `order.placed`
    #[arg(value_name = "TYPE")]
    pub(super) event_type: String,
    /// The version
    #[arg(id = "event-version", value_name = "VERSION", value_parser = version)]
    pub(super) version: u32,
    /// Why nobody needs it any more
    #[arg(long, value_parser = reason)]
    pub(super) reason: String,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The rule's id, as findings name it in brackets: `field_removed`
    pub(super) rule: String,
}

#[derive(Debug, Args)]
pub(super) struct Accept {
    /// Also write what breaks, and record it in schemas/waivers.toml
    #[arg(long, requires = "reason")]
    pub(super) breaking: bool,
    /// Why a break is harmless
    #[arg(long, requires = "breaking", value_parser = reason)]
    pub(super) reason: Option<String>,
}

#[derive(Debug, Args)]
pub(super) struct Vendor {
    /// A checkout, its schemas/ or one file, or `git:URL[#REV]`; every source that is recorded unless given
    #[arg(value_name = "PATH|git:URL")]
    pub(super) source: Option<String>,
    /// Only events of this type; all unless given
    #[arg(long = "type", value_name = "TYPE")]
    pub(super) types: Vec<String>,
    /// Only this version; of one plain file, the version that it describes
    #[arg(long, value_name = "N")]
    pub(super) version: Option<u32>,
    /// The branch, tag or commit of the repository
    #[arg(long, value_name = "REV")]
    pub(super) rev: Option<String>,
    /// The folder or file within the repository
    #[arg(long, value_name = "PATH")]
    pub(super) path: Option<String>,
    /// The place of the schema in a file of many: it is cut out, with what it refers to
    #[arg(long, value_name = "POINTER")]
    pub(super) pointer: Option<String>,
    /// Tell what differs from the sources, and write nothing
    #[arg(long)]
    pub(super) check: bool,
}

#[derive(Debug, Args)]
pub(super) struct Compare {
    /// The earlier schema, or an object with the keys `writer` and `reader`
    #[arg(required_unless_present = "jsonl")]
    pub(super) old: Option<PathBuf>,
    /// The later one
    #[arg(required_unless_present = "jsonl")]
    pub(super) new: Option<PathBuf>,
    /// One object with `id`, `old` and `new` a line, from a file or stdin
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "-", conflicts_with_all = ["old", "new"])]
    pub(super) jsonl: Option<PathBuf>,
    /// What a schema means: to serde on both ends, or to a validator
    #[arg(long, value_enum, default_value_t)]
    pub(super) semantics: Meaning,
    /// The draft of schemas without `$schema`
    #[arg(long, value_name = "DRAFT", default_value = "2020-12", value_parser = draft)]
    pub(super) default_draft: Draft,
}

fn reason(text: &str) -> Result<String, &'static str> {
    let text = text.trim();
    if text.is_empty() { Err("write a reason that others will understand") } else { Ok(text.to_owned()) }
}

fn day(text: &str) -> Result<String, &'static str> {
    if is_day(text) { Ok(text.to_owned()) } else { Err("write a day like 2026-12-31") }
}

/// `2`, also as reports print it: `v2`.
fn version(text: &str) -> Result<u32, &'static str> {
    text.strip_prefix('v').unwrap_or(text).parse().map_err(|_| "write a version like 2")
}

fn draft(name: &str) -> Result<Draft, &'static str> {
    Draft::by_name(name).ok_or("write 04, 06, 07, 2019-09 or 2020-12")
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum Meaning {
    /// Closed writers, tolerant readers, integer formats as ranges
    #[default]
    Events,
    /// Pure inclusion of sets
    Validation,
}

impl From<Meaning> for Semantics {
    fn from(meaning: Meaning) -> Self {
        match meaning {
            Meaning::Events => Self::Events,
            Meaning::Validation => Self::Validation,
        }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum Format {
    /// Paragraphs with the lines of your code
    Human,
    /// One line each
    Short,
    /// One document for programs
    Json,
    /// Workflow commands; the default inside of GitHub Actions
    Github,
    /// SARIF 2.1.0, for code scanners
    Sarif,
    /// A comment for a pull request
    Markdown,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Cargo")]
pub(super) struct Cargo {
    /// The Cargo.toml of the project
    #[arg(long, global = true, value_name = "PATH")]
    manifest_path: Option<PathBuf>,
    /// Look at these packages only; the whole workspace unless given
    #[arg(short, long = "package", global = true, value_name = "SPEC")]
    packages: Vec<String>,
    /// Look at the whole workspace
    #[arg(long, global = true, conflicts_with = "packages")]
    workspace: bool,
    /// Features to build with, besides those of `[package.metadata.schema-check]`
    #[arg(short = 'F', long, global = true, value_delimiter = ',')]
    features: Vec<String>,
    /// Build with every feature
    #[arg(long, global = true)]
    all_features: bool,
    /// Build without the default features
    #[arg(long, global = true)]
    no_default_features: bool,
    /// Fail where Cargo.lock would change
    #[arg(long, global = true)]
    locked: bool,
    /// Use no network
    #[arg(long, global = true)]
    offline: bool,
    /// The platform to build for: its programs must run here
    #[arg(long, global = true, value_name = "TRIPLE")]
    target: Option<String>,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Gate")]
pub(super) struct Gate {
    /// The folder of the committed schemas, for every package
    #[arg(long, global = true, value_name = "DIR")]
    pub(super) schemas: Option<PathBuf>,
    /// An earlier state to compare with as well: a folder, or `git:REV`
    #[arg(long, global = true, value_name = "DIR|git:REV")]
    against: Option<String>,
    /// How to print
    #[arg(long, global = true, value_enum)]
    format: Option<Format>,
}

impl Arguments {
    /// As asked; inside of GitHub Actions a report is annotations unless told otherwise.
    pub(super) fn format(&self, environment: &Environment) -> report::Format {
        match self.gate.format {
            None if environment.github && self.reports() => report::Format::Github,
            None | Some(Format::Human) => report::Format::Human,
            Some(Format::Short) => report::Format::Short,
            Some(Format::Json) => report::Format::Json,
            Some(Format::Github) => report::Format::Github,
            Some(Format::Sarif) => report::Format::Sarif,
            Some(Format::Markdown) => report::Format::Markdown,
        }
    }

    /// Refuses the formats of a report for a command that makes none: nobody should upload a list as SARIF.
    pub(super) fn checked(self) -> Result<Self, clap::Error> {
        match self.gate.format {
            Some(Format::Github | Format::Sarif | Format::Markdown) if !self.reports() => {
                let message = "`--format github`, `sarif` and `markdown` are for `check` and `accept`";
                Err(Self::command().error(ErrorKind::ArgumentConflict, message))
            }
            _ => Ok(self),
        }
    }

    fn reports(&self) -> bool {
        matches!(self.command, None | Some(Command::Check | Command::Accept(_)))
    }

    pub(super) fn cargo_flags(&self, environment: &Environment) -> CargoFlags {
        let cargo = &self.cargo;
        let features = cargo.features.iter().flat_map(|features| features.split_whitespace());
        CargoFlags {
            manifest_path: cargo.manifest_path.clone(),
            packages: cargo.packages.clone(),
            features: features.map(str::to_owned).collect(),
            all_features: cargo.all_features,
            no_default_features: cargo.no_default_features,
            locked: cargo.locked,
            offline: cargo.offline,
            target: cargo.target.clone(),
            cargo: environment.cargo.clone(),
            rustc: environment.rustc.clone(),
            rustc_wrapper: environment.rustc_wrapper.clone(),
        }
    }

    pub(super) fn baseline(&self, environment: &Environment) -> Asked {
        Asked {
            against: self.gate.against.clone(),
            ci: environment.ci,
            target_branch: environment.target_branch.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_flags_of_all_commands_fit_together() {
        Arguments::command().debug_assert();
    }
}
