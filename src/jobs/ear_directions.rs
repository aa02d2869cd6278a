//! What the latent's main directions do to the ear: its principal components, each named by what changes along it in a sample of the
//! space's own sounds.

use crate::atlas::{AtlasError, Pca};
use crate::space::Snapshot;
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, ChunkId, Frames};
use ndarray::Array2;

/// Directions that are looked at.
const DIRECTIONS: usize = 6;
/// Sounds that are listened to, spread over the space.
const SOUNDS: usize = 160;
/// A correlation below this names nothing.
const LEAST_CORRELATION: f32 = 0.16;

/// What an ear tells sounds apart by: a name, and what its two ends are called.
const QUALITIES: [(&str, &str, &str); 6] = [
    ("Brightness", "dark", "bright"),
    ("Weight", "light", "heavy"),
    ("Noise", "pure", "noisy"),
    ("Density", "sparse", "dense"),
    ("Attack", "soft", "sharp"),
    ("Register", "low", "high"),
];

/// Why the directions have no names.
#[derive(Debug, thiserror::Error)]
pub enum EarError {
    /// There is nothing to find directions in.
    #[error(transparent)]
    Atlas(#[from] AtlasError),
    /// The sounds could not be made; with the decoder's sentence.
    #[error("the sounds cannot be listened to: {0}")]
    Decode(String),
    /// The codec makes waveforms.
    #[error("this space's codec has no bands to listen to")]
    NoBands,
    /// The program is closing.
    #[error("stopped")]
    Stopped,
}

/// A direction through the global latent.
#[derive(Clone, Debug, PartialEq)]
pub struct EarDirection {
    /// What it changes most, or its number.
    pub name: String,
    /// What the low and the high end are called; empty where nothing names it.
    pub ends: [&'static str; 2],
    /// Correlation with that over the sounds listened to, 0..1.
    pub correlation: f32,
    /// One standard deviation along it, in latent units, one per dimension.
    pub step: Vec<f32>,
    /// Where its middle lies.
    mean: Vec<f32>,
}

impl EarDirection {
    /// How far `global` lies along it, in standard deviations.
    pub fn place(&self, global: &[f32]) -> f32 {
        let length: f32 = self.step.iter().map(|step| step * step).sum();
        let along = global.iter().zip(&self.mean).zip(&self.step);
        along.map(|((value, mean), step)| (value - mean) * step).sum::<f32>() / length.max(1e-12)
    }

