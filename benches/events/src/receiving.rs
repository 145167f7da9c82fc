//! The ways to receive an event that are measured beside each other: from the bytes of a message to an envelope and a
//! typed event.

use std::error::Error;
use std::hint::black_box;

use cloudevents::Event;
use cloudevents::event::Data;
use event_core::{DomainEvent, Envelope, EventId, Message, Sequence, Source, Timestamp};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;

/// What is received.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.placed", version = 1, key = order_id)]
pub struct OrderPlaced {
    pub order_id: String,
    pub customer: String,
    pub currency: String,
    pub gift: bool,
    pub note: Option<String>,
    pub lines: Vec<Line>,
}

/// What was ordered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    pub sku: String,
    pub title: String,
    pub count: u16,
    pub price_cents: i64,
}

/// An envelope as one writes it by hand for one event alone.
#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "what parsing it costs is measured")]
struct OnePass {
    specversion: String,
    id: String,
    source: String,
    r#type: String,
    time: Option<String>,
    subject: Option<String>,
    datacontenttype: Option<String>,
    dataschema: Option<String>,
    eventversion: Option<u32>,
    readablesince: Option<u32>,
    sequence: Option<String>,
    previous: Option<String>,
    partitionkey: Option<String>,
    correlationid: Option<String>,
    causationid: Option<String>,
    traceparent: Option<String>,
    tracestate: Option<String>,
    data: OrderPlaced,
}

/// What sees the event.
pub type Handler<'a> = &'a mut dyn FnMut(OrderPlaced);

/// Whether it could be received.
pub type Receiving = Result<(), Box<dyn Error>>;

/// A way to receive an event.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// How it is called where it is run.
    pub name: &'static str,
    /// How it is called in a table.
    pub told: &'static str,
    /// Receives it, and shows the event while the envelope is there, as to a handler.
    pub receive: fn(&[u8], Handler<'_>) -> Receiving,
}

/// All of them; the first is ours.
pub const WAYS: [Way; 3] = [
    Way { name: "ours", told: "`Envelope::from_json`, `Message::read`", receive: ours },
    Way { name: "sdk", told: "`cloudevents-sdk`, `serde_json::from_value`", receive: sdk },
    Way { name: "one_pass", told: "one struct for the envelope and its data", receive: one_pass },
];

fn ours(body: &[u8], handle: Handler<'_>) -> Receiving {
    let message = Message::new(Envelope::from_json(body)?);
    handle(message.read().map_err(|error| error.to_string())?);
    black_box(message);
    Ok(())
}

fn sdk(body: &[u8], handle: Handler<'_>) -> Receiving {
    let mut event: Event = serde_json::from_slice(body)?;
    match event.take_data() {
        (_, _, Some(Data::Json(value))) => handle(serde_json::from_value(value)?),
        _ => return Err("the data isn't JSON".into()),
    }
    black_box(event);
    Ok(())
}

fn one_pass(body: &[u8], handle: Handler<'_>) -> Receiving {
    let mut envelope: OnePass = serde_json::from_slice(body)?;
    handle(std::mem::take(&mut envelope.data));
    black_box(envelope);
    Ok(())
}

/// The message of an order of so many lines, with the attributes that a relay sends.
///
/// # Errors
/// When serde refuses it.
pub fn body(lines: u16) -> Result<Vec<u8>, Box<dyn Error>> {
    let id = |last: u8| EventId::from(format!("01940000-0000-7000-8000-0000000000{last:02}"));
    let mut envelope = Envelope::new(id(1), Source::from("/shop/orders?epoch=3"), OrderPlaced::EVENT_TYPE);
    envelope.readable_since = Some(1);
    envelope.time = Some(Timestamp::from_unix_micros(1_772_366_400_125_000));
    envelope.subject = Some(ORDER_ID.to_owned().into());
    envelope.data_content_type = Some("application/json".to_owned());
    envelope.data_schema = Some("urn:event:order.placed:1".to_owned());
    envelope.sequence = Some(Sequence::new(4711));
    envelope.previous = Some(Sequence::new(4709));
    envelope.partition_key = Some(format!("order/{ORDER_ID}").into());
    envelope.correlation_id = Some(id(2));
    envelope.causation_id = Some(id(3));
    envelope.trace_parent = Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned());
    envelope.data = Some(to_raw_value(&order(lines))?);
    Ok(envelope.to_json())
}

const ORDER_ID: &str = "o-2026-000815";

fn order(lines: u16) -> OrderPlaced {
    let line = |at: u16| Line {
        sku: format!("sku-{at:04}"),
        title: "Espresso cup, white, 80 ml".to_owned(),
        count: at % 7 + 1,
        price_cents: i64::from(at) * 95,
    };
    OrderPlaced {
        order_id: ORDER_ID.to_owned(),
        customer: "Gertrud Müller".to_owned(),
        currency: "EUR".to_owned(),
        gift: true,
        note: Some("ring twice, please".to_owned()),
        lines: (0..lines).map(line).collect(),
    }
}
