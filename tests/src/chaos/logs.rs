//! What the logs of the workers tell: whether what the harness does to them has hit them at all.

use std::fmt;
use std::path::Path;

/// What is counted, and the texts by which it is known.
const KINDS: [(&str, &[&str]); 7] = [
    ("deadlocks", &["deadlock detected", "Deadlock found"]),
    ("serialization", &["could not serialize access", "Record has changed since last read"]),
    ("locks", &["database is locked", "Lock wait timeout exceeded"]),
    ("pool", &["pool timed out"]),
    ("panics", &["panics by chance", "panics always"]),
    ("claims", &["the transport has given the messages to another"]),
    ("deadlines", &["the handler was not done after"]),
];

/// How many lines of the logs in `folder` speak of each kind.
pub fn hits(folder: &Path) -> Hits {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let texts = files.filter_map(|file| std::fs::read(file.path()).ok());
    let mut hits = Hits::default();
    texts.for_each(|text| hits.read(&String::from_utf8_lossy(&text)));
    hits
}

/// How often each kind was met.
#[derive(Debug, Default)]
pub struct Hits([usize; KINDS.len()]);

impl Hits {
    fn read(&mut self, log: &str) {
        for line in log.lines() {
            for (count, (_, texts)) in self.0.iter_mut().zip(KINDS) {
                *count += usize::from(texts.iter().any(|text| line.contains(text)));
            }
        }
    }
}

impl fmt::Display for Hits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts: Vec<String> =
            self.0.iter().zip(KINDS).map(|(count, (kind, _))| format!("{kind}={count}")).collect();
        f.write_str(&counts.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_counted_by_what_they_speak_of() {
        let mut hits = Hits::default();
        hits.read("WARN cause=[\"deadlock detected\"]\nWARN cause=[\"pool timed out while waiting\"]\n");
        hits.read("WARN cause=[\"Deadlock found when trying to get lock\"]\nnothing\n");
        let told = "deadlocks=2 serialization=0 locks=0 pool=1 panics=0 claims=0 deadlines=0";
        assert_eq!(hits.to_string(), told);
    }
}
