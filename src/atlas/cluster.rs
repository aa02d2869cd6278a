//! Groups of chunks: k-means (Lloyd, k-means++ start) with the number of groups chosen by silhouette (Rousseeuw 1987),
//! and how well groups agree with genres. Any thread; deterministic.

use super::{AtlasError, Pca};
use crate::sync::StopFlag;
use linfa::DatasetBase;
use linfa::metrics::SilhouetteScore;
use linfa::traits::{Fit, Predict};
use linfa_clustering::KMeans;
use ndarray::{Array1, ArrayView2, Axis};
use std::collections::BTreeMap;

/// Most groups that are tried.
const MAX_GROUPS: usize = 16;
/// Rows the number of groups is chosen on: the silhouette is quadratic.
const CHOICE_ROWS: usize = 800;
/// Principal components that are clustered: the rest is mostly noise to a Euclidean distance.
const COMPONENTS: usize = 12;

/// The group of every row of `rows` `[n x d]`, numbered from the largest group down; all 0 with fewer than 8 rows.
///
/// # Errors
/// When `stop` is set or a number is not finite.
pub fn clusters(rows: ArrayView2<'_, f32>, stop: &StopFlag) -> Result<Vec<u16>, AtlasError> {
    let n = rows.nrows();
    if n < 8 {
        return Ok(vec![0; n]);
    }
    let pca = Pca::fit(rows, COMPONENTS)?;
    if pca.total_variance <= 0.0 {
        return Ok(vec![0; n]);
    }
    let scores = pca.project(rows);
    let chosen: Vec<usize> = (0..n.min(CHOICE_ROWS)).map(|i| i * n / n.min(CHOICE_ROWS)).collect();
    let sample = DatasetBase::from(scores.select(Axis(0), &chosen));
    let mut best = (f32::NEG_INFINITY, None);
    for groups in 2..=MAX_GROUPS.min(chosen.len() / 4) {
        if stop.is_stopped() {
            return Err(AtlasError::Cancelled);
        }
        let model = KMeans::params(groups)
            .n_runs(3)
            .max_n_iterations(100)
            .fit(&sample)
            .map_err(refused)?;
        let labels: Array1<usize> = model.predict(sample.records());
        let labelled = DatasetBase::new(sample.records().view(), labels);
        let silhouette = labelled.silhouette_score().map_err(refused)?;
        if silhouette > best.0 {
            best = (silhouette, Some(model));
        }
    }
    let labels = best.1.map_or_else(|| Array1::zeros(n), |model| model.predict(&scores));
    Ok(largest_first(labels.as_slice().unwrap_or_default()))
}

fn refused(error: impl std::fmt::Display) -> AtlasError {
    AtlasError::Solver {
        stage: "the clustering",
        reason: error.to_string(),
    }
}

/// Renumbers so that group 0 is the largest; equal sizes keep the order in which they first appear.
fn largest_first(labels: &[usize]) -> Vec<u16> {
    let mut size_and_first = BTreeMap::new();
    for (i, label) in labels.iter().enumerate() {
        size_and_first.entry(*label).or_insert((0usize, i)).0 += 1;
    }
    let mut order: Vec<_> = size_and_first.into_iter().collect();
    order.sort_by_key(|(_, (size, first))| (std::cmp::Reverse(*size), *first));
    let number: BTreeMap<usize, u16> = order
        .iter()
        .enumerate()
        .map(|(new, (old, _))| (*old, new as u16))
        .collect();
    labels.iter().map(|label| number[label]).collect()
}

/// How two labellings of the same chunks agree.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Normalised mutual information, 0..1: 2 I(A; B) / (H(A) + H(B)).
    pub nmi: f32,
    /// Share of chunks whose genre is the commonest of their group, 0..1.
    pub purity: f32,
}

/// Agreement of groups with genres over the chunks whose genre is known; `None` when there is none.
pub fn agreement(groups: &[u16], genre: &[Option<u16>]) -> Option<Agreement> {
    let pairs: Vec<(u16, u16)> = groups
        .iter()
        .zip(genre)
        .filter_map(|(group, genre)| Some((*group, (*genre)?)))
        .collect();
    let n = pairs.len() as f64;
    let both = tally(pairs.iter().copied());
    let h_group = entropy(&tally(pairs.iter().map(|pair| pair.0)), n);
    let h_genre = entropy(&tally(pairs.iter().map(|pair| pair.1)), n);
    let h_both = entropy(&both, n);
    let mut commonest = BTreeMap::new();
    for ((group, _), count) in &both {
        let most: &mut usize = commonest.entry(*group).or_insert(0);
        *most = (*most).max(*count);
    }
    let mutual = (h_group + h_genre - h_both).max(0.0);
    let nmi = if h_group + h_genre > 0.0 {
        2.0 * mutual / (h_group + h_genre)
    } else {
        1.0
    };
    (!pairs.is_empty()).then(|| Agreement {
        nmi: nmi as f32,
        purity: (commonest.values().sum::<usize>() as f64 / n) as f32,
    })
}

fn tally<K: Ord>(keys: impl Iterator<Item = K>) -> BTreeMap<K, usize> {
    let mut counts = BTreeMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0) += 1;
    }
    counts
}

/// In nats.
fn entropy<K>(counts: &BTreeMap<K, usize>, n: f64) -> f64 {
    let share = counts.values().map(|count| *count as f64 / n);
    share.map(|p| -p * p.ln()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::{gaussian_rows, grouped_rows};

    #[test]
    fn finds_how_many_groups_there_are() {
        let (rows, truth) = grouped_rows(5, 60, 8, 8.0, 2);
        let found = clusters(rows.view(), &StopFlag::default()).unwrap();
        assert_eq!(found.iter().max(), Some(&4));
        let agreed = agreement(&found, &truth.iter().map(|t| Some(*t)).collect::<Vec<_>>()).unwrap();
        assert!(agreed.nmi > 0.98 && agreed.purity > 0.98, "{agreed:?}");
    }

    #[test]
    fn groups_agree_with_themselves_and_not_with_chance() {
        let (_, truth) = grouped_rows(4, 100, 2, 1.0, 1);
        let same: Vec<_> = truth.iter().map(|t| Some(*t)).collect();
        assert!((agreement(&truth, &same).unwrap().nmi - 1.0).abs() < 1e-5);
        let chance: Vec<u16> = gaussian_rows(400, 1, 9).iter().map(|v| u16::from(*v > 0.0)).collect();
        let agreed = agreement(&chance, &same).unwrap();
        assert!(agreed.nmi < 0.05 && agreed.purity < 0.4, "{agreed:?}");
        assert_eq!(agreement(&truth, &vec![None; 400]), None);
    }

    #[test]
    fn few_or_equal_rows_are_one_group() {
        let few = gaussian_rows(5, 3, 1);
        assert_eq!(clusters(few.view(), &StopFlag::default()).unwrap(), vec![0; 5]);
        let equal = ndarray::Array2::ones((50, 3));
        assert_eq!(clusters(equal.view(), &StopFlag::default()).unwrap(), vec![0; 50]);
    }
}
