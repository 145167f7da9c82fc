//! A recorder of metrics that keeps the last value of each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use metrics::{
    Counter, CounterFn, Gauge, GaugeFn, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

type Values = Arc<Mutex<BTreeMap<String, f64>>>;

/// What was written, and what was described.
#[derive(Debug, Default)]
pub(crate) struct Meter {
    values: Values,
    described: Mutex<BTreeMap<String, (Option<Unit>, String)>>,
}

struct Cell(String, Values);

impl Meter {
    /// `name{label=value,…}` and its value: of a histogram how many there are.
    pub(crate) fn values(&self) -> BTreeMap<String, f64> {
        self.values.lock().unwrap().clone()
    }

    pub(crate) fn described(&self) -> BTreeMap<String, (Option<Unit>, String)> {
        self.described.lock().unwrap().clone()
    }

    fn describe(&self, name: &KeyName, unit: Option<Unit>, help: &SharedString) {
        self.described.lock().unwrap().insert(name.as_str().to_owned(), (unit, help.to_string()));
    }

    fn cell(&self, key: &Key) -> Arc<Cell> {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Arc::new(Cell(format!("{}{{{}}}", key.name(), labels.join(",")), Arc::clone(&self.values)))
    }
}

impl Cell {
    fn change(&self, change: impl FnOnce(&mut f64)) {
        change(self.1.lock().unwrap().entry(self.0.clone()).or_default());
    }
}

impl CounterFn for Cell {
    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    fn increment(&self, value: u64) {
        self.change(|now| *now += value as f64);
    }

    #[allow(clippy::cast_precision_loss, reason = "small numbers")]
    fn absolute(&self, value: u64) {
        self.change(|now| *now = value as f64);
    }
}

impl GaugeFn for Cell {
    fn increment(&self, value: f64) {
        self.change(|now| *now += value);
    }

    fn decrement(&self, value: f64) {
        self.change(|now| *now -= value);
    }

    fn set(&self, value: f64) {
        self.change(|now| *now = value);
    }
}

impl HistogramFn for Cell {
    fn record(&self, _: f64) {
        self.change(|now| *now += 1.0);
    }
}

impl Recorder for Meter {
    fn describe_counter(&self, key: KeyName, unit: Option<Unit>, help: SharedString) {
        self.describe(&key, unit, &help);
    }

    fn describe_gauge(&self, key: KeyName, unit: Option<Unit>, help: SharedString) {
        self.describe(&key, unit, &help);
    }

    fn describe_histogram(&self, key: KeyName, unit: Option<Unit>, help: SharedString) {
        self.describe(&key, unit, &help);
    }

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.cell(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::from_arc(self.cell(key))
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.cell(key))
    }
}
