//! The tables in `docs/exam.md`, between marks; what stands around them is written by people.

use std::fs;
use std::path::Path;

/// Puts the tables into a file that has their marks.
///
/// # Errors
/// The file can't be read or written, or lacks a mark.
pub fn write(file: &Path, ours: &str, rivals: Option<&str>) -> Result<(), String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{} can't be read: {error}", file.display()))?;
    let mut text = put(&text, "ours", ours)?;
    if let Some(rivals) = rivals {
        text = put(&text, "rivals", rivals)?;
    }
    fs::write(file, text).map_err(|error| format!("{} can't be written: {error}", file.display()))
}

fn put(text: &str, name: &str, table: &str) -> Result<String, String> {
    let (begin, end) = (format!("<!-- {name} -->\n"), format!("<!-- end of {name} -->"));
    let lacks = || format!("the file lacks the marks `{}` and `{end}`", begin.trim_end());
    let (before, rest) = text.split_once(&begin).ok_or_else(lacks)?;
    let (_, after) = rest.split_once(&end).ok_or_else(lacks)?;
    Ok(format!("{before}{begin}{table}{end}{after}"))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

    use super::put;

    #[test]
    fn only_what_stands_between_the_marks_changes() {
        let text = "# Exam\n<!-- ours -->\nold\n<!-- end of ours -->\nend\n";
        assert_eq!(put(text, "ours", "new\n").unwrap(), "# Exam\n<!-- ours -->\nnew\n<!-- end of ours -->\nend\n");
    }

    #[test]
    fn a_file_without_marks_is_left_alone() {
        assert_eq!(
            put("text", "ours", "").unwrap_err(),
            "the file lacks the marks `<!-- ours -->` and `<!-- end of ours -->`"
        );
    }
}
