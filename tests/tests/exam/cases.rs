//! Reads `edits-train.in`.

/// An edit of an event.
pub(crate) struct Case {
    pub(crate) name: String,
    /// `lenient` or `refusable`; none is strict.
    pub(crate) class: Option<String>,
    pub(crate) old: String,
    pub(crate) new: String,
}

/// Every case, in the order of the file.
pub(crate) fn all() -> Vec<Case> {
    let text = include_str!("../../exam/edits-train.in");
    let without_comments: Vec<&str> = text.lines().filter(|line| !line.starts_with("# ")).collect();
    without_comments.join("\n").split("== ").skip(1).map(one).collect()
}

fn one(text: &str) -> Case {
    let (head, items) = text.split_once('\n').expect("a case has a first line");
    let (old, new) = items.split_once("\n--\n").expect("a case has two sides");
    let mut words = head.split_whitespace().map(str::to_owned);
    let name = words.next().expect("a case has a name");
    Case { name, class: words.nth(2), old: old.to_owned(), new: new.to_owned() }
}
