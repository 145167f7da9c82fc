//! A service that answers each event of a set compiles, whatever its consumers are like.
#![allow(dead_code, unused_variables, reason = "what is tested is that it compiles")]

use std::marker::PhantomData;

use event_core::{Current, DomainEvent, HandlerResult, event_handlers, event_set, handles_each};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

mod producer {
    #![allow(unreachable_pub, reason = "it stands for a crate of its own")]

    use super::*;

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.created", version = 1, key = 0, superseded)]
    pub struct OrderCreated(u8);

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 2, key = 0, from = OrderCreated, was = "order.created", with)]
    pub struct OrderPlaced(u8);

    impl event_core::Upcast<OrderCreated> for OrderPlaced {
        fn upcast(old: OrderCreated) -> Self {
            Self(old.0)
        }
    }

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.paid", version = 1, key = 0)]
    pub struct OrderPaid(u8);

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.archived", version = 1, key = 0)]
    pub struct OrderArchived(u8);

    event_set!(pub ORDER_EVENTS: OrderPlaced, OrderPaid, OrderArchived,);
}

/// The producer's `order.paid`, as this service reads it.
#[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
#[event(type = "order.paid", version = 1, foreign)]
struct Paid(u8);

struct Context<'a, Db>(&'a mut Db);

struct Postgres;

/// Its context names a parameter, and so does an event.
struct Generic<'a, Db, E>(PhantomData<(&'a Db, E)>);

#[event_handlers(consumer = "generic")]
impl<Db: Send + Sync, E: Current> Generic<'_, Db, E>
where
    E: Send + Sync,
{
    #[on]
    async fn place(&self, event: producer::OrderPlaced, cx: &mut Context<'_, Db>) -> HandlerResult {
        Ok(())
    }

    #[on]
    async fn any(&self, event: E, cx: &mut Context<'_, Db>) -> HandlerResult {
        Ok(())
    }
}

/// It takes no context, so that it has handlers for each.
struct Plain;

#[event_handlers(consumer = "plain")]
impl Plain {
    #[on]
    async fn archive(&self, event: producer::OrderArchived) -> HandlerResult {
        Ok(())
    }
}

struct Sqlite;

/// It has handlers for two databases.
struct Both;

#[event_handlers(consumer = "both")]
impl Both {
    #[on]
    async fn place_there(&self, event: producer::OrderPlaced, cx: &mut Context<'_, Postgres>) -> HandlerResult {
        Ok(())
    }
}

#[event_handlers(consumer = "both")]
impl Both {
    #[on]
    async fn place_here(&self, event: producer::OrderPlaced, cx: &mut Context<'_, Sqlite>) -> HandlerResult {
        Ok(())
    }
}

handles_each!(producer::ORDER_EVENTS; by Generic<'static, Postgres, Paid>, Plain);
handles_each!(producer::ORDER_EVENTS; by Generic<'static, Postgres, Paid>; ignores producer::OrderArchived);
handles_each!(producer::ORDER_EVENTS; by Plain; ignores producer::OrderPlaced, Paid);

#[test]
fn a_set_tells_its_wire_types() {
    assert!(producer::ORDER_EVENTS.event_types().eq(["order.placed", "order.paid", "order.archived"]));
}
