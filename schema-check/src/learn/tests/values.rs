//! What readers of the user's own take of values and keys.

use super::*;

fn plain_option<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<u8>, D::Error> {
    Option::deserialize(reader)
}

fn odd<'de, D: Deserializer<'de>>(reader: D) -> Result<u8, D::Error> {
    let number = u8::deserialize(reader)?;
    if number == 0 { Err(serde::de::Error::custom("zero")) } else { Ok(number) }
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Custom {
    #[serde(deserialize_with = "plain_option")]
    a: Option<u8>,
    #[serde(deserialize_with = "odd")]
    b: u8,
}

#[test]
fn a_readers_own_code_shows_in_what_it_refuses() {
    let expected = json!([
        {"pointer": "/$defs/Custom/properties/a", "required": true},
        {"pointer": "/$defs/Custom/properties/b", "refuses": [0]}
    ]);
    assert_eq!(facts::<In<Custom>>(&[]), expected);
}

/// Three capital letters.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
struct Currency(String);

impl TryFrom<String> for Currency {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        let right = text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase());
        if right { Ok(Self(text)) } else { Err(format!("`{text}` is no currency")) }
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.0
    }
}

#[derive(Serialize, Deserialize, JsonSchema)]
struct Money {
    day: Text<10>,
    currency: Currency,
    again: Currency,
    #[serde(alias = "amt")]
    amount: i64,
}

#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
struct Text<const N: usize>(String);

impl<const N: usize> TryFrom<String> for Text<N> {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        if text.len() == N { Ok(Self(text)) } else { Err(format!("not {N} long")) }
    }
}

#[test]
fn types_that_take_few_texts_hide_nothing() {
    let found = facts::<In<Money>>(&[("amount", "amt")]);
    let alias = json!({"pointer": "/$defs/Money/properties/amount", "alias": ["amt"]});
    assert!(found.as_array().unwrap().contains(&alias), "{found:#}");
    assert!(found.to_string().contains("refuses"), "{found:#}");
}

fn keys<K: DeserializeOwned + Serialize + JsonSchema + Ord>() -> Value {
    let facts = facts::<In<BTreeMap<K, u8>>>(&[]);
    facts.pointer("/0/keys").cloned().unwrap_or_default()
}

#[derive(Serialize, Deserialize, JsonSchema, PartialEq, Eq, PartialOrd, Ord)]
enum Documented {
    /// First.
    A,
    /// Second.
    B,
}

#[test]
fn keys_of_maps_are_told_by_what_is_taken() {
    assert_eq!(keys::<String>(), Value::Null);
    assert_eq!(keys::<u8>(), json!({"type": "integer", "format": "uint8"}));
    assert_eq!(keys::<i64>(), json!({"type": "integer", "format": "int64"}));
    assert_eq!(keys::<u128>(), json!({"type": "integer", "format": "uint128"}));
    assert_eq!(keys::<NonZeroU32>(), json!({"type": "integer", "format": "uint32", "not": {"const": 0}}));
    assert_eq!(keys::<char>(), json!({"minLength": 1, "maxLength": 1}));
    assert_eq!(keys::<bool>(), json!({"enum": ["false", "true"]}));
    assert_eq!(keys::<Documented>(), json!({"enum": ["A", "B"]}));
    let ip = json!({"anyOf": [{"type": "string", "format": "ipv4"}, {"type": "string", "format": "ipv6"}]});
    assert_eq!(keys::<IpAddr>(), ip);
    assert!(keys::<Currency>().to_string().contains("keys with `"), "{}", keys::<Currency>());
}

impl PartialEq for Currency {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}
impl Eq for Currency {}
impl PartialOrd for Currency {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Currency {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.0.cmp(&other.0)
    }
}

#[test]
fn the_only_field_of_a_part_may_be_demanded() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Only {
        #[serde(deserialize_with = "plain_option")]
        a: Option<u8>,
    }
    assert_eq!(facts::<In<Only>>(&[]), json!([{"pointer": "/$defs/Only/properties/a", "required": true}]));
}

#[test]
fn what_one_field_refuses_is_no_fact_of_another() {
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Count(u8);
    fn odd_count<'de, D: Deserializer<'de>>(reader: D) -> Result<Count, D::Error> {
        odd(reader).map(Count)
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Two {
        #[serde(deserialize_with = "odd_count")]
        a: Count,
        b: Count,
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Turned {
        a: Count,
        #[serde(deserialize_with = "odd_count")]
        b: Count,
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Same {
        a: Texts,
        b: Texts,
        c: Option<Texts>,
    }
    #[derive(Serialize, Deserialize, JsonSchema)]
    struct Texts(Text<10>);
    assert_eq!(facts::<In<Two>>(&[]), json!([]));
    assert_eq!(facts::<In<Turned>>(&[]), json!([]));
    assert!(facts::<In<Same>>(&[]).to_string().contains("refuses"));
}
