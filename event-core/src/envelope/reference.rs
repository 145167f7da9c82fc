//! `dataref`: CloudEvents' extension for data that is kept elsewhere, the claim check.

use super::Envelope;

/// CloudEvents' name of the attribute.
const DATAREF: &str = "dataref";

impl Envelope {
    /// Where the data is kept, if the event doesn't carry it itself.
    pub(crate) fn reference(&self) -> Option<String> {
        let reference = self.extensions.get(DATAREF).filter(|_| self.data.is_none())?;
        serde_json::from_str(reference.get()).ok()
    }

    /// Leaves the data out, and names where it is kept.
    #[cfg(feature = "runtime")]
    pub(crate) fn refer_to(&mut self, key: &str) {
        // A key of ours is hexadecimal.
        if let Ok(reference) = serde_json::value::RawValue::from_string(format!("\"{key}\"")) {
            self.extensions.insert(DATAREF.to_owned(), reference);
            self.data = None;
        }
    }
}
