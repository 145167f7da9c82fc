//! What a finding is recognised by from run to run: no lines, no words, no revisions.

use crate::finding::{Direction, Finding, Subject};

/// FNV-1a over what the finding is about, in hexadecimal.
pub(super) fn of(subject: &Subject<'_>, finding: &Finding) -> String {
    let version = subject.event_version.to_string();
    let direction = finding.direction.map_or("", Direction::word);
    let parts = [subject.event_type, &version, finding.rule, &finding.pointer, direction];
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.join("\0").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::*;
    use crate::finding::Level;

    #[test]
    fn a_fingerprint_stays_the_same_over_releases_and_words() {
        let subject = Subject { event_type: "order.placed", event_version: 1 };
        let one = Finding::new("field_removed", Level::Deny, "one wording").direction(Direction::Backward);
        let other = Finding { message: "another".to_owned(), ..one.clone() };
        assert_eq!(of(&subject, &one), of(&subject, &other));
        assert_ne!(of(&subject, &one), of(&subject, &one.clone().direction(Direction::Forward)));
        assert_eq!(of(&subject, &one), "a6dacc251ab6b11b");
    }
}
