//! Lays a snapshot out on its map, with progress and a stop.

use crate::atlas::{FeatureScale, FeatureWeights, MapEvent, TsneOptions, compute_layouts, pca_layout};
use crate::jobs::{Control, JobEvent, JobSink, JobStage};
use crate::space::{Layout, LayoutKind, Snapshot};
use crate::sync::StopFlag;

/// PCA drawn again and laid over the old one; t-SNE stays as it was until there is time for it.
pub(super) fn quick_layouts(
    snapshot: &Snapshot,
    before: &[Layout],
    _seed: u64,
    sink: &mut dyn JobSink,
) -> (Vec<Layout>, Vec<u16>) {
    let kept = before
        .iter()
        .filter(|layout| layout.kind == LayoutKind::Tsne && layout.points.len() == snapshot.chunks.len());
    match FeatureScale::fit(snapshot, FeatureWeights::default()).and_then(|(_, features)| pca_layout(&features, before))
    {
        Ok(pca) => (std::iter::once(pca).chain(kept.cloned()).collect(), Vec::new()),
        Err(error) => {
            sink.event(JobEvent::Warned(format!("The map could not be drawn: {error}.")));
            (before.to_vec(), Vec::new())
        }
    }
}

/// PCA, t-SNE and clusters.
pub(super) fn all_layouts(
    snapshot: &Snapshot,
    before: &[Layout],
    seed: u64,
    sink: &mut dyn JobSink,
) -> (Vec<Layout>, Vec<u16>) {
    draw(snapshot, before, FeatureWeights::default(), seed, sink)
}

/// All layouts again with the condition counting `condition_weight` (0 = by sound only).
pub fn layouts(
    snapshot: &Snapshot,
    condition_weight: f32,
    seed: u64,
    sink: &mut dyn JobSink,
) -> (Vec<Layout>, Vec<u16>) {
    let weights = FeatureWeights {
        condition: condition_weight.clamp(0.0, 10.0),
        ..FeatureWeights::default()
    };
    draw(snapshot, &snapshot.layouts, weights, seed, sink)
}

fn draw(
    snapshot: &Snapshot,
    before: &[Layout],
    weights: FeatureWeights,
    seed: u64,
    sink: &mut dyn JobSink,
) -> (Vec<Layout>, Vec<u16>) {
    let stop = StopFlag::default();
    let options = TsneOptions {
        seed,
        ..TsneOptions::default()
    };
    let mut done_layouts = Vec::new();
    let drawn = FeatureScale::fit(snapshot, weights).and_then(|(_, features)| {
        let mut on_event = |event: MapEvent<'_>| match event {
            MapEvent::LaidOut(layout) => done_layouts.push(layout.clone()),
            MapEvent::Moved { done, total, .. } => {
                sink.event(JobEvent::Progressed {
                    stage: JobStage::Mapping,
                    done: done as u64,
                    total: total as u64,
                });
                if sink.control() == Control::Leave {
                    stop.stop();
                }
            }
        };
        compute_layouts(&features, options, before, &mut on_event, &stop)
    });
    match drawn {
        Ok(maps) => (maps.layouts, maps.clusters),
        Err(_) if stop.is_stopped() => {
            // What was finished before the stop is a map; the rest stays as it was.
            for old in before {
                if done_layouts.iter().all(|layout: &Layout| layout.kind != old.kind)
                    && old.points.len() == snapshot.chunks.len()
                {
                    done_layouts.push(old.clone());
                }
            }
            (done_layouts, Vec::new())
        }
        Err(error) => {
            sink.event(JobEvent::Warned(format!("The map could not be drawn: {error}.")));
            (before.to_vec(), Vec::new())
        }
    }
}
