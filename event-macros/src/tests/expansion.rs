//! How the output looks.

use insta::assert_snapshot;

use super::{derived, handled};

#[test]
fn a_first_version() {
    assert_snapshot!(derived(
        r#"
        #[event(type = "order.placed", version = 1, key = order_id, superseded)]
        #[serde(rename_all = "camelCase")]
        pub struct OrderPlacedV1 {
            pub order_id: OrderId,
            #[serde(default)]
            #[schemars(range(min = 0))]
            pub total_cents: i64,
        }
        "#
    ));
}

#[test]
fn a_step_field_by_field() {
    assert_snapshot!(derived(
        r#"
        #[event(type = "order.placed", version = 2, key = (tenant, r#type), from = v1::OrderPlaced)]
        pub struct OrderPlaced {
            tenant: u32,
            r#type: String,
            #[event(added = Money::from_cents(old.total_cents))]
            total: Money,
            #[event(added)]
            coupon: Option<String>,
        }
        "#
    ));
}

#[test]
fn a_renamed_enum() {
    assert_snapshot!(derived(
        r#"
        #[event(type = "order.changed", version = 3, key = order_id, from = Older, was = "order.edited", since = 2)]
        #[event(aggregate = "shop", crate = my::events)]
        pub enum OrderChange {
            Placed { order_id: u64, #[serde(default)] total: u64 },
            #[serde(rename = "gone")]
            Cancelled { order_id: u64 },
        }
        "#
    ));
}

#[test]
fn a_foreign_event() {
    assert_snapshot!(derived(
        r#"
        #[event(type = "order.placed", version = 2, foreign, from = PlacedV1)]
        struct Placed {
            order_id: String,
            #[event(added)]
            coupon: Option<String>,
        }
        "#
    ));
}

#[test]
fn a_hazard_is_a_warning_of_five_lines() {
    let hazard = "#[serde(skip_serializing_if = \"Vec::is_empty\")]";
    let event = |attribute: &str| {
        derived(&format!("#[event(type = \"a.b\", version = 1, keyless)] struct Event {{ {attribute} tags: Vec<u8> }}"))
    };
    assert_snapshot!(event(hazard));
    assert!(!event("#[serde(default)]").contains("deprecated"));
}

#[test]
fn a_cut_over() {
    assert_snapshot!(derived(
        r#"
        #[event(type = "order.placed", version = 3, key = order_id, from = PlacedV2, readable_since = 2, also = v2::Placed)]
        #[event(deprecated(from = "2026-01-01T00:00:00Z", migration = "https://example.com/3"))]
        struct Placed {
            order_id: String,
        }
        "#
    ));
}

#[test]
fn steps_from_schemas() {
    assert_snapshot!(derived(
        r#"
        #[event(type = "order.placed", version = 3, key = order_id, from_schema(1 = Self::from_v1, 2 = v2::up))]
        struct Placed {
            order_id: String,
        }
        "#
    ));
}

#[test]
fn a_step_from_a_schema_by_hand() {
    assert_snapshot!(derived(
        r#"
        #[event(type = "order.placed", version = 2, keyless, from_schema = 1, was = "order.created")]
        enum Placed {
            Full,
            Empty,
        }
        "#
    ));
}

#[test]
fn an_item_with_mistakes() {
    assert_snapshot!(derived("#[event(type = \"order\", version = 0)] struct Page<T> where T: Clone { value: T }"));
}

#[test]
fn handlers_with_a_context() {
    assert_snapshot!(handled(
        "consumer = \"billing\", unknown = \"dead_letter\"",
        r#"
        impl<R: Repo> Billing<R> {
            #[on]
            async fn charge(&self, event: OrderPlaced, cx: &mut Context<'_, Postgres>) -> HandlerResult {
                self.repo.charge(cx, event).await
            }

            #[on(unordered, attempts = 3, retry = "1s, 5m", timeout = "30s")]
            async fn note(&self, _: OrderCancelled) -> HandlerResult {
                Ok(())
            }
        }
        "#
    ));
}

#[test]
fn handlers_without_a_context() {
    assert_snapshot!(handled(
        "consumer = \"mail\", crate = my::events",
        "impl Mail { #[on] async fn send(&self, event: OrderPlaced) -> HandlerResult { Ok(()) } }"
    ));
}
