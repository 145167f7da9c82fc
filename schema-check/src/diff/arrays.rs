//! Lists and tuples.

use super::change::What;
use super::scalars::{spelled, tighter};
use super::view::View;
use super::walk::{Here, Walk};
use serde_json::Value;

/// More leading items than a derived tuple has.
const MOST_ITEMS: usize = 64;

impl Walk {
    pub(super) fn arrays(&mut self, written: &View<'_>, read: &View<'_>, here: &Here) {
        let bounds = [tighter(written, read, "minItems", true), tighter(written, read, "maxItems", false)];
        let bounds: Vec<What> = bounds.into_iter().flatten().collect();
        if !bounds.is_empty() && fixed_length(written) != fixed_length(read) {
            return self.differ(written, read, here);
        }
        for what in bounds.into_iter().chain(unique(written, read)) {
            self.push(here, here.spot.clone(), what);
        }
        self.items(written, read, here);
    }

    fn items(&mut self, written: &View<'_>, read: &View<'_>, here: &Here) {
        let (was, is) = (written.prefix_items(), read.prefix_items());
        for index in 0..was.len().max(is.len()).min(MOST_ITEMS) {
            let was = was.get(index).cloned().or_else(|| written.items());
            let is = is.get(index).cloned().or_else(|| read.items());
            self.item(written, was, is, here.item(&index.to_string()), here);
        }
        if fixed_length(written).is_none_or(|length| length > was.len() as u64) {
            self.item(written, written.items(), read.items(), here.item(""), here);
        }
    }

    fn item(&mut self, list: &View<'_>, was: Option<View<'_>>, is: Option<View<'_>>, path: String, here: &Here) {
        let Some(is) = is else { return };
        match was {
            Some(was) => self.compare(&was, &is, path, here.depth),
            None => self.compare(&list.anything(list.pointer().to_owned()), &is, path, here.depth),
        }
    }
}

fn fixed_length(view: &View<'_>) -> Option<u64> {
    let length = |keyword| view.keyword(keyword).find_map(Value::as_u64);
    length("minItems").filter(|least| length("maxItems") == Some(*least))
}

fn unique(written: &View<'_>, read: &View<'_>) -> Option<What> {
    let asks = |view: &View<'_>| view.keyword("uniqueItems").any(|it| it.as_bool() == Some(true));
    if asks(read) && !asks(written) { spelled(written, read, "uniqueItems") } else { None }
}
