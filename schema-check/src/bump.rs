//! The next version of an event, written into the user's source by spans, so that what people wrote stays as they wrote it.

mod attribute;
mod edits;
mod item;
mod layout;
mod obstacle;
mod shared;
mod step;

use edits::Edits;
use item::Item;
use layout::Source;

/// What to bump.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Wanted<'a> {
    pub(crate) event_type: &'a str,
    /// The newest version that there is.
    pub(crate) version: u32,
    /// The line of the item's name.
    pub(crate) line: u32,
}

/// A source with one version more.
#[derive(Debug)]
pub(crate) struct Bumped {
    /// The whole file.
    pub(crate) text: String,
    /// The Rust name of the version that was the newest.
    pub(crate) older: String,
    /// The Rust name that goes on as the newest.
    pub(crate) newest: String,
    /// Types inside of the event that both versions share.
    pub(crate) shared: Vec<String>,
}

/// Why it can't be done: what is in the way, and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Obstacle {
    pub(crate) message: String,
    pub(crate) help: String,
}

/// Keeps the newest version under another Rust name, and lets the name go on as the next version.
pub(crate) fn bump(text: &str, wanted: Wanted<'_>) -> Result<Bumped, Obstacle> {
    let (preamble, text) = text.split_at(layout::preamble(text));
    let source = Source::parse(text).map_err(|error| obstacle::unparsed(&error))?;
    let item = item::find(&source, wanted).ok_or_else(|| obstacle::unwritten(wanted))?;
    let older = older_name(&source, &item, wanted.version);
    obstacle::check(&source, &item)?;
    let mut edits = Edits::default();
    // The older version is a copy above; the item itself goes on, so that whatever names it means the newest.
    let copy = copy(&source, &item, &older);
    layout::insert_above(&source, &item, &copy, &hint(&item, wanted.version, &older), &mut edits);
    attribute::newer(&source, &item, wanted.version, &older, &mut edits);
    step::retarget(&source, &item, &older, &mut edits)?;
    step::by_hand(&source, &item, &older, &mut edits);
    let text = preamble.to_owned() + &edits.apply(text, 0..text.len());
    Ok(Bumped { text, newest: item.name(), shared: shared::types(&item), older })
}

fn copy(source: &Source<'_>, item: &Item, older: &str) -> String {
    let mut edits = Edits::default();
    edits.replace(item.ident.span().byte_range(), older);
    attribute::older(item, &mut edits);
    edits.apply(source.text, item.range.clone())
}

/// `OrderPlacedV1`, or another name where that one is taken.
fn older_name(source: &Source<'_>, item: &Item, version: u32) -> String {
    let name = item.name();
    let stem = name.trim_end_matches(|letter: char| letter.is_ascii_digit());
    let stem = stem.strip_suffix('V').filter(|stem| !stem.is_empty()).unwrap_or(&name);
    let taken = |name: &String| source.names().contains(name);
    let usual = [format!("{stem}V{version}"), format!("{stem}Version{version}")];
    usual.into_iter().find(|name| !taken(name)).unwrap_or_else(|| format!("{name}AsOfV{version}"))
}

/// What to write above a field of the newest version; an enum says it in its step.
fn hint(item: &Item, version: u32, older: &str) -> Vec<String> {
    if item.is_enum() {
        return Vec::new();
    }
    vec![
        format!(
            "// From version {version}: what `{older}` lacks, or has as another type, says how it is made from `old`, a `&{older}`:"
        ),
        "//     #[event(added = old.total.into())]   or   #[event(added)] for `Default::default()`".to_owned(),
    ]
}

#[cfg(test)]
mod tests;
