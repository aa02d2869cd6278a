//! Audio as the reference cuts it: in one piece, or - the 48 kHz model - in overlapping windows of their own loudness.

use super::model::EncodecModel;
use crate::values::Frames;

/// Latents of one window.
#[derive(Clone, Debug, PartialEq)]
pub struct Segment {
    /// `[frames x latent]`
    pub latents: Frames,
    /// The window's root mean square, divided out before encoding; `None` in a model that leaves loudness alone.
    pub scale: Option<f32>,
}

/// Kept away from zero as in the reference.
const SILENCE: f32 = 1e-8;

impl EncodecModel {
    /// `[samples x channels]` to the latents of every window.
    pub fn encode_segments(&self, audio: &Frames) -> Vec<Segment> {
        if audio.is_empty() {
            return Vec::new();
        }
        let (len, step) = self.config.window().unwrap_or((audio.len(), audio.len()));
        (0..audio.len())
            .step_by(step)
            .map(|start| {
                let mut window = audio.slice(start, (start + len).min(audio.len()));
                let scale = self.config.normalize.then(|| normalise(&mut window));
                Segment {
                    latents: self.encode_window(window),
                    scale,
                }
            })
            .collect()
    }

    /// The windows' audio `[samples x channels]`, cross-faded by triangles; up to a hop longer than what was encoded.
    pub fn decode_segments(&self, segments: &[Segment]) -> Frames {
        let windows: Vec<Frames> = segments
            .iter()
            .map(|segment| {
                let mut window = self.decode_window(segment.latents.clone());
                if let Some(scale) = segment.scale {
                    for value in window.as_mut_slice() {
                        *value *= scale;
                    }
                }
                window
            })
            .collect();
        let step = self.config.window().map_or(1, |(_, step)| step);
        overlap_add(&windows, step)
    }
}

/// Divides by the root mean square of the channels' mean and returns it.
fn normalise(window: &mut Frames) -> f32 {
    let channels = window.width() as f32;
    let power: f64 = window
        .rows()
        .map(|row| f64::from(row.iter().sum::<f32>() / channels).powi(2))
        .sum();
    let scale = (power / window.len() as f64).sqrt() as f32 + SILENCE;
    for value in window.as_mut_slice() {
        *value /= scale;
    }
    scale
}

/// Sum of the windows under triangles as long as the first one, divided by the sum of the triangles.
fn overlap_add(windows: &[Frames], step: usize) -> Frames {
    let Some((first, last)) = windows.first().zip(windows.last()) else {
        return Frames::default();
    };
    let triangle: Vec<f32> = (0..first.len())
        .map(|index| 0.5 - ((index + 1) as f32 / (first.len() + 1) as f32 - 0.5).abs())
        .collect();
    let total = (windows.len() - 1) * step + last.len();
    let mut sum = Frames::zeros(total.max(first.len()), first.width());
    let mut weights = vec![0.0f32; sum.len()];
    for (index, window) in windows.iter().enumerate() {
        for (time, (row, weight)) in window.rows().zip(&triangle).enumerate().take(sum.len() - index * step) {
            let at = index * step + time;
            weights[at] += weight;
            for (total, value) in sum.row_mut(at).iter_mut().zip(row) {
                *total += weight * value;
            }
        }
    }
    for (row, weight) in sum.as_mut_slice().chunks_exact_mut(first.width()).zip(weights) {
        for value in row {
            *value /= weight;
        }
    }
    sum.slice(0, total)
}
