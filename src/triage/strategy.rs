//! Orders comments for labelling: those that likely bear the label, those that the model doubts, or by chance.
//!
//! [`Queue`](super::Queue) ranks what a moderator must act on; this ranks what a model should learn from next.

/// Which comments are read first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strategy {
    /// The most probable first: finds what bears the label with the least reading.
    #[default]
    Risk,
    /// Those nearest to a threshold first: their labels move it the most (Lewis and Gale, "A sequential algorithm for
    /// training text classifiers", SIGIR 1994).
    Uncertain,
    /// As they come out of a hat: what is found in them estimates what stands in all.
    Random,
    /// Of ten comments, seven by risk, two by doubt and one by chance: finds nearly as much as the first, and sees what it
    /// is blind for.
    Mix,
}

/// Whose turn it is in [`Strategy::Mix`], over and over.
const TURNS: [Strategy; 10] = [
    Strategy::Risk,
    Strategy::Risk,
    Strategy::Uncertain,
    Strategy::Risk,
    Strategy::Risk,
    Strategy::Random,
    Strategy::Risk,
    Strategy::Uncertain,
    Strategy::Risk,
    Strategy::Risk,
];

impl Strategy {
    /// All of them.
    pub const ALL: [Strategy; 4] =
        [Strategy::Risk, Strategy::Uncertain, Strategy::Random, Strategy::Mix];

    /// The one of this name.
    pub fn named(name: &str) -> Option<Strategy> {
        Self::ALL.into_iter().find(|strategy| strategy.name() == name)
    }

    /// Whose turn it is where so many comments were read one by one; never [`Strategy::Mix`].
    pub fn turn(self, read: usize) -> Strategy {
        match self {
            Strategy::Mix => TURNS[read % TURNS.len()],
            other => other,
        }
    }

    /// Its name on the command line and in tables.
    pub fn name(self) -> &'static str {
        match self {
            Strategy::Risk => "risk",
            Strategy::Uncertain => "uncertain",
            Strategy::Random => "random",
            Strategy::Mix => "mix",
        }
    }
}

/// What is believed of a comment before anybody reads it.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outlook {
    /// How probably it bears a label asked for, the likeliest of them: 0 to 1.
    pub risk: f64,
    /// How far the probability that is nearest to its threshold stands from it: 0 to 1.
    pub distance: f64,
}

impl Outlook {
    /// The outlook where the labels asked for have these probabilities and thresholds (0 to 1, one a label).
    pub fn of(probabilities: &[f64], thresholds: &[f64]) -> Outlook {
        let distances = probabilities.iter().zip(thresholds).map(|(p, t)| (p - t).abs());
        Outlook {
            risk: probabilities.iter().copied().fold(0.0, f64::max),
            distance: distances.fold(1.0, f64::min),
        }
    }
}

/// A comment to read, and why it stands where it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// Its index among the comments ordered.
    pub index: usize,
    /// What chose it; never [`Strategy::Mix`]. What chance chose estimates, the rest is a selection.
    pub by: Strategy,
}

/// All comments in the order in which `strategy` reads them. Equals stand as they came; the same seed gives the same order.
pub fn order(outlooks: &[Outlook], strategy: Strategy, seed: u64) -> Vec<Pick> {
    let single = |by: Strategy| -> Vec<Pick> {
        let mut all: Vec<usize> = (0..outlooks.len()).collect();
        let (risk, distance) =
            (|one: usize| outlooks[one].risk, |one: usize| outlooks[one].distance);
        match by {
            Strategy::Risk => all.sort_by(|&a, &b| risk(b).total_cmp(&risk(a))),
            Strategy::Uncertain => all.sort_by(|&a, &b| distance(a).total_cmp(&distance(b))),
            Strategy::Random | Strategy::Mix => fastrand::Rng::with_seed(seed).shuffle(&mut all),
        }
        all.into_iter().map(|index| Pick { index, by }).collect()
    };
    if strategy != Strategy::Mix {
        return single(strategy);
    }
    let mut lists = [Strategy::Risk, Strategy::Uncertain, Strategy::Random]
        .map(|strategy| single(strategy).into_iter());
    let mut taken = vec![false; outlooks.len()];
    let mut picks = Vec::with_capacity(outlooks.len());
    for turn in TURNS.into_iter().cycle() {
        let list = &mut lists[turn as usize];
        // A list that has nothing new to offer has been read by the others: so has everything.
        let Some(pick) = list.find(|pick| !taken[pick.index]) else { break };
        taken[pick.index] = true;
        picks.push(pick);
    }
    picks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn outlooks(risks: &[f64]) -> Vec<Outlook> {
        risks.iter().map(|&risk| Outlook::of(&[risk], &[0.4])).collect()
    }

    fn indices(risks: &[f64], strategy: Strategy) -> Vec<usize> {
        order(&outlooks(risks), strategy, 7).into_iter().map(|pick| pick.index).collect()
    }

    #[test]
    fn a_strategy_says_who_comes_first() {
        let risks = [0.1, 0.9, 0.45, 0.9, 0.3];
        assert_eq!(indices(&risks, Strategy::Risk), [1, 3, 2, 4, 0]);
        assert_eq!(indices(&risks, Strategy::Uncertain), [2, 4, 0, 1, 3]);
        let chance = indices(&risks, Strategy::Random);
        assert_eq!(chance, indices(&risks, Strategy::Random));
        let others = (0..20).map(|seed| order(&outlooks(&risks), Strategy::Random, seed));
        assert!(others.into_iter().any(|other| other[0].index != chance[0]));
    }

    #[test]
    fn several_labels_count_by_their_likeliest_and_their_most_doubtful() {
        let outlook = Outlook::of(&[0.2, 0.7], &[0.25, 0.5]);
        assert_eq!(outlook.risk, 0.7);
        assert!((outlook.distance - 0.05).abs() < 1e-12);
        assert_eq!(Outlook::of(&[], &[]), Outlook { risk: 0.0, distance: 1.0 });
    }

    #[test]
    fn a_mix_takes_seven_two_and_one_of_ten() {
        let risks: Vec<f64> = (0..100).map(|one| f64::from(one) / 100.0).collect();
        let picks = order(&outlooks(&risks), Strategy::Mix, 1);
        for ten in picks[..40].chunks(10) {
            let by = |strategy| ten.iter().filter(|pick| pick.by == strategy).count();
            assert_eq!([Strategy::Risk, Strategy::Uncertain, Strategy::Random].map(by), [7, 2, 1]);
        }
        assert_eq!((picks[0].index, picks[2].index), (99, 40));
        assert!(picks.iter().zip(0..40).all(|(pick, read)| pick.by == Strategy::Mix.turn(read)));
        assert_eq!(Strategy::Risk.turn(2), Strategy::Risk);
    }

    proptest! {
        #[test]
        fn an_order_is_a_permutation(risks in proptest::collection::vec(0.0..=1.0f64, 0..60), seed: u64) {
            for strategy in Strategy::ALL {
                let picks = order(&outlooks(&risks), strategy, seed);
                let mut indices: Vec<usize> = picks.iter().map(|pick| pick.index).collect();
                indices.sort_unstable();
                prop_assert_eq!(indices, (0..risks.len()).collect::<Vec<_>>());
                prop_assert!(picks.iter().all(|pick| pick.by != Strategy::Mix));
            }
        }
    }
}
