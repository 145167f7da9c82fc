//! Wire types: `order.placed`.

/// The text before the last dot: what an event is about, unless its attribute `aggregate` says otherwise.
#[must_use]
pub(crate) fn default_aggregate(event_type: &str) -> &str {
    event_type.rsplit_once('.').map_or(event_type, |(aggregate, _)| aggregate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_aggregate_is_what_stands_before_the_last_dot() {
        assert_eq!(default_aggregate("shop.order.placed"), "shop.order");
        assert_eq!(default_aggregate("placed"), "placed");
    }
}
