//! How faithful a map is: trustworthiness and continuity (Venna & Kaski 2001), and how well neighbours share a genre.
//! Any thread; parallel over rows. Maps of more than [`MAX_ANCHORS`] points are judged at that many of them.

use super::distance::squared_distance;
use super::grid::PointGrid;
use crate::values::MapPoint;
use ndarray::ArrayView2;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Points at which neighbourhoods are compared; every one is compared with all others.
pub const MAX_ANCHORS: usize = 1_500;
/// Neighbours compared and voting, unless told otherwise.
pub const NEIGHBOURS: usize = 15;

/// Both 0..1, 1 = every neighbourhood kept; about .5 for a random map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NeighbourhoodsKept {
    /// What is close on the map is close in the space.
    pub trustworthiness: f32,
    /// What is close in the space is close on the map.
    pub continuity: f32,
}

/// Compares the `k` nearest neighbours in `rows` `[n x d]` with those among `points`.
/// Sums run over the anchors only; with n <= [`MAX_ANCHORS`] they are the definition's own.
pub fn neighbourhoods_kept(rows: ArrayView2<'_, f32>, points: &[MapPoint], k: usize) -> NeighbourhoodsKept {
    let n = rows.nrows();
    let k = k.min(n.saturating_sub(2) / 2);
    if k == 0 || points.len() != n {
        return NeighbourhoodsKept {
            trustworthiness: 1.0,
            continuity: 1.0,
        };
    }
    let rows = rows.as_standard_layout();
    let row = |i: usize| &rows.as_slice().unwrap_or_default()[i * rows.ncols()..(i + 1) * rows.ncols()];
    let anchors = anchors(n);
    let (intruded, missed) = anchors
        .par_iter()
        .map(|anchor| {
            let in_space: Vec<f32> = (0..n).map(|j| squared_distance(row(*anchor), row(j))).collect();
            let on_map: Vec<f32> = points
                .iter()
                .map(|point| points[*anchor].distance_squared(*point))
                .collect();
            let beyond = |near: &[f32], far: &[f32]| -> u64 {
                let ranks = nearest(near, *anchor, k).into_iter().map(|j| rank(far, *anchor, j));
                ranks.map(|rank| rank.saturating_sub(k as u64)).sum()
            };
            (beyond(&on_map, &in_space), beyond(&in_space, &on_map))
        })
        .reduce(|| (0, 0), |a, b| (a.0 + b.0, a.1 + b.1));
    let worst = (anchors.len() * k) as f64 * (2 * n - 3 * k - 1) as f64 / 2.0;
    let kept = |penalty: u64| (1.0 - penalty as f64 / worst) as f32;
    NeighbourhoodsKept {
        trustworthiness: kept(intruded),
        continuity: kept(missed),
    }
}

/// The `k` rows nearest to `anchor`; ties by index.
fn nearest(distances: &[f32], anchor: usize, k: usize) -> Vec<usize> {
    let mut order: Vec<u32> = (0..distances.len() as u32).filter(|j| *j as usize != anchor).collect();
    order.select_nth_unstable_by(k - 1, |a, b| {
        distances[*a as usize].total_cmp(&distances[*b as usize]).then(a.cmp(b))
    });
    order[..k].iter().map(|j| *j as usize).collect()
}

/// Rank of row `j` by distance from `anchor`: 1 = nearest; ties by index.
fn rank(distances: &[f32], anchor: usize, j: usize) -> u64 {
    let own = distances[j];
    let nearer = distances.iter().filter(|other| **other < own).count();
    let equal = distances[..j].iter().filter(|other| **other == own).count();
    // The anchor itself is at 0 from itself, and counts for nothing.
    let itself = usize::from(distances[anchor] < own || (distances[anchor] == own && anchor < j));
    (1 + nearer + equal - itself) as u64
}

fn anchors(n: usize) -> Vec<usize> {
    let count = n.min(MAX_ANCHORS);
    (0..count).map(|i| i * n / count).collect()
}

/// How often the majority of a point's `k` nearest neighbours on the map, chunks of its own clip left out, has its genre.
/// `None` when no point has both a genre and a neighbour with one.
pub fn genre_accuracy(points: &[MapPoint], genre: &[Option<u16>], clip: &[u32], k: usize) -> Option<f32> {
    let grid = PointGrid::new(points);
    let votes: Vec<bool> = anchors(points.len())
        .into_par_iter()
        .filter_map(|anchor| {
            let own = genre[anchor]?;
            let elected = elect(&grid, anchor, genre, clip, k)?;
            Some(elected == own)
        })
        .collect();
    (!votes.is_empty()).then(|| votes.iter().filter(|hit| **hit).count() as f32 / votes.len() as f32)
}

