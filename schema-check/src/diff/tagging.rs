//! Whether variants are told apart in another way than before.

use super::alternatives::{Alternatives, variant_name};
use super::change::{Tagging, What};
use super::view::View;
use std::collections::BTreeSet;

/// The change of the tagging, if it explains all that differs.
pub(super) fn changed(
    written: &Alternatives<'_>,
    was: &Tagging,
    read: &Alternatives<'_>,
    is: &Tagging,
) -> Option<What> {
    if !written.is_enum || !read.is_enum {
        return None;
    }
    if was == is {
        return moved(written, was, read);
    }
    let strangers = [(written, is), (read, was)].into_iter().all(|(side, other)| !speaks(side, other));
    strangers.then(|| What::Tag { written: was.clone(), read: is.clone() })
}

/// Some alternative has a name under this tagging.
fn speaks(side: &Alternatives<'_>, tagging: &Tagging) -> bool {
    match tagging {
        Tagging::Untagged => false,
        _ => side.branches.iter().any(|branch| variant_name(branch, tagging).is_some()),
    }
}

/// The tag stayed, the content moved: beside the tag, under a key, under another key.
fn moved(written: &Alternatives<'_>, tagging: &Tagging, read: &Alternatives<'_>) -> Option<What> {
    let Tagging::Key { tag, .. } = tagging else { return None };
    let named = read.by_name(tagging);
    let twin = |branch| Some((branch, *named.get(&variant_name(branch, tagging)?)?));
    let pairs: Vec<(&View<'_>, &View<'_>)> = written.branches.iter().filter_map(twin).collect();
    let at = |content: Option<String>| Tagging::Key { tag: tag.clone(), content };
    let nested = pairs.iter().find_map(|(was, is)| {
        let content = holds(was, is, tag).map(|content| (Some(content), None));
        content.or_else(|| holds(is, was, tag).map(|content| (None, Some(content))))
    });
    let (was, is) = nested.or_else(|| respelled(&pairs, tag))?;
    Some(What::Tag { written: at(was), read: at(is) })
}

/// The key of `outer` under which all of `inner`'s keys are.
fn holds(outer: &View<'_>, inner: &View<'_>, tag: &str) -> Option<String> {
    let content = only_key(outer, tag)?;
    let inside: BTreeSet<&str> = outer.properties().get(content)?.properties().into_keys().collect();
    let beside: BTreeSet<&str> = inner.properties().into_keys().filter(|key| *key != tag).collect();
    (!inside.is_empty() && !beside.contains(content) && inside == beside).then(|| content.to_owned())
}

type Contents = (Option<String>, Option<String>);

/// Two variants or more have their content under one key, and under one other key.
fn respelled(pairs: &[(&View<'_>, &View<'_>)], tag: &str) -> Option<Contents> {
    let keys: Vec<(&str, &str)> =
        pairs.iter().filter_map(|(was, is)| Some((only_key(was, tag)?, only_key(is, tag)?))).collect();
    let (was, is) = *keys.first()?;
    (keys.len() > 1 && was != is && keys.iter().all(|it| *it == (was, is)))
        .then(|| (Some(was.to_owned()), Some(is.to_owned())))
}

fn only_key<'s>(branch: &View<'s>, tag: &str) -> Option<&'s str> {
    let mut keys = branch.properties().into_keys().filter(|key| *key != tag);
    keys.next().filter(|_| keys.next().is_none())
}
