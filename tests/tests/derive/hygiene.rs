//! The output stands in the user's scope, and must not meet what is there.

/// What users may call their own.
mod shadowed {
    use ::event_core::DomainEvent;
    use ::schemars::JsonSchema;
    use ::serde::{Deserialize, Serialize};

    mod event_core {}
    mod core {}
    mod std {}
    struct Option;
    struct Result;
    struct String;
    struct Vec;
    struct Default;
    struct Some;
    struct None;
    struct Ok;
    #[allow(unused_macros)]
    macro_rules! assert {
        ($($any:tt)*) => {
            ::core::compile_error! {"not this one"}
        };
    }
    #[allow(unused_macros)]
    macro_rules! vec {
        ($($any:tt)*) => {
            ::core::compile_error! {"not this one"}
        };
    }
    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 1, key = order_id, superseded)]
    pub(super) struct V1 {
        pub(super) order_id: u8,
    }

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 2, key = (order_id, count), from = V1)]
    pub(super) struct V2 {
        pub(super) order_id: u8,
        #[event(added = old.order_id)]
        pub(super) count: u8,
        #[event(added)]
        pub(super) by_default: u8,
    }

    pub(super) struct Consumer;

    #[::event_core::event_handlers(consumer = "shadowed")]
    impl Consumer {
        #[on(timeout = "1s", attempts = 2)]
        async fn on(&self, _: V2) -> ::event_core::HandlerResult {
            ::core::result::Result::Ok(())
        }
    }
}

/// An application that knows us by another name.
mod renamed {
    use crate::hygiene::facade::events::{DomainEvent, HandlerResult, event_handlers};
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 1, keyless, crate = crate::hygiene::facade::events)]
    pub(super) struct Placed;

    pub(super) struct Consumer;

    #[event_handlers(consumer = "renamed", crate = crate::hygiene::facade::events)]
    impl Consumer {
        #[on]
        async fn placed(&self, _: Placed) -> HandlerResult {
            Ok(())
        }
    }
}

mod facade {
    pub(super) use event_core as events;
}

/// Events that a macro of the user writes.
mod written {
    use event_core::DomainEvent;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    macro_rules! event {
        ($name:ident, $older:ty, $type:literal, $version:literal, $key:ident, $added:ident = $value:expr) => {
            #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
            #[event(type = $type, version = $version, key = $key, from = $older)]
            pub(super) struct $name {
                pub(super) $key: String,
                #[event(added = $value)]
                pub(super) $added: usize,
                #[event(added = old.order_id.len())]
                pub(super) by_the_macro: usize,
            }
        };
    }

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 1, key = order_id)]
    pub(super) struct V1 {
        pub(super) order_id: String,
    }

    event!(V2, V1, "order.placed", 2, order_id, length = 5);
}

/// Fields with the names of our locals.
mod locals {
    use event_core::DomainEvent;
    use schemars::JsonSchema;
    use serde::{Deserialize, Serialize};

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 1, key = __key0, superseded)]
    pub(super) enum V1 {
        Placed { __key0: u8, __old: u8 },
    }

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 2, key = __old, superseded, from = V1, with = V2::step)]
    pub(super) struct V2 {
        pub(super) __old: u8,
        pub(super) old: u8,
        pub(super) __private: u8,
    }

    impl V2 {
        fn step(old: V1) -> Self {
            let V1::Placed { __key0, __old } = old;
            Self { __old, old: __key0, __private: 0 }
        }
    }

    #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 3, key = (__old, old), from = V2)]
    pub(super) struct V3 {
        #[event(added = old.old + 1)]
        pub(super) __old: u8,
        pub(super) old: u8,
        pub(super) __private: u8,
        #[event(added = old.__old + 1)]
        pub(super) ____old: u8,
    }
}

#[test]
fn locals_of_ours_are_not_the_users() {
    let stored = serde_json::value::RawValue::from_string(r#"{"Placed":{"__key0":1,"__old":5}}"#.to_owned());
    let event: locals::V3 = event_core::read("order.placed", 1, &stored.expect("JSON")).expect("version 1 is known");
    assert_eq!((event.__old, event.old, event.____old), (2, 1, 6));
}

#[test]
fn names_of_the_user_stay_the_users() {
    use event_core::{DomainEvent, Handlers};

    assert_eq!(shadowed::V2::EVENT_VERSION, 2);
    assert_eq!(<shadowed::Consumer as Handlers<()>>::routes().len(), 1);
    assert_eq!(renamed::Placed::EVENT_TYPE, "order.placed");
    assert_eq!(<renamed::Consumer as Handlers<()>>::CONSUMER, "renamed");
    assert_eq!(written::V2::EVENT_VERSION, 2);
}

#[test]
fn an_event_may_live_in_a_function() {
    use event_core::DomainEvent;

    #[derive(serde::Serialize, serde::Deserialize, schemars::JsonSchema, DomainEvent)]
    #[event(type = "order.placed", version = 1, keyless)]
    struct Local;

    assert_eq!(Local::EVENT_TYPE, "order.placed");
}
