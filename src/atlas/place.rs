//! New chunks on an existing map: they find their place, and no old point moves. Any thread.

use super::distance::squared_distance;
use super::procrustes::Similarity;
use super::{AtlasError, Pca};
use crate::space::LayoutKind;
use crate::values::MapPoint;
use ndarray::{ArrayView2, s};
use rayon::prelude::*;

/// Old neighbours that decide where a new point goes.
const NEIGHBOURS: usize = 10;
/// New rows that are compared with the old ones at once.
const AT_ONCE: usize = 32;
/// Rounds of the geometric median; it has settled long before.
const MEDIAN_ROUNDS: usize = 20;

/// Places the rows of `features` after the first `layout.len()` into `layout`, whose points stay.
///
/// A PCA layout is linear, so new rows are projected exactly. On a t-SNE map a new row goes to the geometric median of its
/// nearest old rows' points: unlike the mean it lies inside the group most of them are in, never in the void between two.
///
/// # Errors
/// When there are fewer rows than points, or no old point.
pub fn place(
    kind: LayoutKind,
    layout: &[MapPoint],
    features: ArrayView2<'_, f32>,
) -> Result<Vec<MapPoint>, AtlasError> {
    let (old, all) = (layout.len(), features.nrows());
    if old == 0 {
        return Err(AtlasError::TooFewPoints { needed: 1, found: 0 });
    }
    if all < old {
        return Err(AtlasError::Shape {
            what: "rows for the points of a map",
            found: all,
            expected: old,
        });
    }
    let new = features.slice(s![old.., ..]);
    match kind {
        LayoutKind::Pca => project(layout, features.slice(s![..old, ..]), new),
        LayoutKind::Tsne => Ok(settle(layout, features.slice(s![..old, ..]), new)),
    }
}

fn project(
    layout: &[MapPoint],
    old: ArrayView2<'_, f32>,
    new: ArrayView2<'_, f32>,
) -> Result<Vec<MapPoint>, AtlasError> {
    let pca = Pca::fit(old, 2)?;
    let onto_layout = Similarity::fit(&pca_points(&pca, old), layout);
    Ok(pca_points(&pca, new)
        .into_iter()
        .map(|point| onto_layout.apply(point))
        .collect())
}

/// The first two scores as map points; a missing component is 0.
pub(super) fn pca_points(pca: &Pca, rows: ArrayView2<'_, f32>) -> Vec<MapPoint> {
    let score = |row: &ndarray::ArrayView1<'_, f32>, i: usize| row.get(i).copied().unwrap_or(0.0);
    let scores = pca.project(rows);
    scores
        .rows()
        .into_iter()
        .map(|row| MapPoint {
            x: score(&row, 0),
            y: score(&row, 1),
        })
        .collect()
}

fn settle(layout: &[MapPoint], old: ArrayView2<'_, f32>, new: ArrayView2<'_, f32>) -> Vec<MapPoint> {
    let (old, new) = (old.as_standard_layout(), new.as_standard_layout());
    let width = old.ncols().max(1);
    let old_rows = old.as_slice().unwrap_or_default();
    new.as_slice()
        .unwrap_or_default()
        .par_chunks(width * AT_ONCE)
        .flat_map_iter(|rows| {
            // Every old row is fetched from memory once for all of `rows`.
            let mut distances = vec![Vec::with_capacity(layout.len()); rows.len() / width];
            for (i, other) in old_rows.chunks_exact(width).enumerate() {
                for (row, near) in rows.chunks_exact(width).zip(&mut distances) {
                    near.push((squared_distance(row, other), i));
                }
            }
            distances.into_iter().map(|near| between(near, layout))
        })
        .collect()
}

