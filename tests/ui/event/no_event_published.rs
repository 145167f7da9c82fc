//! What is no event can't be published.

pub struct Order;

fn publish<E: event_core::Publish>(_: &E) {}

fn main() {
    publish(&Order);
}
