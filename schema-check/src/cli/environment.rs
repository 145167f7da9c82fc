//! What the process was given: read once, at the edge.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::{SystemTime, UNIX_EPOCH};

/// The variables and the day that commands depend on.
#[derive(Debug, Clone)]
pub struct Environment {
    pub(super) cargo: OsString,
    pub(super) rustc: OsString,
    pub(super) rustc_wrapper: Option<OsString>,
    pub(super) ci: bool,
    /// Whether this is a step of GitHub Actions.
    pub(super) github: bool,
    /// Where GitHub Actions checked the repository out.
    pub(super) github_workspace: Option<PathBuf>,
    pub(super) target_branch: Option<String>,
    pub(super) today: String,
}

impl Environment {
    /// Of this process.
    #[allow(clippy::disallowed_methods, reason = "the one place where the tool reads its environment and the clock")]
    #[must_use]
    pub fn of_process() -> Self {
        let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
        let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        Self {
            cargo: std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()),
            rustc: std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()),
            rustc_wrapper: std::env::var_os("RUSTC_WRAPPER").filter(|wrapper| !wrapper.is_empty()),
            ci: set("CI").is_some_and(|value| value != "false" && value != "0"),
            github: set("GITHUB_ACTIONS").is_some_and(|value| value != "false" && value != "0"),
            github_workspace: set("GITHUB_WORKSPACE").map(PathBuf::from),
            target_branch: set("GITHUB_BASE_REF"),
            today: date(seconds / 86_400),
        }
    }
}

/// `2026-01-31` of a count of days since 1970, by the civil calendar's eras of 400 years.
fn date(days: u64) -> String {
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;

    #[test]
    fn days_become_dates() {
        for (days, expected) in
            [(0, "1970-01-01"), (59, "1970-03-01"), (789, "1972-02-29"), (20_454, "2026-01-01"), (11_016, "2000-02-29")]
        {
            assert_eq!(date(days), expected);
        }
    }
}
