//! The text formats that serde's types check, each with texts of it and a pattern that all its texts match.

use std::net::IpAddr;
use std::sync::OnceLock;

use jsonschema::ValidationOptions;
use serde_json::{Value, json};

/// A format that readers assert.
pub(super) struct Format {
    name: &'static str,
    /// Texts that have the format.
    pub(super) samples: &'static [&'static str],
    /// Every text that a writer writes in the format matches this.
    pub(super) shape: Option<&'static str>,
    /// Formats whose texts all have this format.
    includes: &'static [&'static str],
}

macro_rules! format_of {
    ($name:literal, $shape:expr, [$($include:literal),*], [$($sample:literal),+]) => {
        Format { name: $name, samples: &[$($sample),+], shape: $shape, includes: &[$($include),*] }
    };
}

static FORMATS: &[Format] = &[
    format_of!(
        "date-time",
        Some(r"^[+-]?\d{4,6}-\d\d-\d\d[Tt ]"),
        [],
        ["2024-01-02T03:04:05Z", "2024-01-02T03:04:05.678+01:00"]
    ),
    format_of!("date", Some(r"^[+-]?\d{4,6}-\d\d-\d\d$"), [], ["2024-01-02", "1999-12-31"]),
    format_of!("time", Some(r"^\d\d:\d\d:\d\d"), [], ["03:04:05Z", "03:04:05+01:00"]),
    format_of!(
        "partial-date-time",
        Some(r"^[+-]?\d{4,6}-\d\d-\d\d[Tt ]"),
        [],
        ["2024-01-02T03:04:05", "2024-01-02T03:04:05.678"]
    ),
    format_of!("partial-time", Some(r"^\d\d:\d\d:\d\d"), [], ["03:04:05", "03:04:05.678"]),
    format_of!(
        "uuid",
        Some(r"^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$"),
        [],
        ["01234567-89ab-7def-8123-456789abcdef", "00000000-0000-0000-0000-000000000000"]
    ),
    format_of!("ipv4", Some(r"^\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}$"), [], ["127.0.0.1", "10.20.30.40"]),
    format_of!("ipv6", Some(r"^[0-9a-fA-F:.]{2,45}$"), [], ["::1", "2001:db8::1"]),
    format_of!("ip", Some(r"^[0-9a-fA-F:.]{2,45}$"), ["ipv4", "ipv6"], ["127.0.0.1", "::1"]),
    format_of!("duration", Some("^P"), [], ["P1D", "PT1H30M"]),
    format_of!("email", Some("@"), [], ["a@example.com"]),
    format_of!("hostname", Some(r"^[A-Za-z0-9.-]{1,253}$"), [], ["example.com"]),
    format_of!("uri", Some("^[A-Za-z][A-Za-z0-9+.-]*:"), [], ["https://example.com/a"]),
    format_of!("uri-reference", None, ["uri"], ["/a/b", "https://example.com/a"]),
    format_of!("uri-template", None, [], ["https://example.com/a{/b}"]),
    format_of!("iri", Some("^[A-Za-z][A-Za-z0-9+.-]*:"), ["uri"], ["https://example.com/a"]),
    format_of!("json-pointer", Some("^(/|$)"), [], ["/a/b"]),
    format_of!("regex", None, [], ["^a+$"]),
];

/// A format that readers assert, by its name.
pub(super) fn known(name: &str) -> Option<&'static Format> {
    FORMATS.iter().find(|format| format.name == name)
}

/// Texts of a format that readers assert.
pub(crate) fn samples(name: &str) -> Option<&'static [&'static str]> {
    known(name).map(|format| format.samples)
}

/// Whether each text of format `inner` has the format `outer`.
pub(super) fn includes(outer: &str, inner: &str) -> bool {
    outer == inner || known(outer).is_some_and(|format| format.includes.contains(&inner))
}

/// Whether a text has a format; `None` for a format that we don't know.
pub(super) fn is_of(name: &str, text: &str) -> Option<bool> {
    static VALIDATORS: OnceLock<Vec<Option<jsonschema::Validator>>> = OnceLock::new();
    let validators = VALIDATORS.get_or_init(|| FORMATS.iter().map(validator).collect());
    let at = FORMATS.iter().position(|format| format.name == name)?;
    let validator = validators.get(at)?.as_ref()?;
    Some(validator.is_valid(&Value::String(text.to_owned())))
}

fn validator(format: &Format) -> Option<jsonschema::Validator> {
    let options = register(jsonschema::options().offline().should_validate_formats(true));
    options.build(&json!({"type": "string", "format": format.name})).ok()
}

/// Teaches a validator the formats of Rust's types that JSON Schema doesn't define.
pub(super) fn register(options: ValidationOptions<'_>) -> ValidationOptions<'_> {
    options
        .with_format("ip", |text: &str| text.parse::<IpAddr>().is_ok())
        .with_format("partial-time", is_time)
        .with_format("partial-date-time", |text: &str| {
            text.split_once('T').is_some_and(|(date, time)| is_date(date) && is_time(time))
        })
}

fn is_date(text: &str) -> bool {
    is_of("date", text) == Some(true)
}

fn is_time(text: &str) -> bool {
    let (clock, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let mut parts = clock.split(':');
    let mut part = |below: u32| {
        let Some(text) = parts.next() else { return false };
        text.len() == 2 && text.parse::<u32>().is_ok_and(|number| number < below)
    };
    let right = part(24) && part(60) && part(61);
    right && parts.next().is_none() && !fraction.is_empty() && fraction.bytes().all(|byte| byte.is_ascii_digit())
}
