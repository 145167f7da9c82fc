//! `--format markdown`: a comment for a pull request.

use super::words::{self, Cause};
use super::{View, compared_with};
use crate::error::CannotRun;
use crate::gate::{Report, Reported, Row, Status};

/// Bytes of what is told of events: a comment holds 65,536 letters.
const LONGEST: usize = 60_000;

pub(super) fn render(report: &Report, view: &View<'_>) -> String {
    let counted = words::counted(report).unwrap_or_else(|| "no events".to_owned());
    let mut text = format!("### schema-check: {counted}\n\n");
    let told: Vec<&Row> = report.rows.iter().filter(|row| is_told(row)).collect();
    if !told.is_empty() {
        text.push_str("| event | status | backward | forward | place |\n|---|---|---|---|---|\n");
        add(&mut text, LONGEST / 2, told.iter().map(|row| table_row(row)));
        text.push('\n');
    }
    add(&mut text, LONGEST, told.iter().filter(|row| !row.findings.is_empty()).map(|row| details(row, view)));
    for line in report.notes.iter().map(String::as_str).chain([compared_with(view).as_str()]) {
        text.push_str(&format!("{}\n\n", escaped(line)));
    }
    if let Some(next) = words::next(report) {
        text.push_str(&format!("**next**: {}\n", escaped(next)));
    }
    text
}

pub(super) fn failure(error: &CannotRun) -> String {
    format!("### schema-check could not run\n\n{}\n\n**help**: {}\n", escaped(&error.message()), escaped(error.help()))
}

fn is_told(row: &Row) -> bool {
    !matches!(row.status, Status::Unchanged | Status::Retired) || !row.findings.is_empty()
}

/// Adds parts as long as they fit, and says how many don't.
fn add(text: &mut String, limit: usize, parts: impl Iterator<Item = String>) {
    let mut left_out = 0;
    for part in parts {
        if left_out > 0 || text.len() + part.len() > limit {
            left_out += 1;
        } else {
            text.push_str(&part);
        }
    }
    if left_out > 0 {
        text.push_str(&format!("\n{left_out} more events: `schema-check` prints them all\n"));
    }
}

fn table_row(row: &Row) -> String {
    let status = row.status.word();
    let status = if row.findings.iter().any(Reported::denies) { format!("**{status}**") } else { status.to_owned() };
    let place = row.rust.as_ref().map_or_else(String::new, |rust| cell(&format!("{}:{}", rust.file, rust.line)));
    let (event, word) = (cell(&row.event_type), |word: Option<&'static str>| word.unwrap_or("–"));
    format!(
        "| {event} v{} | {status} | {} | {} | {place} |\n",
        row.event_version,
        word(row.backward),
        word(row.forward)
    )
}

fn details(row: &Row, view: &View<'_>) -> String {
    let causes = words::causes(row);
    let open = if row.findings.iter().any(Reported::denies) { " open" } else { "" };
    let event = html(&format!("{} v{}", row.event_type, row.event_version));
    let told: String = causes.iter().map(|cause| paragraph(cause, view)).collect();
    format!("<details{open}><summary><code>{event}</code></summary>\n\n{told}</details>\n\n")
}

fn paragraph(cause: &Cause<'_>, view: &View<'_>) -> String {
    let (reported, finding) = (cause.first, &cause.first.finding);
    let word = words::severity(finding.level);
    let committed = words::place(reported, view.sources.schema_line(&reported.file, &finding.pointer));
    let at = reported.rust.as_ref().map(|rust| format!("{}:{}", rust.file, rust.line));
    let at = at.map(|at| format!("{}, ", code(&at))).unwrap_or_default();
    let mut text = format!("**{word}** {}: {}\n", code(finding.rule), escaped(&finding.message));
    text.push_str(&format!("- {at}{}\n", code(&committed)));
    for note in &cause.notes {
        text.push_str(&format!("- {}\n", told(note)));
    }
    text.push_str(&cause.help.map(|help| format!("- **help**: {}\n", escaped(help))).unwrap_or_default());
    text + "\n"
}

/// What holds a value or somebody else's words is code as a whole.
fn told(note: &str) -> String {
    for lead in ["for example ", "serde says: "] {
        if let Some(rest) = note.strip_prefix(lead) {
            return format!("{lead}{}", code(rest));
        }
    }
    escaped(note)
}

/// A code span around any text: its fence is longer than every run of backticks inside.
fn code(text: &str) -> String {
    let text = words::one_line(text);
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let (fence, pad) = ("`".repeat(longest + 1), if text.starts_with('`') || text.ends_with('`') { " " } else { "" });
    if text.trim().is_empty() { "(empty)".to_owned() } else { format!("{fence}{pad}{text}{pad}{fence}") }
}

/// Code in a table, where a bar would end the cell even there.
fn cell(text: &str) -> String {
    code(text).replace('|', "\\|")
}

/// Our own sentences keep their code spans; everything else in them is text, whatever users called their fields.
fn escaped(text: &str) -> String {
    let text = words::one_line(text);
    let parts: Vec<&str> = text.split('`').collect();
    let balanced = parts.len() % 2 == 1;
    let each = parts.iter().enumerate().map(|(number, part)| match (number % 2 == 1 && balanced, part.is_empty()) {
        (true, false) => code(part),
        (true, true) => "\\`\\`".to_owned(),
        (false, _) => plain(part),
    });
    each.collect::<Vec<_>>().join(if balanced { "" } else { "\\`" })
}

/// Letters that mean something to Markdown are escaped; `@name`, `#1` and addresses lead nowhere.
fn plain(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '@' | '#' => escaped.extend([letter, '\u{200b}']),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '\\' | '*' | '_' | '[' | ']' | '>' | '|' | '~' | '!' | '$' => escaped.extend(['\\', letter]),
            _ => escaped.push(letter),
        }
    }
    escaped.replace("://", ":\u{200b}//").replace("www.", "www\u{200b}.")
}

fn html(text: &str) -> String {
    let text = words::one_line(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('@', "@\u{200b}")
}
