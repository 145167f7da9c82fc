//! Spans, and how they become a part of the trace that an event carries.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex};

use event_core::testing::MemoryStore;
use event_core::{Consumer, Relay};
use event_tests::events::Placed;
use event_tests::recorder::Recorder;
use event_tests::script::{Act, Script};
use event_tests::setup::noon;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::{Context, SubscriberExt};

/// Keeps the fields of each span.
#[derive(Clone, Default)]
struct Spans(Arc<Mutex<BTreeMap<u64, Fields>>>);

#[derive(Clone, Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }

    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }
}

impl<S: Subscriber> Layer<S> for Spans {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if attributes.metadata().target().starts_with("event_core") && *attributes.metadata().level() == Level::INFO {
            let mut fields = Fields::default();
            attributes.record(&mut fields);
            self.0.lock().unwrap().insert(id.into_u64(), fields);
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, _: Context<'_, S>) {
        if let Some(fields) = self.0.lock().unwrap().get_mut(&id.into_u64()) {
            values.record(fields);
        }
    }
}

impl Spans {
    fn lines(&self) -> String {
        let spans = self.0.lock().unwrap();
        let line = |fields: &Fields| -> String {
            fields.0.iter().map(|(name, value)| format!("{name}: {value}\n")).collect::<String>() + "\n"
        };
        spans.values().map(line).collect()
    }
}

#[tokio::test]
async fn a_span_per_attempt_has_the_names_of_opentelemetry_and_the_trace_of_the_event() {
    let spans = Spans::default();
    let _subscriber = tracing::subscriber::set_default(tracing_subscriber::registry().with(spans.clone()));
    let tied = Arc::new(Mutex::new(Vec::new()));
    let ties = Arc::clone(&tied);
    let script = Script::default().on("o-2", 1, [Act::FailForGood]);
    let consumer = Consumer::new(MemoryStore::new(noon()), script).link_spans(move |span, envelope| {
        ties.lock().unwrap().push((span.metadata().unwrap().name(), envelope.trace_parent.clone()));
    });
    let parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    let event = |id: &str, order: &str, more: &str| {
        format!(
            r#"{{"specversion":"1.0","id":"{id}","source":"/shop","type":"trial.placed","eventversion":2,"subject":"{order}"{more},
                 "data":{{"order_id":"{order}","step":1}}}}"#
        )
    };
    let traced = event("e-1", "o-1", &format!(r#","correlationid":"c-1","traceparent":"{parent}","tracestate":"v=1""#));
    consumer.apply(&[traced.as_bytes(), event("e-2", "o-2", "").as_bytes()]).await.unwrap();
    insta::assert_snapshot!(spans.lines());
    assert_eq!(*tied.lock().unwrap(), [("process", Some(parent.to_owned())), ("process", None)]);
}

#[tokio::test]
async fn a_span_per_call_of_the_transport_is_linked_to_each_event_in_it() {
    let spans = Spans::default();
    let _subscriber = tracing::subscriber::set_default(tracing_subscriber::registry().with(spans.clone()));
    let tied = Arc::new(Mutex::new(Vec::new()));
    let ties = Arc::clone(&tied);
    let store = MemoryStore::new(noon());
    let mut transaction = store.transaction().await.unwrap();
    transaction.enqueue(&Placed::new("o-1", 1)).unwrap();
    transaction.enqueue(&Placed::new("o-1", 2)).unwrap();
    transaction.commit().await.unwrap();
    let relay = Relay::new(store, Recorder::default()).link_spans(move |span, envelope| {
        ties.lock().unwrap().push((span.metadata().unwrap().name(), envelope.subject.clone().unwrap().to_string()));
    });
    relay.step().await.unwrap();
    insta::assert_snapshot!(spans.lines());
    assert_eq!(*tied.lock().unwrap(), [("send", "o-1".to_owned()), ("send", "o-1".to_owned())]);
}
