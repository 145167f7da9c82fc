//! Spans, with the names that OpenTelemetry has for messaging.

use std::fmt;
use std::sync::Arc;

use tracing::field::Empty;
use tracing::{Span, info_span};

use crate::envelope::Envelope;
use crate::handler::HandlerResult;
use crate::message::Message;
use crate::relay::Sink;

type Tie = dyn Fn(&Span, &Envelope) + Send + Sync;

/// What makes a span of ours a part of the trace that an event came from.
#[derive(Clone)]
pub(in crate::runtime) struct Link(Arc<Tie>);

impl Link {
    pub(in crate::runtime) fn new(link: impl Fn(&Span, &Envelope) + Send + Sync + 'static) -> Self {
        Self(Arc::new(link))
    }

    /// Links the span, unless nobody listens.
    pub(in crate::runtime) fn tie<'e>(
        link: Option<&Self>,
        span: &Span,
        envelopes: impl IntoIterator<Item = &'e Envelope>,
    ) {
        let Some(Self(link)) = link.filter(|_| !span.is_disabled()) else { return };
        envelopes.into_iter().for_each(|envelope| link(span, envelope));
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Link")
    }
}

/// The span of one attempt of one handler.
pub(in crate::runtime) fn process(consumer: &'static str, handler: &'static str, message: &Message) -> Span {
    let envelope = message.envelope();
    info_span!(
        "process",
        otel.name = %format_args!("process {}", envelope.event_type),
        otel.kind = "consumer",
        otel.status_code = Empty,
        messaging.system = "event_outbox",
        messaging.operation.name = "process",
        messaging.operation.r#type = "process",
        messaging.destination.name = %envelope.source,
        messaging.destination.partition.id = envelope.slot().number(),
        messaging.message.id = %envelope.id,
        messaging.message.conversation_id = envelope.correlation_id.as_ref().map(display),
        messaging.consumer.group.name = consumer,
        event.r#type = envelope.event_type,
        event.version = envelope.event_version,
        event.handler = handler,
        event.attempt = message.attempt(),
        event.outcome = Empty,
        traceparent = envelope.trace_parent,
        tracestate = envelope.trace_state,
    )
}

/// The span of one call of a transport.
pub(in crate::runtime) fn publish(sink: &Sink, slot: u8, events: &[Envelope]) -> Span {
    let first = events.first();
    info_span!(
        "send",
        otel.name = %format_args!("send {sink}"),
        otel.kind = "producer",
        otel.status_code = Empty,
        messaging.system = "event_outbox",
        messaging.operation.name = "send",
        messaging.operation.r#type = "send",
        messaging.destination.name = %sink,
        messaging.destination.partition.id = slot,
        messaging.batch.message_count = events.len(),
        messaging.message.id = first.filter(|_| events.len() == 1).map(|event| display(&event.id)),
        traceparent = first.and_then(|event| event.trace_parent.as_deref()),
        tracestate = first.and_then(|event| event.trace_state.as_deref()),
    )
}

/// Writes how an attempt ended.
pub(in crate::runtime) fn ended(span: &Span, result: &HandlerResult) {
    span.record("event.outcome", outcome_of(result));
    if result.is_err() {
        span.record("otel.status_code", "ERROR");
    }
}

/// How an attempt ended, in a word.
pub(super) fn outcome_of(result: &HandlerResult) -> &'static str {
    result.as_ref().map_or_else(|error| error.class().as_str(), |()| "applied")
}
