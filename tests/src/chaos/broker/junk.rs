//! What a broker is sent by mistake.

/// Bytes that are no event, and no others like them.
pub fn of(number: usize) -> Vec<u8> {
    match number % 5 {
        0 => [&[0xff, 0xfe, 0x00][..], format!("junk {number}").as_bytes()].concat(),
        1 => format!(r#"{{"specversion":"1.0","id":"junk {number}"#).into_bytes(),
        2 => format!(r#"{{"junk":{number}}}"#).into_bytes(),
        3 => format!(r#"{{"specversion":"1.0","id":"junk {number}","type":"chaos.counted","data":{{}}}}"#).into_bytes(),
        _ => format!("{}{number}{}", "[".repeat(5000), "]".repeat(5000)).into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use event_core::Envelope;

    use super::*;

    #[test]
    fn junk_is_no_event_and_no_two_are_the_same() {
        let bodies: std::collections::BTreeSet<_> = (0..50).map(of).collect();
        assert_eq!(bodies.len(), 50);
        assert!(bodies.iter().all(|body| Envelope::from_json(body).is_err()));
    }
}
