//! Lays a snapshot out on its map, with progress and a stop.

use super::JobError;
use super::sink::{Control, JobEvent, JobSink, JobStage};
use crate::atlas::{AtlasError, FeatureWeights, Features, MapEvent, TsneOptions, compute_layouts, pca_layout};
use crate::space::{Layout, LayoutKind, Snapshot};
use crate::values::MapPoint;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Between two looks at a map that settles; a small one is drawn before the first.
const LOOK_EVERY: Duration = Duration::from_millis(1_500);

/// Layouts, and the cluster of every chunk.
pub type Maps = (Vec<Layout>, Vec<u16>);

/// PCA drawn again and laid over the old one; t-SNE stays as it was until there is time for it.
pub(super) fn quick_layouts(snapshot: &Snapshot, before: &[Layout], sink: &mut dyn JobSink) -> Maps {
    let kept = before
        .iter()
        .filter(|layout| layout.kind == LayoutKind::Tsne && layout.points.len() == snapshot.chunks.len());
    let drawn = Features::of(snapshot, FeatureWeights::default()).and_then(|features| pca_layout(&features, before));
    match drawn {
        Ok(pca) => (std::iter::once(pca).chain(kept.cloned()).collect(), Vec::new()),
        Err(error) => keep(before, &error, sink),
    }
}

/// PCA, t-SNE and clusters of a training's last snapshot, which is a space even where they cannot be drawn.
///
/// # Errors
/// [`JobError::Stopped`] when the program is closing.
pub(super) fn all_layouts(
    snapshot: &Snapshot,
    before: &[Layout],
    seed: u64,
    sink: &mut dyn JobSink,
) -> Result<Maps, JobError> {
    match draw(
        snapshot,
        before,
        FeatureWeights::default(),
        seed,
        &[Control::Leave],
        sink,
    ) {
        Err(AtlasError::Cancelled) => Err(JobError::Stopped),
        Err(error) => Ok(keep(before, &error, sink)),
        Ok(maps) => Ok(maps),
    }
}

/// All layouts again with the condition counting `condition_weight` (0 = by sound only).
///
/// # Errors
/// When they cannot be drawn; [`JobError::Stopped`] when the job was stopped.
pub fn layouts(
    snapshot: &Snapshot,
    condition_weight: f32,
    seed: u64,
    sink: &mut dyn JobSink,
) -> Result<Maps, JobError> {
    let weights = FeatureWeights {
        condition: condition_weight.clamp(0.0, 10.0),
        ..FeatureWeights::default()
    };
    let ends = [Control::Stop, Control::Leave];
    Ok(draw(snapshot, &snapshot.layouts, weights, seed, &ends, sink)?)
}

fn keep(before: &[Layout], error: &AtlasError, sink: &mut dyn JobSink) -> Maps {
    sink.event(JobEvent::Warned(format!("The map could not be drawn: {error}.")));
    (before.to_vec(), Vec::new())
}

/// `ends` are the wishes that end it.
fn draw(
    snapshot: &Snapshot,
    before: &[Layout],
    weights: FeatureWeights,
    seed: u64,
    ends: &[Control],
    sink: &mut dyn JobSink,
) -> Result<Maps, AtlasError> {
    let stop = sink.leaving().child();
    let options = TsneOptions {
        seed,
        ..TsneOptions::default()
    };
    let features = Features::of(snapshot, weights)?;
    let mut shown = Settling::new(snapshot);
    let mut on_event = |event: MapEvent<'_>| {
        match event {
            MapEvent::Moved { done, total } => sink.event(JobEvent::Progressed {
                stage: JobStage::Mapping,
                done: done as u64,
                total: total as u64,
            }),
            MapEvent::LaidOut(layout) => shown.pca = Some(layout.clone()),
            MapEvent::Settling(points) => {
                if let Some(snapshot) = shown.look(points) {
                    sink.event(JobEvent::Settling(Arc::new(snapshot)));
                }
            }
        }
        if ends.contains(&sink.control()) {
            stop.stop();
        }
    };
    let maps = compute_layouts(&features, options, before, &mut on_event, &stop)?;
    Ok((maps.layouts, maps.clusters))
}

/// What may be seen of a map on its way: not too often, because each look is a space with an index of its own.
struct Settling<'a> {
    snapshot: &'a Snapshot,
    pca: Option<Layout>,
    last: Instant,
}

impl<'a> Settling<'a> {
    fn new(snapshot: &'a Snapshot) -> Self {
        Self {
            snapshot,
            pca: None,
            last: Instant::now(),
        }
    }

    /// The space with its t-SNE at `points`, where it is time for a look.
    fn look(&mut self, points: &[MapPoint]) -> Option<Snapshot> {
        if self.last.elapsed() < LOOK_EVERY {
            return None;
        }
        self.last = Instant::now();
        let tsne = Layout {
            kind: LayoutKind::Tsne,
            points: points.to_vec(),
            quality: BTreeMap::new(),
        };
        Some(Snapshot {
            layouts: self.pca.clone().into_iter().chain([tsne]).collect(),
            ..self.snapshot.clone()
        })
    }
}
