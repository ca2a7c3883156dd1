//! Finds, among many signatures, the one most like another, without comparing it with all of them.

use rustc_hash::FxHashMap;

use super::signature::{BINS, Kind, Signature, agreeing, estimate};

/// Bins that must all agree for two sketches to be compared.
const ROWS: usize = 4;
/// So many groups of bins are tried. Of pairs with a similarity of .8, 99.997 % agree in one at least; of .7, 99.6 %;
/// of .3, 15 %.
const BANDS: usize = 20;
/// The newest leaders that agree in a band; older ones are not looked at. Texts made to agree in a band without being
/// alike cannot make an import slow.
const WALK: usize = 64;
/// No leader.
const NONE: u32 = u32::MAX;

/// The leaders of folds, each the first of its near-duplicates, to be found by signature.
///
/// The same leaders inserted in the same order give the same answers.
#[derive(Clone, Debug, Default)]
pub struct Twins {
    /// Ids by the hash of a short text.
    whole: FxHashMap<u64, u64>,
    sketches: Vec<Sketch>,
    /// By band: the newest sketch that has these bins.
    newest: [FxHashMap<[u8; ROWS], u32>; BANDS],
}

/// The leader of a fold of long texts.
#[derive(Clone, Debug)]
struct Sketch {
    id: u64,
    bins: [u8; BINS],
    /// By band: the sketch before it that has the same bins.
    before: [u32; BANDS],
}

impl Twins {
    /// The least similarity to a leader at which a comment joins its fold.
    pub const LEAST: f64 = 0.7;

    /// Makes `id` the leader of a fold: a comment for which [`Twins::find`] found none.
    pub fn insert(&mut self, id: u64, signature: &Signature) {
        match &signature.0 {
            Kind::Whole(hash) => {
                self.whole.entry(*hash).and_modify(|first| *first = id.min(*first)).or_insert(id);
            }
            Kind::Sketch(bins) => {
                // No more than a few million comments come to one desk.
                let Ok(place) = u32::try_from(self.sketches.len()) else { return };
                let mut before = [NONE; BANDS];
                for (band, (key, newest)) in keys(bins).zip(&mut self.newest).enumerate() {
                    before[band] = newest.insert(key, place).unwrap_or(NONE);
                }
                self.sketches.push(Sketch { id, bins: *bins, before });
            }
        }
    }

    /// The leader most similar to a comment, [`Twins::LEAST`] at least; the smallest id of equally similar ones.
    pub fn find(&self, signature: &Signature) -> Option<u64> {
        let bins = match &signature.0 {
            Kind::Whole(hash) => return self.whole.get(hash).copied(),
            Kind::Sketch(bins) => bins,
        };
        let mut best: Option<(u8, u64)> = None;
        let mut last = NONE;
        for (band, (key, newest)) in keys(bins).zip(&self.newest).enumerate() {
            let mut place = newest.get(&key).copied().unwrap_or(NONE);
            for _ in 0..WALK {
                let Some(sketch) = self.sketches.get(place as usize) else { break };
                // A copy agrees in most bands: it need not be compared in each.
                if place != last {
                    last = place;
                    let agreeing = agreeing(bins, &sketch.bins);
                    let better = |&(most, id): &(u8, u64)| {
                        agreeing > most || agreeing == most && sketch.id < id
                    };
                    if best.as_ref().is_none_or(better) {
                        best = Some((agreeing, sketch.id));
                    }
                }
                place = sketch.before[band];
            }
        }
        best.filter(|&(agreeing, _)| estimate(agreeing) >= Self::LEAST).map(|(_, id)| id)
    }
}

/// The bins of each band.
fn keys(bins: &[u8; BINS]) -> impl Iterator<Item = [u8; ROWS]> {
    bins.as_chunks::<ROWS>().0.iter().take(BANDS).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::mix;

    fn sketch(bin: impl Fn(usize) -> u8) -> Signature {
        Signature(Kind::Sketch(std::array::from_fn(bin)))
    }

    #[test]
    fn leaders_are_found_from_the_least_similarity_on() {
        let mut twins = Twins::default();
        twins.insert(1, &sketch(|_| 0));
        // 85 of 120 agree: .7072 once chance is taken off; 84: .6988.
        assert_eq!(twins.find(&sketch(|bin| u8::from(bin >= 85))), Some(1));
        assert_eq!(twins.find(&sketch(|bin| u8::from(bin >= 84))), None);
    }

    #[test]
    fn a_crowd_in_a_band_hides_nothing_new() {
        let mut twins = Twins::default();
        for id in 0..1000u64 {
            twins.insert(id, &sketch(|bin| if bin < ROWS { 0 } else { mixed(id, bin) }));
        }
        assert_eq!(twins.find(&sketch(|bin| if bin < ROWS { 0 } else { mixed(3, bin) })), Some(3));
        assert_eq!(twins.find(&sketch(|bin| if bin < ROWS { 0 } else { mixed(5000, bin) })), None);
    }

    fn mixed(id: u64, bin: usize) -> u8 {
        mix(mix(id << 8 | bin as u64)) as u8
    }
}
