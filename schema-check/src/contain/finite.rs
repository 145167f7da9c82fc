//! Writers that list all their values: each of them can be tried.

use serde_json::{Map, Value};

/// More values than this aren't tried.
const MOST: usize = 2000;

/// All the values that a schema can accept, if it lists them; some of them it may refuse.
pub(super) fn values(schema: &Value) -> Option<Vec<&Value>> {
    let object = match schema {
        Value::Bool(false) => return Some(Vec::new()),
        Value::Object(object) => object,
        _ => return None,
    };
    let listed = object.get("const").map(|value| vec![value]);
    let listed = listed.or_else(|| Some(object.get("enum")?.as_array()?.iter().collect()));
    listed.or_else(|| union(object)).or_else(|| each(object, "allOf")?.find_map(values)).filter(|all| all.len() <= MOST)
}

fn each<'a>(object: &'a Map<String, Value>, keyword: &str) -> Option<impl Iterator<Item = &'a Value>> {
    object.get(keyword)?.as_array().map(|list| list.iter())
}

fn union(object: &Map<String, Value>) -> Option<Vec<&Value>> {
    let branches = each(object, "anyOf").or_else(|| each(object, "oneOf"))?;
    branches.map(values).collect::<Option<Vec<_>>>().map(|all| all.into_iter().flatten().collect())
}

/// Whether a number is in it: a list of values doesn't tell how it is spelled, and some schemas do.
pub(super) fn has_number(value: &Value) -> bool {
    match value {
        Value::Number(_) => true,
        Value::Array(list) => list.iter().any(has_number),
        Value::Object(map) => map.values().any(has_number),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::values;

    #[test]
    fn a_union_of_constants_lists_its_values() {
        let schema = json!({"anyOf": [{"const": 1}, {"enum": ["a", null]}, false]});
        assert_eq!(values(&schema), Some(vec![&json!(1), &json!("a"), &json!(null)]));
    }

    #[test]
    fn a_branch_that_lists_nothing_leaves_it_open() {
        assert_eq!(values(&json!({"anyOf": [{"const": 1}, {"type": "string"}]})), None);
        assert_eq!(values(&json!({"type": "boolean"})), None);
    }

    #[test]
    fn one_branch_of_all_is_enough() {
        assert_eq!(values(&json!({"allOf": [{"type": "string"}, {"const": 1}]})), Some(vec![&json!(1)]));
    }
}
