//! Counts how many independent witnesses there are behind rows that weigh differently or say the same.

use std::collections::BTreeMap;

/// The weights of groups whose rows say the same: copies of one text, decided together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Witnesses {
    /// By group. In order, so that sums are the same at every run.
    weights: BTreeMap<i64, f64>,
}

impl Witnesses {
    /// Adds a row of a group, with its weight.
    pub fn add(&mut self, group: i64, weight: f64) {
        *self.weights.entry(group).or_default() += weight;
    }

    /// Adds all rows of others, each with its weight times `factor`.
    pub fn add_all(&mut self, others: &Witnesses, factor: f64) {
        others.weights.iter().for_each(|(group, weight)| self.add(*group, weight * factor));
    }

    /// The effective size: as many equal, independent rows tell as much (Kish, 1965, *Survey Sampling*, section 11.7). It
    /// supposes that rows of one group always agree, so that it never says too much. 0 without rows.
    pub fn size(&self) -> f64 {
        let sum: f64 = self.weights.values().sum();
        let squares: f64 = self.weights.values().map(|weight| weight * weight).sum();
        if squares > 0.0 { sum * sum / squares } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_are_one_witness_and_unequal_weights_are_fewer() {
        let mut witnesses = Witnesses::default();
        assert_eq!(witnesses.size(), 0.0);
        (0..10).for_each(|row| witnesses.add(row, 1.0));
        assert_eq!(witnesses.size(), 10.0);
        // Oracle: ten alone and a fold of ten: 20² / (10 × 1² + 10²) = 400 / 110.
        (0..10).for_each(|_| witnesses.add(10, 1.0));
        assert!((witnesses.size() - 400.0 / 110.0).abs() < 1e-12);
    }
}
