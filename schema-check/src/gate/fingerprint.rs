//! What a finding is recognised by from run to run: no lines, no words, no revisions.

use serde_json::Value;

use crate::files::{Revision, meaning_at, shape_at};
use crate::finding::{Direction, Finding, Role, Subject};

/// FNV-1a over what the finding is about, in hexadecimal.
///
/// It holds what was at the place before, so that a break which was accepted once doesn't cover the next break of the
/// same place; what is there now only where nothing was, for it may go on to change.
pub(super) fn of(
    subject: &Subject<'_>,
    finding: &Finding,
    earlier: Option<&Revision>,
    now: Option<&Revision>,
) -> String {
    let content = earlier.and_then(|earlier| {
        let before = meaning_at(schema(earlier, finding.role), &finding.pointer);
        before.or_else(|| shape_at(schema(now?, finding.role), &finding.pointer))
    });
    of_content(subject, finding, &content.as_ref().map(Value::to_string).unwrap_or_default())
}

/// The same for what is no change of a schema.
pub(super) fn of_content(subject: &Subject<'_>, finding: &Finding, content: &str) -> String {
    let version = subject.event_version.to_string();
    let direction = finding.direction.map_or("", Direction::word);
    let parts = [subject.event_type, &version, finding.rule, &finding.pointer, direction, content];
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in parts.join("\0").bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    format!("{hash:016x}")
}

fn schema(revision: &Revision, role: Role) -> &Value {
    match role {
        Role::Writer => &revision.writer,
        Role::Reader => &revision.reader,
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::finding::Level;

    const SUBJECT: Subject<'static> = Subject { event_type: "order.placed", event_version: 1 };

    fn revision(schema: Value) -> Revision {
        Revision { writer: schema.clone(), reader: schema }
    }

    #[test]
    fn a_fingerprint_stays_the_same_over_releases_and_words() {
        let one = Finding::new("field_removed", Level::Deny, "one wording").direction(Direction::Backward);
        let other = Finding { message: "another".to_owned(), ..one.clone() };
        let of = |finding: &Finding| of(&SUBJECT, finding, None, None);
        assert_eq!(of(&one), of(&other));
        assert_ne!(of(&one), of(&one.clone().direction(Direction::Forward)));
        assert_eq!(of(&one), "3c79fe0c646ef0e1");
    }

    #[test]
    fn it_changes_with_what_was_there_before_and_not_with_docs_or_with_what_is_there_now() {
        let with =
            |total: Value| revision(json!({ "properties": { "total": total }, "$defs": { "M": { "type": "null" } } }));
        let finding = Finding { pointer: "/properties/total".to_owned(), ..Finding::new("r", Level::Deny, "") };
        let of =
            |before: &Value, now: &Value| of(&SUBJECT, &finding, Some(&with(before.clone())), Some(&with(now.clone())));
        let (number, text, flag) =
            (json!({ "type": "number" }), json!({ "type": "string" }), json!({ "type": "boolean" }));
        assert_ne!(of(&number, &text), of(&text, &flag));
        assert_eq!(of(&number, &text), of(&number, &flag));
        assert_eq!(of(&number, &text), of(&json!({ "type": "number", "description": "in cents" }), &text));
        assert_ne!(of(&number, &text), of(&json!({ "$ref": "#/$defs/M" }), &text));
    }

    #[test]
    fn where_nothing_was_before_it_holds_what_is_there_now_but_for_names_of_definitions() {
        let finding = Finding { pointer: "/properties/total".to_owned(), ..Finding::new("r", Level::Deny, "") };
        let of = |now: Value| {
            of(
                &SUBJECT,
                &finding,
                Some(&revision(json!({}))),
                Some(&revision(json!({ "properties": { "total": now } }))),
            )
        };
        assert_ne!(of(json!({ "type": "string" })), of(json!({ "type": "null" })));
        assert_eq!(of(json!({ "$ref": "#/$defs/A" })), of(json!({ "$ref": "#/$defs/B", "description": "b" })));
    }
}
