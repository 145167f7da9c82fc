//! Somebody else's events: read and handled in the versions that this service declares, without `Serialize` or a key.

use event_core::{DomainEvent, Envelope, HandlerResult, Handlers, Message, ReadError, event_handlers, read, shapes};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize, JsonSchema, DomainEvent)]
#[event(type = "invoice.paid", version = 1, foreign)]
struct InvoicePaidV1 {
    invoice: String,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "invoice.paid", version = 2, foreign, from = InvoicePaidV1)]
struct InvoicePaid {
    invoice: String,
    #[event(added = "EUR".to_owned())]
    currency: String,
}

#[derive(Debug, PartialEq, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "parcel.sent", version = 3, key = parcel, foreign)]
struct ParcelSent {
    parcel: u32,
}

fn data(json: &str) -> Box<RawValue> {
    RawValue::from_string(json.to_owned()).expect("the text is JSON")
}

#[test]
fn a_foreign_version_is_upcast_from_the_one_before_it() {
    let event: InvoicePaid = read("invoice.paid", 1, &data(r#"{"invoice":"i-1"}"#)).expect("v1 is read");
    assert_eq!(event, InvoicePaid { invoice: "i-1".to_owned(), currency: "EUR".to_owned() });
    assert_eq!(shapes::<InvoicePaid>().iter().map(|shape| shape.event_version).collect::<Vec<_>>(), [2, 1]);
}

#[test]
fn a_later_version_alone_reads_no_earlier_one() {
    let read = |version| read::<ParcelSent>("parcel.sent", version, &data(r#"{"parcel":7}"#));
    assert_eq!(read(3).expect("v3 is read"), ParcelSent { parcel: 7 });
    assert!(matches!(read(2), Err(ReadError::UnknownVersion { event_version: 2, .. })));
}

#[test]
fn a_foreign_event_has_a_key_only_if_it_names_one() {
    assert_eq!(InvoicePaidV1 { invoice: "i-1".to_owned() }.event_key(), None);
    assert_eq!(ParcelSent { parcel: 7 }.event_key().as_ref().map(event_core::EventKey::as_str), Some("7"));
}

struct Ledger;

#[event_handlers(consumer = "ledger")]
impl Ledger {
    #[on]
    async fn book(&self, event: InvoicePaid, cx: &mut Vec<String>) -> HandlerResult {
        cx.push(format!("{} in {}", event.invoice, event.currency));
        Ok(())
    }
}

#[tokio::test]
async fn a_handler_takes_a_foreign_event() {
    let mut envelope = Envelope::new("1".into(), "/billing".into(), "invoice.paid");
    envelope.event_version = 1;
    envelope.data = Some(data(r#"{"invoice":"i-9"}"#));
    let mut log = Vec::new();
    Ledger.handle(0, &Message::new(envelope), &mut log).await.expect("it is handled");
    assert_eq!(log, ["i-9 in EUR"]);
}
