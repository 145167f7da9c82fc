//! Values that schemas over few names and few constants tell apart.

use serde_json::{Map, Value, json};

const NAMES: [&str; 5] = ["a", "b", "aa", "", "t"];

fn scalars() -> Vec<Value> {
    let mut all = vec![json!(null), json!(true), json!(false)];
    all.extend([-3, -2, -1, 0, 1, 2, 3, 4, 5, 6, 7, 300].map(Value::from));
    all.extend([-0.5, 0.1, 0.3, 0.5, 0.25, 1.0, 1.5, 2.0, 2.5, 3.5, 1e20].map(Value::from));
    let texts = [
        "",
        "a",
        "b",
        "t",
        "A",
        "1",
        "-",
        " ",
        "é",
        "aa",
        "ab",
        "ba",
        "bb",
        "a1",
        "-a",
        "aaa",
        "aab",
        "abb",
        "bbb",
        "a a",
        "aaaa",
        "bbbb",
        "2024-01-02",
        "2024-01-02T03:04:05Z",
        "01234567-89ab-7def-8123-456789abcdef",
        "127.0.0.1",
        "a@example.com",
    ];
    all.extend(texts.map(Value::from));
    all
}

fn object<const N: usize>(entries: [(&str, &Value); N]) -> Value {
    entries.into_iter().map(|(name, value)| (name.to_owned(), value.clone())).collect::<Map<_, _>>().into()
}

/// All the values, small ones first.
#[must_use]
pub fn pool() -> Vec<Value> {
    let scalars = scalars();
    let few: Vec<Value> = [
        json!(null),
        json!(true),
        json!(0),
        json!(1),
        json!(2),
        json!(0.5),
        json!("a"),
        json!("b"),
        json!("aa"),
        json!([]),
        json!({}),
    ]
    .to_vec();
    let mut all = scalars.clone();
    all.extend([json!([]), json!({})]);
    all.extend(scalars.iter().map(|one| json!([one])));
    for name in NAMES {
        all.extend(scalars.iter().map(|one| object([(name, one)])));
    }
    for one in &few {
        for other in &few {
            all.push(json!([one, other]));
            for (left, right) in [("a", "b"), ("a", "aa"), ("b", ""), ("a", "t"), ("b", "t")] {
                all.push(object([(left, one), (right, other)]));
            }
            all.extend([json!([one, other, one]), json!([other, one, one]), json!([one, one, one, other])]);
            all.extend([
                json!({"a": {"a": one, "b": other}}),
                json!({"a": [one, other]}),
                json!([{"a": one}, other]),
                json!([[one], other]),
            ]);
            all.push(json!({"a": one, "b": other, "aa": one}));
            all.push(json!({"a": one, "b": other, "t": one, "": other}));
        }
    }
    all
}
