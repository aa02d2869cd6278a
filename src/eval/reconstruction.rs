//! How near a decode under its own labels comes to the recording.

use super::metric::Metric;
use super::report::ReconstructionFigures;
use super::space_under_test::RealChunk;
use crate::dsp::{log_spectral_distance_db, spectral_convergence_db};
use crate::values::Frames;

/// Figures of `decoded`, chunk for chunk beside `chunks`.
pub(super) fn reconstruction(chunks: &[RealChunk], decoded: &[Frames]) -> ReconstructionFigures {
    let by_clip = |measure: &dyn Fn(&Frames, &Frames) -> f32| -> Metric {
        let pairs = chunks.iter().zip(decoded);
        Metric::mean_of(
            pairs
                .map(|(chunk, frames)| (chunk.clip, measure(&chunk.frames, frames)))
                .collect(),
        )
    };
    let mut clips: Vec<u32> = chunks.iter().map(|chunk| chunk.clip).collect();
    clips.dedup();
    ReconstructionFigures {
        lsd_db: by_clip(&log_spectral_distance_db),
        lsd_mean_frame_db: by_clip(&|real, _| log_spectral_distance_db(real, &mean_frame(real))),
        sc_db: by_clip(&|real, decoded| spectral_convergence_db(&magnitudes(real), &magnitudes(decoded))),
        clips: Metric::exact(clips.len() as u32),
    }
}

/// As many frames as `real`, all its mean.
fn mean_frame(real: &Frames) -> Frames {
    let mean = real.time_mean();
    Frames::from_vec(real.width(), mean.repeat(real.len()))
}

fn magnitudes(levels: &Frames) -> Vec<f32> {
    levels.as_slice().iter().map(|level| level.exp()).collect()
}
