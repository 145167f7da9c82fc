//! Finds fields by their path on the wire.

use super::view::View;
use serde_json::Value;

/// Levels of alternatives that are looked into.
const DEEPEST: u8 = 8;

/// Some value of the schema has a field at `path`, such as `total.currency` or `lines[].sku`.
pub(crate) fn has_field(schema: &Value, path: &str) -> bool {
    let steps: Vec<&str> = path.split('.').flat_map(|key| key.split_inclusive('[')).collect();
    let steps: Vec<&str> =
        steps.iter().map(|step| step.trim_end_matches('[')).filter(|step| !step.is_empty()).collect();
    reaches(&View::of(schema, String::new(), schema), &steps, DEEPEST)
}

fn reaches(view: &View<'_>, steps: &[&str], depth: u8) -> bool {
    let Some((step, rest)) = steps.split_first() else { return true };
    let here = match step.strip_suffix(']') {
        Some(index) => item(view, index),
        None => view.properties().remove(step).or_else(|| map_values(view)),
    };
    if here.is_some_and(|next| reaches(&next, rest, DEEPEST)) {
        return true;
    }
    depth > 0 && view.groups().iter().flat_map(|group| &group.branches).any(|branch| reaches(branch, steps, depth - 1))
}

fn item<'s>(view: &View<'s>, index: &str) -> Option<View<'s>> {
    let leading = index.parse::<usize>().ok().and_then(|index| view.prefix_items().into_iter().nth(index));
    leading.or_else(|| view.items())
}

fn map_values<'s>(view: &View<'s>) -> Option<View<'s>> {
    match view.extra() {
        Some(super::view::Extra::Schema(values)) => Some(values),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_path_leads_through_lists_references_and_options() {
        let schema = json!({
            "properties": {
                "lines": {"items": {"anyOf": [{"$ref": "#/$defs/Line"}, {"type": "null"}]}},
                "pair": {"prefixItems": [{"type": "string"}, {"$ref": "#/$defs/Line"}]},
                "prices": {"additionalProperties": {"properties": {"cents": true}}},
            },
            "$defs": {"Line": {"properties": {"sku": {"type": "string"}}}},
        });
        let found = ["lines[].sku", "pair[1].sku", "prices.*.cents", "lines"];
        assert!(found.iter().all(|path| has_field(&schema, path)));
        let absent = ["lines[].name", "pair[0].sku", "prices.*.euros", "sku"];
        assert!(absent.iter().all(|path| !has_field(&schema, path)));
    }
}