/// The place of a row with these squared distances to the rows behind `layout`: among its neighbours.
fn between(mut near: Vec<(f32, usize)>, layout: &[MapPoint]) -> MapPoint {
    let count = NEIGHBOURS.min(near.len());
    near.select_nth_unstable_by(count - 1, |a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    near.truncate(count);
    // Weights fall off over the neighbourhood's own width, so a twin of an old row lands on that row.
    let bandwidth = near.iter().map(|(d, _)| d).sum::<f32>() / count as f32;
    let votes: Vec<(MapPoint, f32)> = near
        .iter()
        .map(|(distance, i)| (layout[*i], 1.0 / (distance + 1e-3 * bandwidth + f32::MIN_POSITIVE)))
        .collect();
    geometric_median(&votes)
}

/// The point with the least weighted sum of distances (Weiszfeld 1937).
fn geometric_median(votes: &[(MapPoint, f32)]) -> MapPoint {
    let weighted_mean = |weight: &dyn Fn(&(MapPoint, f32)) -> f32| {
        let (x, y, sum) = votes.iter().fold((0.0f64, 0.0f64, 0.0f64), |(x, y, sum), vote| {
            let w = f64::from(weight(vote));
            (x + w * f64::from(vote.0.x), y + w * f64::from(vote.0.y), sum + w)
        });
        MapPoint {
            x: (x / sum) as f32,
            y: (y / sum) as f32,
        }
    };
    let mut centre = weighted_mean(&|vote| vote.1);
    let spread = votes
        .iter()
        .map(|vote| vote.0.distance_squared(centre))
        .fold(0.0, f32::max)
        .sqrt();
    if spread <= 0.0 {
        return centre;
    }
    for _ in 0..MEDIAN_ROUNDS {
        centre = weighted_mean(&|vote| vote.1 / (vote.0.distance_squared(centre).sqrt() + 1e-3 * spread));
    }
    centre
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::grouped_rows;
    use ndarray::{Axis, concatenate};

    fn map_of(groups: &[u16]) -> Vec<MapPoint> {
        let jitter = crate::atlas::samples::gaussian_points(groups.len(), 5);
        groups
            .iter()
            .zip(jitter)
            .map(|(g, j)| MapPoint {
                x: 10.0 * f32::from(*g) + j.x,
                y: j.y,
            })
            .collect()
    }

    #[test]
    fn new_rows_join_their_own_group() {
        let (rows, groups) = grouped_rows(4, 50, 8, 4.0, 3);
        let even: Vec<usize> = (0..200).step_by(2).collect();
        let odd: Vec<usize> = (1..200).step_by(2).collect();
        let layout = map_of(&even.iter().map(|i| groups[*i]).collect::<Vec<_>>());
        let features = concatenate![Axis(0), rows.select(Axis(0), &even), rows.select(Axis(0), &odd)];
        let placed = place(LayoutKind::Tsne, &layout, features.view()).unwrap();
        for (point, i) in placed.iter().zip(odd) {
            let off = (point.x - 10.0 * f32::from(groups[i])).abs();
            assert!(off < 4.0, "row {i} landed {off} from its group");
        }
    }

    #[test]
    fn a_twin_lands_on_its_original() {
        let (rows, groups) = grouped_rows(3, 30, 6, 3.0, 8);
        let layout = map_of(&groups);
        let features = concatenate![Axis(0), rows, rows.slice(s![10..12, ..])];
        let placed = place(LayoutKind::Tsne, &layout, features.view()).unwrap();
        assert!(
            placed[0].distance_squared(layout[10]).sqrt() < 0.1,
            "{:?} for {:?}",
            placed[0],
            layout[10]
        );
    }

    #[test]
    fn pca_placement_is_the_projection_itself() {
        let (rows, _) = grouped_rows(3, 40, 6, 3.0, 9);
        let pca = Pca::fit(rows.view(), 2).unwrap();
        let turned = |p: MapPoint| MapPoint {
            x: 2.0 * p.y + 1.0,
            y: -2.0 * p.x,
        };
        let layout: Vec<_> = pca_points(&pca, rows.view()).into_iter().map(turned).collect();
        let new = crate::atlas::samples::gaussian_rows(7, 6, 1);
        let features = concatenate![Axis(0), rows, new];
        let placed = place(LayoutKind::Pca, &layout, features.view()).unwrap();
        for (point, wanted) in placed.iter().zip(pca_points(&pca, new.view()).into_iter().map(turned)) {
            assert!(point.distance_squared(wanted).sqrt() < 1e-3);
        }
    }

    #[test]
    fn nothing_to_place_and_nothing_to_place_on() {
        let (rows, groups) = grouped_rows(2, 10, 3, 1.0, 1);
        assert!(
            place(LayoutKind::Tsne, &map_of(&groups), rows.view())
                .unwrap()
                .is_empty()
        );
        assert!(place(LayoutKind::Tsne, &[], rows.view()).is_err());
        assert!(place(LayoutKind::Pca, &map_of(&groups), rows.slice(s![..3, ..])).is_err());
    }
}
