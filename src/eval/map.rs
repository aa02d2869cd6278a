//! How faithful the space's map is, with and without the labels in what it is drawn from.

use super::metric::Metric;
use super::report::MapFigures;
use crate::atlas::quality::{NEIGHBOURS, genre_accuracy, majority_share, neighbourhoods_kept};
use crate::atlas::{AtlasError, FeatureWeights, Features, TsneOptions, agreement, clusters, compute_layouts};
use crate::space::{LayoutKind, Snapshot};
use crate::sync::StopFlag;
use crate::values::MapPoint;
use ndarray::Axis;

/// Chunks the label-free map is drawn from at most: it is drawn for its figure only.
const MAX_CHUNKS: usize = 1_500;
const SOUND_ONLY: FeatureWeights = FeatureWeights {
    condition: 0.0,
    local: 0.5,
};

/// Figures of the snapshot's t-SNE layout (or its first).
pub(super) fn map(snapshot: &Snapshot, stop: &StopFlag) -> MapFigures {
    measured(snapshot, stop).unwrap_or_else(|error| MapFigures::unknown(&error.to_string()))
}

fn measured(snapshot: &Snapshot, stop: &StopFlag) -> Result<MapFigures, AtlasError> {
    let Some(layout) = snapshot
        .layout(LayoutKind::Tsne)
        .filter(|layout| layout.points.len() == snapshot.chunks.len())
    else {
        return Ok(MapFigures::unknown("the space has no complete map"));
    };
    let features = Features::of(snapshot, FeatureWeights::default())?;
    let kept = neighbourhoods_kept(features.rows.view(), &layout.points, NEIGHBOURS);
    let unlabelled = || Metric::unknown("no chunk has a genre and a neighbour of another clip with one");
    let known = |value: Option<f32>| value.map_or_else(unlabelled, Metric::exact);
    let groups = if snapshot.clusters.len() == features.len() {
        snapshot.clusters.clone()
    } else {
        clusters(&layout.points, stop)?
    };
    Ok(MapFigures {
        trustworthiness: Metric::exact(kept.trustworthiness),
        continuity: Metric::exact(kept.continuity),
        knn_genre_accuracy: known(vote(&layout.points, &features)),
        knn_genre_accuracy_without_label: known(without_label(snapshot, stop)?),
        majority_class: known(majority_share(&features.genre)),
        cluster_nmi: known(agreement(&groups, &features.genre).map(|agreed| agreed.nmi)),
    })
}

fn vote(points: &[MapPoint], features: &Features) -> Option<f32> {
    genre_accuracy(points, &features.genre, &features.clip, NEIGHBOURS)
}

fn without_label(snapshot: &Snapshot, stop: &StopFlag) -> Result<Option<f32>, AtlasError> {
    let all = Features::of(snapshot, SOUND_ONLY)?;
    let count = all.len().min(MAX_CHUNKS);
    let chosen: Vec<usize> = (0..count).map(|i| i * all.len() / count).collect();
    let some = Features {
        rows: all.rows.select(Axis(0), &chosen),
        genre: chosen.iter().map(|i| all.genre[*i]).collect(),
        clip: chosen.iter().map(|i| all.clip[*i]).collect(),
    };
    let options = TsneOptions {
        seed: snapshot.meta.seed,
        ..TsneOptions::default()
    };
    let maps = compute_layouts(&some, options, &[], &mut |_| {}, stop)?;
    Ok(maps.layouts.last().and_then(|layout| vote(&layout.points, &some)))
}
