//! "did you mean": the known name that is nearest to a misspelt one.

/// ``; did you mean `key`?`` or nothing, to be appended to a message.
pub(crate) fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(written, known).map(|name| format!("; did you mean `{name}`?")).unwrap_or_default()
}

/// The known name that differs in at most a third of its letters, and at least one.
pub(crate) fn nearest<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|name| (distance(&written.to_lowercase(), &name.to_lowercase()), name))
        .filter(|(distance, name)| *distance <= (name.chars().count() / 3).max(1))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// How many letters must be changed, added, removed or swapped with their neighbour (optimal string alignment).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (row, letter) in from.chars().enumerate() {
        let mut current = vec![row + 1];
        for (column, other) in to.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX - 1);
            let changed = at(&above, column) + usize::from(letter != *other);
            let mut best = changed.min(at(&above, column + 1) + 1).min(at(&current, column) + 1);
            if column > 0 && previous == Some(*other) && to.get(column - 1) == Some(&letter) {
                best = best.min(at(&before, column - 1).saturating_add(1));
            }
            current.push(best);
        }
        previous = Some(letter);
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelt_names_are_recognised() {
        assert_eq!(nearest("verison", ["version", "with"]), Some("version"));
        assert_eq!(nearest("oder_id", ["order_id", "total"]), Some("order_id"));
        assert_eq!(nearest("Superseded", ["superseded"]), Some("superseded"));
        assert_eq!(nearest("tpye", ["type", "key"]), Some("type"));
    }

    #[test]
    fn other_names_are_not() {
        assert_eq!(nearest("colour", ["type", "version", "key"]), None);
        assert_eq!(nearest("", ["type"]), None);
    }

    #[test]
    fn a_swap_counts_once() {
        assert_eq!(distance("ab", "ba"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