    /// `global` moved along it to `place`.
    pub fn moved(&self, global: &[f32], place: f32) -> Vec<f32> {
        let by = place - self.place(global);
        global
            .iter()
            .zip(&self.step)
            .map(|(value, step)| value + by * step)
            .collect()
    }
}

/// The directions of `snapshot`, those that an ear knows first. `decode` makes chunks sound as they were recorded.
///
/// # Errors
/// When the space has too few sounds, when they cannot be decoded to bands, and when `stop` is set.
pub fn ear_directions(
    snapshot: &Snapshot,
    decode: impl Fn(&[ChunkId]) -> Result<Vec<ChunkAudio>, String>,
    stop: &StopFlag,
) -> Result<Vec<EarDirection>, EarError> {
    let count = snapshot.chunks.len();
    let width = snapshot.latents.global_dims();
    let rows: Vec<f32> = (0..count)
        .flat_map(|i| snapshot.latents.global(ChunkId(i as u32)))
        .collect();
    let table = Array2::from_shape_fn((count, width), |(row, column)| rows[row * width + column]);
    let pca = Pca::fit(table.view(), DIRECTIONS)?;
    let sampled: Vec<usize> = (0..SOUNDS.min(count)).map(|i| i * count / SOUNDS.min(count)).collect();
    let mut heard = Vec::with_capacity(sampled.len());
    for some in sampled.chunks(8) {
        if stop.is_stopped() {
            return Err(EarError::Stopped);
        }
        let chunks: Vec<ChunkId> = some.iter().map(|i| ChunkId(*i as u32)).collect();
        for audio in decode(&chunks).map_err(EarError::Decode)? {
            match audio {
                ChunkAudio::Spectral { log_amplitude, .. } => heard.push(qualities(&log_amplitude)),
                ChunkAudio::Pcm { .. } => return Err(EarError::NoBands),
            }
        }
    }
    let scores = pca.project(table.select(ndarray::Axis(0), &sampled).view());
    let along: Vec<Vec<f32>> = (0..pca.axes.nrows()).map(|k| scores.column(k).to_vec()).collect();
    let mean = pca.mean.to_vec();
    let direction = |(k, named): (usize, Option<(usize, f32)>)| {
        let sign = named.map_or(1.0, |(_, correlation)| correlation.signum());
        let deviation = pca.variances[k].max(1e-12).sqrt() * sign;
        let quality = named.map(|(quality, _)| QUALITIES[quality]);
        EarDirection {
            name: quality.map_or_else(|| format!("Colour {}", k + 1), |(name, ..)| name.to_owned()),
            ends: quality.map_or(["", ""], |(_, low, high)| [low, high]),
            correlation: named.map_or(0.0, |(_, correlation)| correlation.abs()),
            step: pca.axes.row(k).iter().map(|entry| entry * deviation).collect(),
            mean: mean.clone(),
        }
    };
    let names = names(&along, &heard);
    let mut directions: Vec<EarDirection> = names.into_iter().enumerate().map(direction).collect();
    directions.sort_by_key(|direction| direction.correlation == 0.0);
    Ok(directions)
}

/// For each direction the quality that names it and their correlation: the strongest pairs first, each quality once.
fn names(along: &[Vec<f32>], heard: &[[f32; QUALITIES.len()]]) -> Vec<Option<(usize, f32)>> {
    let mut pairs: Vec<(usize, usize, f32)> = Vec::new();
    for (k, scores) in along.iter().enumerate() {
        for quality in 0..QUALITIES.len() {
            let values: Vec<f32> = heard.iter().map(|sound| sound[quality]).collect();
            pairs.push((k, quality, correlation(scores, &values)));
        }
    }
    pairs.sort_by(|a, b| b.2.abs().total_cmp(&a.2.abs()));
    let mut names: Vec<Option<(usize, f32)>> = vec![None; along.len()];
    for (k, quality, correlation) in pairs {
        let is_free = names[k].is_none() && names.iter().flatten().all(|(taken, _)| *taken != quality);
        if is_free && correlation.abs() >= LEAST_CORRELATION {
            names[k] = Some((quality, correlation));
        }
    }
    names
}

/// Pearson's; 0 where one of the two does not change.
fn correlation(a: &[f32], b: &[f32]) -> f32 {
    let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len().max(1) as f32;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let (mut both, mut of_a, mut of_b) = (0.0f32, 0.0f32, 0.0f32);
    for (a, b) in a.iter().zip(b) {
        let (a, b) = (a - mean_a, b - mean_b);
        both += a * b;
        of_a += a * a;
        of_b += b * b;
    }
    let scale = (of_a * of_b).sqrt();
    if scale > 1e-9 { both / scale } else { 0.0 }
}

/// A sound, by [`QUALITIES`]; the units do not matter, only what is more.
fn qualities(levels: &Frames) -> [f32; QUALITIES.len()] {
    let (frames, bands) = (levels.len().max(1) as f32, levels.width().max(1));
    let (mut centroid, mut bass, mut flatness, mut flux, mut register) = (0.0, 0.0, 0.0, 0.0, 0.0);
    let mut loudness = Vec::with_capacity(levels.len());
    let mut before: Option<&[f32]> = None;
    for row in levels.rows() {
        let amplitudes: Vec<f32> = row.iter().map(|level| level.exp()).collect();
        let sum = amplitudes.iter().sum::<f32>().max(1e-9);
        let places = amplitudes.iter().enumerate();
        centroid += places.map(|(band, amplitude)| band as f32 * amplitude).sum::<f32>() / sum;
        bass += amplitudes[..bands / 4].iter().sum::<f32>() / sum;
        flatness += row.iter().sum::<f32>() / bands as f32 - (sum / bands as f32).ln();
        let strongest = (0..bands).max_by(|a, b| row[*a].total_cmp(&row[*b]));
        register += strongest.unwrap_or_default() as f32;
        if let Some(before) = before {
            flux += row
                .iter()
                .zip(before)
                .map(|(now, then)| (now - then).max(0.0))
                .sum::<f32>()
                / bands as f32;
        }
        before = Some(row);
        loudness.push(sum.ln());
    }
    let loudest = loudness.iter().copied().fold(f32::MIN, f32::max);
    let fullness = loudness.iter().sum::<f32>() / frames - loudest.max(-20.0);
    [centroid, bass, flatness, fullness * frames, flux, register].map(|sum| sum / frames)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tone at `band`, with noise `floor` under it, struck every `every` frames.
    fn sound(band: usize, floor: f32, every: usize) -> Frames {
        let mut levels = Frames::from_vec(40, vec![floor; 40 * 64]);
        for frame in 0..64 {
            levels.row_mut(frame)[band] = -1.0 - 0.2 * (frame % every) as f32;
        }
        levels
    }

    #[test]
    fn an_ear_tells_the_qualities_apart() {
        let (low, high) = (qualities(&sound(4, -9.0, 64)), qualities(&sound(34, -9.0, 64)));
        assert!(
            high[0] > low[0] && high[5] > low[5] && low[1] > high[1],
            "{low:?} {high:?}"
        );
        let noisy = qualities(&sound(4, -3.0, 64));
        assert!(noisy[2] > low[2], "{low:?} {noisy:?}");
        let struck = qualities(&sound(4, -9.0, 8));
        assert!(struck[4] > low[4], "{low:?} {struck:?}");
    }

    #[test]
    fn the_strongest_pair_names_a_direction_and_each_name_is_given_once() {
        let rise: Vec<f32> = (0..20).map(|i| i as f32).collect();
        let wobble: Vec<f32> = (0..20).map(|i| ((i * 7) % 5) as f32).collect();
        let heard: Vec<[f32; 6]> = (0..20)
            .map(|i| [rise[i], 0.0, -wobble[i], 0.0, rise[i] + wobble[i], 0.0])
            .collect();
        let named = names(&[rise.clone(), wobble.clone(), rise], &heard);
        assert_eq!(named[0].map(|(quality, _)| quality), Some(0));
        let (quality, correlation) = named[1].unwrap();
        assert!(quality == 2 && correlation < -0.99, "noise falls along it");
        assert_eq!(named[2].map(|(quality, _)| quality), Some(4), "brightness is taken");
    }

    #[test]
    fn a_move_along_a_direction_arrives_and_changes_nothing_across_it() {
        let direction = EarDirection {
            name: "Brightness".into(),
            ends: ["dark", "bright"],
            correlation: 0.8,
            step: vec![0.6, 0.0, 0.8],
            mean: vec![1.0, 1.0, 1.0],
        };
        let moved = direction.moved(&[1.0, 5.0, 1.0], 2.0);
        assert!((direction.place(&moved) - 2.0).abs() < 1e-6);
        assert_eq!(moved[1], 5.0);
    }
}