/// The genre most of the `k` nearest labelled points of other clips have; the nearest decides a tie.
fn elect(grid: &PointGrid, anchor: usize, genre: &[Option<u16>], clip: &[u32], k: usize) -> Option<u16> {
    let mut found = Vec::new();
    let mut reach = 4 * k;
    loop {
        grid.nearest_into(grid.points()[anchor], reach, &mut found);
        let voters = found
            .iter()
            .map(|f| f.index as usize)
            .filter(|i| clip[*i] != clip[anchor] && genre[*i].is_some());
        let ballot: Vec<u16> = voters.filter_map(|i| genre[i]).take(k).collect();
        if ballot.len() == k || found.len() < reach {
            let count = |genre: u16| ballot.iter().filter(|vote| **vote == genre).count();
            return ballot.iter().copied().rev().max_by_key(|genre| count(*genre));
        }
        reach *= 2;
    }
}

/// Share of the most frequent genre: what a guess without a map scores. `None` without genres.
pub fn majority_share(genre: &[Option<u16>]) -> Option<f32> {
    let mut counts = BTreeMap::<u16, usize>::new();
    for own in genre.iter().flatten() {
        *counts.entry(*own).or_default() += 1;
    }
    let most = counts.values().max()?;
    Some(*most as f32 / counts.values().sum::<usize>() as f32)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::{gaussian_points, gaussian_rows, grouped_rows};
    use ndarray::Array2;

    fn as_rows(points: &[MapPoint]) -> Array2<f32> {
        Array2::from_shape_fn(
            (points.len(), 2),
            |(i, j)| if j == 0 { points[i].x } else { points[i].y },
        )
    }

    #[test]
    fn a_perfect_map_keeps_everything_and_a_random_one_half() {
        let points = gaussian_points(400, 1);
        let kept = neighbourhoods_kept(as_rows(&points).view(), &points, 12);
        assert_eq!((kept.trustworthiness, kept.continuity), (1.0, 1.0));
        let random = neighbourhoods_kept(gaussian_rows(400, 8, 2).view(), &points, 12);
        assert!(
            (0.4..0.6).contains(&random.trustworthiness) && (0.4..0.6).contains(&random.continuity),
            "{random:?}"
        );
    }

    #[test]
    fn folding_hurts_trust_and_tearing_hurts_continuity() {
        // A line folded onto itself: strangers meet, nobody is parted. Torn: friends are parted, few strangers meet.
        let rows = Array2::from_shape_fn((300, 1), |(i, _)| i as f32);
        let folded: Vec<_> = (0..300)
            .map(|i| MapPoint {
                x: (i as f32 - 149.5).abs(),
                y: 0.0,
            })
            .collect();
        let kept = neighbourhoods_kept(rows.view(), &folded, 10);
        assert!(kept.trustworthiness + 0.1 < kept.continuity, "{kept:?}");
        let torn: Vec<_> = (0..300)
            .map(|i| MapPoint {
                x: i as f32 + if i % 2 == 0 { 1e4 } else { 0.0 },
                y: 0.0,
            })
            .collect();
        let kept = neighbourhoods_kept(rows.view(), &torn, 10);
        assert!(kept.continuity + 0.1 < kept.trustworthiness, "{kept:?}");
    }

    #[test]
    fn genre_accuracy_sees_groups_and_is_not_fooled_by_one_clip() {
        let (rows, groups) = grouped_rows(4, 30, 2, 20.0, 3);
        let points: Vec<_> = rows.rows().into_iter().map(|r| MapPoint { x: r[0], y: r[1] }).collect();
        let genre: Vec<_> = groups.iter().map(|g| Some(*g)).collect();
        let one_clip_each: Vec<u32> = (0..120).collect();
        assert!(genre_accuracy(&points, &genre, &one_clip_each, 5).unwrap() > 0.95);
        let clip_is_group: Vec<u32> = groups.iter().map(|g| u32::from(*g)).collect();
        assert!(genre_accuracy(&points, &genre, &clip_is_group, 5).unwrap() < 0.05);
        assert_eq!(majority_share(&genre), Some(0.25));
        assert_eq!(genre_accuracy(&points, &[None; 120], &one_clip_each, 5), None);
    }
}
