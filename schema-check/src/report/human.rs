//! `--format human`: what is wrong, where, who suffers, what to type; then a count, the baseline and the next step.

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level as Weight, Origin, Renderer, Snippet};

use super::caret::{self, Part};
use super::words::{self, Cause, one_line};
use super::{View, compared_with};
use crate::discover::Place;
use crate::finding::Level;
use crate::gate::{Report, Reported, Row};

/// The text with colours; where nobody sees them they are taken out on the way.
pub(super) fn render(report: &Report, view: &View<'_>) -> String {
    let renderer = Renderer::styled();
    let mut text = String::new();
    for row in &report.rows {
        for cause in words::causes(row) {
            text.push_str(&renderer.render(&[diagnostic(&cause, view)]));
            text.push_str("\n\n");
        }
        if let Some(what) = words::news(row) {
            text.push_str(&renderer.render(&[news(row, what)]));
            text.push_str("\n\n");
        }
    }
    for note in &report.notes {
        text.push_str(&format!("note: {}\n", one_line(note)));
    }
    text + &footer(report, view)
}

fn diagnostic<'a>(cause: &Cause<'a>, view: &View<'a>) -> Group<'a> {
    let reported = cause.first;
    let finding = &reported.finding;
    let weight = match finding.level {
        Level::Deny => Weight::ERROR,
        Level::Warn => Weight::WARNING,
        Level::Note => Weight::NOTE,
    };
    let group = Group::with_title(weight.primary_title(one_line(&finding.message)).id(finding.rule));
    let committed = words::place(reported, view.sources.schema_line(&reported.file, &finding.pointer));
    let quoted = reported.rust.as_ref().and_then(|rust| Some((rust, view.sources.line(&rust.file, rust.line)?)));
    let group = match (quoted, &reported.rust) {
        (Some((rust, line)), _) => {
            let group = group.element(snippet(rust, line, reported.token.as_deref(), finding.rule, committed));
            group.elements(within(reported, view))
        }
        (None, Some(rust)) => group.element(origin(rust)).element(note(committed)),
        (None, None) => group.element(Origin::path(one_line(&reported.file))).element(note(committed)),
    };
    let help = cause.help.map(|help| Element::from(Weight::HELP.message(one_line(help))));
    let waive = cause.waive().map(|command| note(format!("to let it pass for a time: `{command}`")));
    group.elements(cause.notes.iter().map(|text| note(text.clone()))).elements(help).elements(waive)
}

fn note<'a>(text: String) -> Element<'a> {
    Weight::NOTE.message(text).into()
}

fn origin<'a>(rust: &Place) -> Origin<'a> {
    Origin::path(one_line(&rust.file)).line(usize::try_from(rust.line).unwrap_or_default())
}

fn snippet<'a>(
    rust: &Place,
    line: &'a str,
    token: Option<&str>,
    rule: &str,
    label: String,
) -> Snippet<'a, Annotation<'a>> {
    let span = caret::span(line, token, Part::of(rule));
    Snippet::source(line)
        .line_start(usize::try_from(rust.line).unwrap_or_default())
        .path(one_line(&rust.file))
        .annotation(AnnotationKind::Primary.span(span).label(label))
}

/// The line of a nested type that the event's own field leads to.
fn within<'a>(reported: &'a Reported, view: &View<'a>) -> Option<Snippet<'a, Annotation<'a>>> {
    let (place, token) = reported.nested.as_ref()?;
    let line = view.sources.line(&place.file, place.line)?;
    let span = caret::span(line, Some(token), Part::of(reported.finding.rule));
    let snippet = Snippet::source(line).line_start(usize::try_from(place.line).unwrap_or_default());
    let label = AnnotationKind::Context.span(span).label("it is here, within that field");
    Some(snippet.path(one_line(&place.file)).annotation(label))
}

/// A row without a complaint that is worth a line.
fn news<'a>(row: &Row, what: &str) -> Group<'a> {
    let title = one_line(&format!("`{}` v{} {what}", row.event_type, row.event_version));
    let group = Group::with_title(Weight::NOTE.primary_title(title).id(row.status.word()));
    let group = group.elements(row.rust.as_ref().map(|rust| Element::from(origin(rust))));
    group.elements(words::rollout(row).map(|order| note(format!("rollout: {order}"))))
}

fn footer(report: &Report, view: &View<'_>) -> String {
    let mut text = String::new();
    if let Some(counted) = words::counted(report) {
        let events = if report.rows.len() == 1 { "version" } else { "versions" };
        text.push_str(&format!("{} {events} of events: {counted}\n{}\n", report.rows.len(), compared_with(view)));
    }
    if let Some(next) = words::next(report) {
        text.push_str(&format!("next: {next}\n"));
    }
    text
}
