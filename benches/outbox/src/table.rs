//! The table: what was measured, what was promised, and whether it was met.

use std::fmt;
use std::fs;
use std::path::Path;

use crate::Result;
use crate::database::Mode;
use crate::ratio::Ratios;

const END: &str = "<!-- end -->";

/// One line of the table.
#[derive(Debug, Clone)]
pub struct Row {
    what: String,
    mode: Option<Mode>,
    figure: String,
    spread: String,
    promise: Promise,
    met: bool,
}

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub enum Promise {
    AtLeast(f64),
    AtMost(f64),
    None,
}

impl Row {
    /// A ratio of rates.
    pub fn ratio(what: &str, mode: Mode, ratios: &Ratios, promise: Promise) -> Self {
        let (figure, spread) = (format!("{:.2}", ratios.median()), ratios.to_string());
        Self { what: what.to_owned(), mode: Some(mode), figure, spread, met: promise.met(ratios.median()), promise }
    }

    /// A figure of its own.
    pub fn figure(
        what: &str,
        mode: Option<Mode>,
        (value, unit): (f64, &str),
        spread: String,
        promise: Promise,
    ) -> Self {
        let figure = if unit == "B" { format!("{value:.0} B") } else { format!("{value:.2} {unit}") };
        Self { what: what.to_owned(), mode, figure, spread, met: promise.met(value), promise }
    }

    /// What could not be measured, and why.
    pub fn missing(what: &str, mode: Mode, why: String, promise: Promise) -> Self {
        Self { what: what.to_owned(), mode: Some(mode), figure: "–".to_owned(), spread: why, promise, met: false }
    }

    /// How commits are made doesn't count here.
    pub fn of_either_mode(self) -> Self {
        Self { mode: None, ..self }
    }

    fn verdict(&self) -> &'static str {
        match self.promise {
            Promise::None => "",
            _ if self.figure == "–" => "not measured",
            _ if self.met => "met",
            _ => "**missed**",
        }
    }
}

impl Promise {
    fn met(self, value: f64) -> bool {
        match self {
            Self::AtLeast(bound) => value >= bound,
            Self::AtMost(bound) => value <= bound,
            Self::None => true,
        }
    }
}

impl fmt::Display for Promise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "≥ {bound}"),
            Self::AtMost(bound) => write!(f, "≤ {bound}"),
            Self::None => Ok(()),
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mode = self.mode.map_or("either", Mode::word);
        let Self { what, figure, spread, promise, .. } = self;
        write!(f, "| {what} | {mode} | {figure} | {spread} | {promise} | {} |", self.verdict())
    }
}

/// The table, and below it what it was measured on.
pub fn markdown(rows: &[Row], about: &str) -> String {
    let mut text =
        String::from("| measured | commits | figure | middle half | target | |\n|---|---|---:|---|---:|---|\n");
    for row in rows {
        text.push_str(&format!("{row}\n"));
    }
    text.push_str(&format!("\n{about}\n"));
    text
}

/// Puts the table of a database between its marks.
pub fn write(file: &Path, database: &str, table: &str) -> Result<()> {
    let begin = format!("<!-- begin: {database}, written by `outbox --write` -->");
    let text = fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let marks = || format!("{} has no line `{begin}` with a line `{END}` after it", file.display());
    let (before, rest) = text.split_once(&begin).ok_or_else(marks)?;
    let (_, after) = rest.split_once(END).ok_or_else(marks)?;
    Ok(fs::write(file, format!("{before}{begin}\n{table}{END}{after}"))?)
}
