//! The whole map job: PCA at once, t-SNE after it, groups, and how good each layout is. Called by the compute worker;
//! blocks, reports and can be cancelled.

use super::cluster::{agreement, clusters};
use super::place::pca_points;
use super::procrustes::{Similarity, normalise};
use super::quality::{NEIGHBOURS, genre_accuracy, majority_share, neighbourhoods_kept};
use super::tsne::{TsneOptions, TsneStep, tsne};
use super::{AtlasError, Features, Pca};
use crate::space::{Layout, LayoutKind};
use crate::sync::StopFlag;
use crate::values::MapPoint;
use std::collections::BTreeMap;

/// Steps between two looks at a map that settles.
const LOOK_EVERY: usize = 10;

/// What the job says while it runs.
#[derive(Debug)]
pub enum MapEvent<'a> {
    /// A layout is complete and may be shown: PCA first, t-SNE last.
    LaidOut(&'a Layout),
    /// t-SNE took `done` of `total` steps.
    Moved {
        /// Optimisation epochs finished so far.
        done: usize,
        /// Epochs of the whole run.
        total: usize,
    },
    /// Where t-SNE's points are for now, laid over the map before; told every few steps where the engine shows them.
    Settling(&'a [MapPoint]),
}

/// The result of the job.
#[derive(Clone, Debug)]
pub struct AtlasMaps {
    /// PCA, then t-SNE.
    pub layouts: Vec<Layout>,
    /// Group of every chunk, 0 = the largest.
    pub clusters: Vec<u16>,
}

/// Draws the maps of `features`, each laid over the layout of its kind in `previous` (points pair by index, so chunks
/// added at the end do not disturb it) or, without one, t-SNE over PCA: points move, they do not jump. All layouts have
/// mean 0 and an RMS radius of 1 before alignment.
///
/// # Errors
/// When `stop` is set, when there is no chunk, or when a number is not finite.
pub fn compute_layouts(
    features: &Features,
    options: TsneOptions,
    previous: &[Layout],
    on_event: &mut (dyn FnMut(MapEvent<'_>) + Send),
    stop: &StopFlag,
) -> Result<AtlasMaps, AtlasError> {
    let layout = pca_layout(features, previous)?;
    on_event(MapEvent::LaidOut(&layout));
    if stop.is_stopped() {
        return Err(AtlasError::Cancelled);
    }
    let mut layouts = vec![layout];
    if features.len() >= 4 {
        let start = layouts[0].points.clone();
        let target = previous_points(previous, LayoutKind::Tsne).unwrap_or(&start).to_vec();
        let settle = |points: &[MapPoint]| {
            let mut points = points.to_vec();
            normalise(&mut points);
            lay_over(&mut points, Some(&target));
            points
        };
        let mut report = |step: TsneStep<'_>| {
            on_event(MapEvent::Moved {
                done: step.done,
                total: step.total,
            });
            if step.done.is_multiple_of(LOOK_EVERY) && step.done < step.total && !step.points.is_empty() {
                on_event(MapEvent::Settling(&settle(step.points)));
            }
        };
        let points = settle(&tsne(features.rows.view(), &start, options, &mut report, stop)?);
        let layout = judged(LayoutKind::Tsne, points, features);
        on_event(MapEvent::LaidOut(&layout));
        layouts.push(layout);
    }
    let clusters = clusters(&layouts[layouts.len() - 1].points, stop)?;
    if let Some(agreed) = agreement(&clusters, &features.genre) {
        for layout in &mut layouts {
            layout.quality.insert("cluster_nmi".into(), f64::from(agreed.nmi));
            layout.quality.insert("cluster_purity".into(), f64::from(agreed.purity));
        }
    }
    Ok(AtlasMaps { layouts, clusters })
}

/// The quick map alone, laid over the PCA in `previous`.
///
/// # Errors
/// When there is no chunk, or when a number is not finite.
pub fn pca_layout(features: &Features, previous: &[Layout]) -> Result<Layout, AtlasError> {
    let pca = Pca::fit(features.rows.view(), 2)?;
    let mut points = pca_points(&pca, features.rows.view());
    normalise(&mut points);
    lay_over(&mut points, previous_points(previous, LayoutKind::Pca));
    let mut layout = judged(LayoutKind::Pca, points, features);
    layout
        .quality
        .insert("explained_variance".into(), f64::from(pca.explained()));
    Ok(layout)
}

/// Turns, mirrors and shifts `points` over `target`, keeping their size: a map that grew may be larger than before.
fn lay_over(points: &mut [MapPoint], target: Option<&[MapPoint]>) {
    if let Some(target) = target {
        let mut target = target[..target.len().min(points.len())].to_vec();
        normalise(&mut target);
        let turn = Similarity::fit(points, &target).without_scale(MapPoint::default());
        turn.apply_all(points);
    }
}

fn previous_points(previous: &[Layout], kind: LayoutKind) -> Option<&[MapPoint]> {
    previous
        .iter()
        .find(|layout| layout.kind == kind)
        .map(|layout| layout.points.as_slice())
}

fn judged(kind: LayoutKind, points: Vec<MapPoint>, features: &Features) -> Layout {
    let kept = neighbourhoods_kept(features.rows.view(), &points, NEIGHBOURS);
    let mut quality = BTreeMap::from([
        ("trustworthiness".to_owned(), f64::from(kept.trustworthiness)),
        ("continuity".to_owned(), f64::from(kept.continuity)),
    ]);
    let accuracy = genre_accuracy(&points, &features.genre, &features.clip, NEIGHBOURS);
    quality.extend(accuracy.map(|value| ("knn_genre_accuracy".to_owned(), f64::from(value))));
    quality.extend(majority_share(&features.genre).map(|value| ("majority_class".to_owned(), f64::from(value))));
    Layout { kind, points, quality }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::grouped_rows;

    fn features(seed: u64) -> Features {
        let (rows, groups) = grouped_rows(4, 40, 10, 3.0, seed);
        Features {
            rows,
            genre: groups.iter().map(|g| Some(*g)).collect(),
            clip: (0..160).map(|i| i / 2).collect(),
        }
    }

    fn quick() -> TsneOptions {
        TsneOptions {
            epochs: 300,
            ..TsneOptions::default()
        }
    }

    #[test]
    fn pca_is_shown_before_tsne_and_both_are_judged() {
        let mut order = Vec::new();
        let mut note = |event: MapEvent<'_>| {
            if let MapEvent::LaidOut(layout) = event {
                order.push(layout.kind);
            }
        };
        let maps = compute_layouts(&features(1), quick(), &[], &mut note, &StopFlag::default()).unwrap();
        assert_eq!(order, [LayoutKind::Pca, LayoutKind::Tsne]);
        assert_eq!(maps.clusters.len(), 160);
        let quality = &maps.layouts[1].quality;
        assert!(
            quality["trustworthiness"] > 0.9 && quality["continuity"] > 0.9,
            "{quality:?}"
        );
        assert!(
            quality["knn_genre_accuracy"] > 0.9 && quality["majority_class"] == 0.25,
            "{quality:?}"
        );
        assert!(quality["cluster_nmi"] > 0.6, "{quality:?}");
    }

    #[test]
    fn a_second_map_lies_over_the_first() {
        let draw = |previous: &[Layout]| {
            compute_layouts(&features(2), quick(), previous, &mut |_| {}, &StopFlag::default()).unwrap()
        };
        let first = draw(&[]);
        let mut turned = first.layouts.clone();
        for layout in &mut turned {
            layout.points.iter_mut().for_each(|p| *p = MapPoint { x: p.y, y: p.x });
        }
        let second = draw(&turned);
        for (before, after) in turned.iter().zip(&second.layouts) {
            let moved = before
                .points
                .iter()
                .zip(&after.points)
                .map(|(a, b)| a.distance_squared(*b))
                .sum::<f32>()
                / 160.0;
            assert!(moved.sqrt() < 0.02, "{:?} moved by {}", before.kind, moved.sqrt());
        }
    }

    #[test]
    fn a_stop_after_the_first_layout_ends_the_job() {
        let stop = StopFlag::default();
        let result = compute_layouts(&features(3), quick(), &[], &mut |_| stop.stop(), &stop);
        assert!(matches!(result, Err(AtlasError::Cancelled)));
    }

    #[test]
    fn one_two_or_three_chunks_have_a_map_too() {
        for n in 1..4 {
            let all = features(4);
            let few = Features {
                rows: all.rows.slice(ndarray::s![..n, ..]).to_owned(),
                genre: all.genre[..n].to_vec(),
                clip: all.clip[..n].to_vec(),
            };
            let maps = compute_layouts(&few, quick(), &[], &mut |_| {}, &StopFlag::default()).unwrap();
            assert_eq!(maps.layouts[0].points.len(), n);
            assert!(
                maps.layouts[0]
                    .points
                    .iter()
                    .all(|p| p.x.is_finite() && p.y.is_finite())
            );
        }
    }
}
