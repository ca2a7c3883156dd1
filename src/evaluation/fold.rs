//! Deals rows into folds so that what belongs together stays together.

/// Deals rows into `count` folds by their group: rows of one group share a fold, so that a model is never
/// measured on a thread, a pair or a copy of what it was fitted on.
///
/// Large groups are dealt first, each into the fold with the fewest rows; ties go by a hash of group and `seed`.
pub fn folds(groups: &[u64], count: usize, seed: u64) -> Vec<usize> {
    let mut sizes = std::collections::BTreeMap::new();
    for &group in groups {
        *sizes.entry(group).or_insert(0usize) += 1;
    }
    let mut order: Vec<(std::cmp::Reverse<usize>, u64, u64)> = sizes
        .into_iter()
        .map(|(group, size)| (std::cmp::Reverse(size), crate::text::mix(group ^ seed), group))
        .collect();
    order.sort_unstable();
    let mut filled = vec![0; count.max(1)];
    let mut of_group = std::collections::HashMap::new();
    for (std::cmp::Reverse(size), _, group) in order {
        let fold = (0..filled.len()).min_by_key(|&fold| filled[fold]).unwrap_or(0);
        filled[fold] += size;
        of_group.insert(group, fold);
    }
    groups.iter().map(|group| of_group[group]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_stay_whole_and_folds_even() {
        let groups: Vec<u64> = (0..100).map(|row| row / 4).collect();
        let dealt = folds(&groups, 5, 7);
        assert!((0..100).all(|row| dealt[row] == dealt[row / 4 * 4]));
        assert!((0..5).all(|fold| dealt.iter().filter(|&&at| at == fold).count() == 20));
        assert_eq!(dealt, folds(&groups, 5, 7));
    }
}
