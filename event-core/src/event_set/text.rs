//! Text that is written while the compiler runs, where there is no `String`.

/// A text of at most `N` bytes; what goes beyond is counted only.
#[derive(Debug)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    length: usize,
}

impl<const N: usize> Text<N> {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; N], length: 0 }
    }

    pub(super) const fn push_all(&mut self, parts: &[&str]) {
        let mut rest = parts;
        while let [part, next @ ..] = rest {
            self.push(part);
            rest = next;
        }
    }

    #[allow(clippy::indexing_slicing, reason = "below `N`; const fn has no iterator")]
    const fn push(&mut self, text: &str) {
        let mut rest = text.as_bytes();
        while let [byte, next @ ..] = rest {
            if self.length < N {
                self.bytes[self.length] = *byte;
            }
            self.length += 1;
            rest = next;
        }
    }

    /// How long the whole text is.
    #[must_use]
    pub const fn length(&self) -> usize {
        self.length
    }

    /// The text; nothing of one that is too long.
    #[must_use]
    pub const fn as_str(&self) -> &str {
        match str::from_utf8(&self.bytes) {
            Ok(text) if self.length == N => text,
            _ => "",
        }
    }
}
