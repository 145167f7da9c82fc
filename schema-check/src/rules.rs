//! The rules, one per file: each names one reason and says what to write instead.

use crate::rule::Rule;

pub mod aggregate_changed;
pub mod cannot_read_itself;
pub mod constraint_loosened;
pub mod constraint_tightened;
pub mod default_changed;
pub mod description_lost;
pub mod duplicate_event;
pub mod enum_variant_added;
pub mod enum_variant_removed;
pub mod event_removed;
pub mod field_made_optional;
pub mod field_removed;
pub mod field_renamed;
pub mod field_required_added;
pub mod field_type_changed;
pub mod foreign_not_read;
pub mod foreign_not_vendored;
pub mod foreign_version_unread;
pub mod integer_narrowed;
pub mod integer_widened;
pub mod key_changed;
pub mod name_reused;
pub mod not_contained;
pub mod readable_since_false;
pub mod sample_refused;
pub mod schema_looser_than_decoder;
pub mod tag_changed;
pub mod undecided;
pub mod unknown_fields_denied;
pub mod unreadable_file;
pub mod unsafe_attribute;
pub mod upcast_missing;
pub mod validators_break;
pub mod version_skipped;
pub mod versions_swapped;
pub mod waiver_expired;
pub mod waiver_unused;

static RULES: &[Rule] = &[
    aggregate_changed::RULE,
    cannot_read_itself::RULE,
    constraint_loosened::RULE,
    constraint_tightened::RULE,
    default_changed::RULE,
    description_lost::RULE,
    duplicate_event::RULE,
    enum_variant_added::RULE,
    enum_variant_removed::RULE,
    event_removed::RULE,
    field_made_optional::RULE,
    field_removed::RULE,
    field_renamed::RULE,
    field_required_added::RULE,
    field_type_changed::RULE,
    foreign_not_read::RULE,
    foreign_not_vendored::RULE,
    foreign_version_unread::RULE,
    integer_narrowed::RULE,
    integer_widened::RULE,
    key_changed::RULE,
    name_reused::RULE,
    not_contained::RULE,
    readable_since_false::RULE,
    sample_refused::RULE,
    schema_looser_than_decoder::RULE,
    tag_changed::RULE,
    undecided::RULE,
    unknown_fields_denied::RULE,
    unreadable_file::RULE,
    unsafe_attribute::RULE,
    upcast_missing::RULE,
    validators_break::RULE,
    version_skipped::RULE,
    versions_swapped::RULE,
    waiver_expired::RULE,
    waiver_unused::RULE,
];

/// Every rule, by id.
#[must_use]
pub fn rules() -> &'static [Rule] {
    RULES
}

/// The rule of an id.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().iter().find(|rule| rule.id == id)
}

/// All rules on one page of Markdown: a table, then what each says about itself.
#[must_use]
pub fn markdown() -> String {
    let rows = rules().iter().map(|rule| {
        format!(
            "| [`{id}`](#{id}) | {level} | {summary} |\n",
            id = rule.id,
            level = rule.level.word(),
            summary = rule.summary()
        )
    });
    let pages = rules().iter().map(|rule| format!("\n#{}", rule.page().replace("\n## ", "\n### ")));
    format!(
        "<!-- generated: UPDATE_DOCS=1 cargo test -p schema-check --test rules_docs -->\n\n# Rules of schema-check\n\n\
         The prover decides whether a change breaks; the rules say why, and what to write instead. `deny` fails the gate.\n\n\
         | rule | level | what it does |\n|---|---|---|\n{}{}",
        rows.collect::<String>(),
        pages.collect::<String>()
    )
}
