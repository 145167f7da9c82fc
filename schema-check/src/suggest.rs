//! "did you mean": the known name that is nearest to a misspelt one.

/// ``; did you mean `field_removed`?`` or nothing, to be appended to a message.
pub(crate) fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(written, known).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// The known name that differs in at most a third of its letters, and at least one.
fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let plain = |name: &str| name.to_lowercase().replace('-', "_");
    let distance = |name: &str| strsim::damerau_levenshtein(&plain(written), &plain(name));
    let near = known.into_iter().map(|name| (distance(name), name));
    let near = near.filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1));
    near.min_by_key(|(distance, _)| *distance).map(|(_, name)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_recognised_and_others_are_not() {
        let known = ["field_removed", "field_renamed", "not_contained"];
        assert_eq!(nearest("field_remved", known), Some("field_removed"));
        assert_eq!(nearest("Not-Contained", known), Some("not_contained"));
        assert_eq!(nearest("colour", known), None);
        assert_eq!(did_you_mean("feild_renamed", known), "; did you mean `field_renamed`?");
        assert_eq!(did_you_mean("", known), "");
    }
}
