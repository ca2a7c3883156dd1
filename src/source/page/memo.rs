//! Remembers what was found out of a text, because the same classes stand on a page again and again.

/// How many texts are remembered at once.
const SLOTS: usize = 512;

/// The answers for the texts asked last: each text has one slot, and the later of two that share it stays.
pub struct Memo<'a, V> {
    slots: Vec<Option<(&'a str, V)>>,
}

impl<'a, V: Copy> Memo<'a, V> {
    /// Remembers nothing yet.
    pub fn new() -> Memo<'a, V> {
        Memo { slots: vec![None; SLOTS] }
    }

    /// The answer of `find`, or what it said before.
    pub fn get(&mut self, text: &'a str, find: impl FnOnce(&'a str) -> V) -> V {
        let slot = &mut self.slots[slot(text.as_bytes())];
        match *slot {
            Some((known, answer)) if known == text => answer,
            _ => {
                let answer = find(text);
                *slot = Some((text, answer));
                answer
            }
        }
    }
}

/// A slot by length, first, middle and last bytes: enough to keep most classes of a page apart, whatever their length.
fn slot(bytes: &[u8]) -> usize {
    let word = |at: usize| {
        bytes[at..].iter().take(8).fold(0u64, |word, &byte| word << 8 | u64::from(byte))
    };
    let length = bytes.len();
    let mut hash = length as u64;
    for word in [word(0), word(length / 2), word(length.saturating_sub(8))] {
        hash = (hash.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
    (hash >> 32) as usize % SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_has_its_own_answer() {
        let texts: Vec<String> = (0..3 * SLOTS).map(|number| format!("comment-{number}")).collect();
        let mut memo = Memo::new();
        for text in texts.iter().chain(&texts) {
            assert_eq!(memo.get(text, |text| text.len()), text.len());
        }
        let mut asked = 0;
        for _ in 0..3 {
            memo.get("odd", |_| {
                asked += 1;
                0
            });
        }
        assert_eq!(asked, 1);
    }
}
