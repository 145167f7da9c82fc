//! `#[derive(DomainEvent)]` and `#[event_handlers]`, which `event_core` re-exports.
//!
//! Both work in phases: tokens (`attr`) → what is known (`model`) → checks (`validate`) → output (`expand`). Every mistake
//! of an item is reported in one compile; what is written then (`fallback`) keeps the compiler from adding others.

mod attr;
mod expand;
mod fallback;
mod handlers;
mod hazards;
mod model;
mod problems;
mod suggest;
#[cfg(test)]
#[allow(clippy::expect_used, clippy::print_stdout, reason = "a test says what it expected and what it measured")]
mod tests;
mod validate;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

use model::EventModel;
use problems::Problems;

/// Makes a struct or an enum a versioned domain event.
///
/// The item also derives `Serialize` (unless it is `foreign`), `Deserialize` and `JsonSchema`. It isn't generic, owns its data, and an enum isn't
/// `untagged` as a whole. The trait of the same name has an example.
///
/// # On the type: `#[event(…)]`
///
/// | attribute | meaning |
/// |---|---|
/// | `type = "order.placed"` | The wire type, mandatory: words of `A`–`Z`, `a`–`z`, `0`–`9`, `_` and `-`, joined by dots, at least two, at most 200 bytes in all. Renaming the item never changes it. |
/// | `version = 1` | The version of this shape, mandatory: 1 to 2147483647. |
/// | `key = order_id` | The field that orders the events of an aggregate; `key = 0` in a tuple. It implements `Display`, and is no `Option`, float or `bool`. In an enum every variant has it. |
/// | `key = (tenant, order_id)` | Several fields, joined by `/`; in them `%` becomes `%25`, then `/` becomes `%2F`. |
/// | `key = self::function` | A function from `&Self` to what implements `Display`; a path with `::`. |
/// | `keyless` | Instead of a key: no order is promised. One of `key` and `keyless` is mandatory, but for a foreign event. |
/// | `aggregate = "order"` | What the event is about. Together with the key it names what is ordered. Default: the type before its last dot. |
/// | `from = OrderPlacedV1` | The version before this one, from which stored events are upcast. Mandatory from the second published version on. No version may be left out. |
/// | `with = Self::step` | A function from the older version to `Self` that makes the whole event. |
/// | `with` | The step is written by hand: `impl Upcast<Older> for Self`, or `TryUpcast<Older>` if it can fail. An enum is always upcast by hand, without `with`. |
/// | `from_schema = 1` | The Rust type of that version is gone: what its committed schema describes is read as a `serde_json::Value`, and `with = function` (`fn(Value) -> Self` or `-> Result<Self, Error>`), or `impl Upcast<Value>` or `TryUpcast<Value>`, makes the event of it. Integers beyond 64 bits lose digits in a `Value`. |
/// | `from_schema(1 = f, 2 = g)` | The same for several versions without a gap, each with its function to `Self`. |
/// | `superseded` | A newer version took its place: it is read, and neither handled nor published. |
/// | `foreign` | Somebody else's event: it is read and handled, never published. It needs neither `Serialize` nor a key, and no version but those that this service reads. |
/// | `was = "order.created"` | The wire type of the older version, where this one renames it. The versions go on counting, or begin with 1. |
/// | `since = 2` | Versions below were never published, so none is upcast from and none has a schema. |
/// | `readable_since = 1` | The oldest version whose reader understands what this one writes: consumers from there on read it, others wait for their deploy. Default: the own version. `schema-check` proves it. |
/// | `also = OrderPlacedV1` | Cut-over: each event is also written in that older version, by `impl From<&Self> for OrderPlacedV1`; a consumer applies the highest version that it reads. |
/// | `deprecated` | Consumers are asked to move away from this version: CloudEvents' `deprecated`. |
/// | `deprecated(from = "…", sunset = "…", migration = "…")` | The same, with since when and until when (times of RFC 3339), and the URI of a guide. |
/// | `crate = path` | Where `event_core` is, if it is re-exported. |
///
/// They may be spread over several `#[event(…)]`; each is written once.
///
/// # On a field: `#[event(…)]`
///
/// | attribute | meaning |
/// |---|---|
/// | `added = expression` | The older version lacks the field, or has it with another type: this is its value. `old` is `&Older`. All expressions are evaluated before any field is moved. |
/// | `added` | The same, with `Default::default()`. |
///
/// Every other field moves from the older version unchanged, without `into()`.
///
/// # What it warns of
///
/// What serde writes and can't read again, and what it does that no schema says: `skip_serializing_if` without a
/// `default`, `serialize_with` without `schemars(with = …)`, `Option<Option<_>>` and others, each at its own place. They are
/// warnings of `deprecated`: `#[allow(deprecated)]` on the field, the variant or the item says that it is meant so. The
/// guide `docs/serde.md` has them all.
///
/// # What it writes
///
/// One impl of `DomainEvent`, a constant that checks the chain, one that checks the twin, and a call of a macro that expands to nothing in every
/// build but that of `schema-check`.
#[proc_macro_derive(DomainEvent, attributes(event))]
pub fn domain_event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    derive(&input).into()
}

fn derive(input: &DeriveInput) -> proc_macro2::TokenStream {
    let problems = Problems::default();
    let model = EventModel::parse(&problems, input);
    validate::all(&problems, &model);
    match problems.check() {
        Ok(()) => expand::event(&model, &hazards::of(input, true, model.is_foreign())),
        Err(error) => [error.into_compile_error(), fallback::event(input, &model)].into_iter().collect(),
    }
}

/// Makes the methods of an impl the handlers of a consumer.
///
/// A handler is marked with `#[on]`:
///
/// ```text
/// #[on]
/// async fn charge(&self, event: OrderPlaced, cx: &mut Context<'_, Postgres>) -> HandlerResult
/// ```
///
/// Its event is the newest version: older ones are upcast before. `cx` is the context of the store; a handler may do
/// without. All handlers of an impl take the same context; where none takes it, they run on every store. An event has
/// one handler. The future of a handler is `Send`. Methods without `#[on]` stay what they are.
///
/// # On the impl: `#[event_handlers(…)]`
///
/// | argument | meaning |
/// |---|---|
/// | `consumer = "billing"` | The name of the consumer, mandatory: `A`–`Z`, `a`–`z`, `0`–`9`, `_`, `.` and `-`, at most 100 characters. Marks, retries and dead letters are kept under it: renaming it starts anew. |
/// | `unknown = "ignore"` | Events without a handler are acknowledged and forgotten. The default. |
/// | `unknown = "dead_letter"` | Events without a handler become dead letters. |
/// | `crate = path` | Where `event_core` is, if it is re-exported. |
///
/// # On a method: `#[on]`, `#[on(…)]`
///
/// | option | meaning |
/// |---|---|
/// | `unordered` | Later events of a key don't wait for one that failed. |
/// | `attempts = 3` | How often an event is tried before it becomes a dead letter, at least once. Default: that of the consumer. |
/// | `retry = "1s, 5s, 30s"` | How long to wait between tries at most; each is shortened by a jitter. Without `attempts` there is one more try than delays; with more the last delay repeats. Default: those of the consumer. |
/// | `timeout = "30s"` | How long one try may take: a whole number and `ms`, `s`, `m` or `h`. Default: that of the consumer. |
#[proc_macro_attribute]
pub fn event_handlers(args: TokenStream, item: TokenStream) -> TokenStream {
    handlers::event_handlers(args.into(), item.into()).into()
}
