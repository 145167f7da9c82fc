//! Sets of events, and whether a service handles or ignores each event of one: decided while the service is compiled.

mod check;
mod handled;
mod text;

pub use check::{Answers, Complaint};
pub use handled::{Handled, HandlesEvents, events_of, handled};

use crate::event::Current;

/// Events that belong together, such as all that a producer publishes. Made by [`event_set!`](crate::event_set), checked
/// by [`handles_each!`](crate::handles_each).
#[derive(Debug, Clone, Copy)]
pub struct EventSet {
    name: &'static str,
    events: &'static [Named],
}

/// An event, and what it is called in Rust.
#[derive(Debug, Clone, Copy)]
#[doc(hidden)]
pub struct Named {
    rust: &'static str,
    handled: Handled,
}

impl EventSet {
    /// What [`event_set!`](crate::event_set) makes of a list.
    #[doc(hidden)]
    #[must_use]
    pub const fn new(name: &'static str, events: &'static [Named]) -> Self {
        Self { name, events }
    }

    /// The wire types of the events, in the order in which they were listed.
    pub fn event_types(&self) -> impl Iterator<Item = &'static str> {
        self.events.iter().map(|event| event.handled.event_type())
    }
}

impl Named {
    /// The event `E`, as `rust` calls it.
    #[must_use]
    pub const fn of<E: Current>(rust: &'static str) -> Self {
        Self { rust, handled: handled(E::EVENT_TYPE) }
    }
}

/// Declares a set of events, for [`handles_each!`](crate::handles_each): each is the newest version of its type.
///
/// ```
/// # use event_core::DomainEvent;
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = 0)]
/// # struct OrderPlaced(u8);
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.paid", version = 1, key = 0)]
/// # struct OrderPaid(u8);
/// event_core::event_set! {
///     /// All that happens to an order.
///     pub ORDER_EVENTS: OrderPlaced, OrderPaid
/// }
///
/// assert!(ORDER_EVENTS.event_types().eq(["order.placed", "order.paid"]));
/// ```
#[macro_export]
macro_rules! event_set {
    ($(#[$attribute:meta])* $visibility:vis $name:ident: $($event:ty),+ $(,)?) => {
        $(#[$attribute])*
        $visibility const $name: $crate::EventSet = $crate::EventSet::new(
            ::core::stringify!($name),
            &[$($crate::__private::Named::of::<$event>(::core::stringify!($event))),+],
        );
    };
    ($($other:tt)*) => {
        ::core::compile_error!("write the set's name and its events: `event_set!(pub ORDER_EVENTS: OrderPlaced, OrderPaid)`");
    };
}

/// Refuses to compile unless each event of a set is handled by one of the consumers or ignored by name.
///
/// An event that joins the set later, with a release of the producer's crate, is noticed when the service is built, not when
/// it was missed. What is compared are wire types, so the events may be the producer's own or `foreign` ones of the service.
///
/// An event that is ignored and handled all the same, or that isn't in the set, is refused as well: such a list says
/// something that is no longer so.
///
/// ```
/// use event_core::{DomainEvent, HandlerResult, event_handlers, event_set, handles_each};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = 0)]
/// # struct OrderPlaced(u8);
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.paid", version = 1, key = 0)]
/// # struct OrderPaid(u8);
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.archived", version = 1, key = 0)]
/// # struct OrderArchived(u8);
///
/// event_set!(pub ORDER_EVENTS: OrderPlaced, OrderPaid, OrderArchived);
///
/// struct Billing;
/// struct Shipping;
///
/// #[event_handlers(consumer = "billing")]
/// impl Billing {
///     #[on]
///     async fn charge(&self, event: OrderPlaced) -> HandlerResult {
///         Ok(())
///     }
/// }
///
/// #[event_handlers(consumer = "shipping")]
/// impl Shipping {
///     #[on]
///     async fn pack(&self, event: OrderPaid) -> HandlerResult {
///         Ok(())
///     }
/// }
///
/// handles_each!(ORDER_EVENTS; by Billing, Shipping; ignores OrderArchived);
/// ```
///
/// Without `ignores OrderArchived` it doesn't compile:
///
/// ```compile_fail
/// # use event_core::{DomainEvent, HandlerResult, event_handlers, event_set, handles_each};
/// # use schemars::JsonSchema;
/// # use serde::{Deserialize, Serialize};
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.placed", version = 1, key = 0)]
/// # struct OrderPlaced(u8);
/// # #[derive(Serialize, Deserialize, JsonSchema, DomainEvent)]
/// # #[event(type = "order.archived", version = 1, key = 0)]
/// # struct OrderArchived(u8);
/// # event_set!(pub ORDER_EVENTS: OrderPlaced, OrderArchived);
/// # struct Billing;
/// # #[event_handlers(consumer = "billing")]
/// # impl Billing {
/// #     #[on]
/// #     async fn charge(&self, event: OrderPlaced) -> HandlerResult {
/// #         Ok(())
/// #     }
/// # }
/// handles_each!(ORDER_EVENTS; by Billing);
/// ```
///
/// A consumer with generics is named with what it is run with: `by Bookkeeper<Postgres>`.
#[macro_export]
macro_rules! handles_each {
    ($set:path; by $($consumer:ty),+ $(; ignores $($ignored:ty),* $(,)?)?) => {
        const _: () = {
            const ANSWERS: $crate::__private::Answers = $crate::__private::Answers {
                set: $set,
                handled: &[$($crate::__private::events_of::<$consumer, _>()),+],
                ignored: &[$($($crate::__private::Named::of::<$ignored>(::core::stringify!($ignored))),*)?],
            };
            $crate::__complain!(ANSWERS, Unanswered);
            $crate::__complain!(ANSWERS, Handled);
            $crate::__complain!(ANSWERS, Stray);
        };
    };
    ($($other:tt)*) => {
        ::core::compile_error!(
            "write a set, who handles its events, and which are ignored: `handles_each!(ORDER_EVENTS; by Billing, Shipping; ignores OrderArchived)`"
        );
    };
}

/// One complaint, an error of its own. Its text is as long as it is: the first call counts, the second one writes.
#[doc(hidden)]
#[macro_export]
macro_rules! __complain {
    ($answers:ident, $complaint:ident) => {
        const _: () = {
            const LENGTH: usize = $answers.text::<0>($crate::__private::Complaint::$complaint).length();
            if LENGTH > 0 {
                ::core::panic!("{}", $answers.text::<LENGTH>($crate::__private::Complaint::$complaint).as_str());
            }
        };
    };
}
