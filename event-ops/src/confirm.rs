//! A question before what can't be taken back, to whoever sits at a terminal.

use std::io::{self, BufRead, IsTerminal, Write};

/// Whether it is meant: asked on a terminal alone, unless `--yes` has said so.
pub(crate) fn is_meant(question: &str, yes: bool) -> bool {
    if yes || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return true;
    }
    // Where nobody reads the question nobody answers it.
    let _ = write!(io::stderr(), "{question} [y/N] ");
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer).is_ok() && is_yes(&answer)
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

#[cfg(test)]
mod tests {
    use super::is_yes;

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(is_yes("y\n") && is_yes(" Yes \n"));
        assert!(!is_yes("") && !is_yes("n\n") && !is_yes("yikes\n"));
    }
}
