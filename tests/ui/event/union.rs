//! A union has no schema.

use event_core::DomainEvent;

#[derive(DomainEvent)]
#[event(type = "order.placed", version = 1, keyless)]
union Number {
    int: u32,
    float: f32,
}

fn main() {}
