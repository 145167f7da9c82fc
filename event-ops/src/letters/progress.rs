//! How far a command has come, on a terminal's standard error.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar of `total` letters; none is drawn where standard error is no terminal.
pub(super) fn bar(total: u64) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total), ProgressDrawTarget::stderr());
    match ProgressStyle::with_template("{bar:32} {pos}/{len} {msg} {eta}") {
        Ok(style) => bar.with_style(style),
        // The plain bar tells as much.
        Err(_) => bar,
    }
}
