//! What the judge hears in audio files: whether a rendered example passes for what it was asked to be.

use super::features::{FeatureExtractor, SAMPLE_RATE_HZ};
use super::probe::{Probe, Reading};
use super::stats::mean;
use super::{Dataset, EvalError};
use crate::corpus::decode_mono;
use crate::dsp::loudness;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The judge's reading of one file.
#[derive(Clone, Debug, Serialize)]
pub struct FileReading {
    /// As the caller named it.
    pub file: PathBuf,
    /// The genres by how much it sounds like each, most first; about 1 for one of that genre, 0 for the others.
    pub genres: Vec<(String, f32)>,
    /// -1..1; null where the judge could not learn it.
    pub valence: Option<f32>,
    /// -1 (calm) to 1 (excited), roughly; null where the judge could not learn it.
    pub arousal: Option<f32>,
}

/// Reads `files` stretch by stretch of `chunk_secs`, the mean over each; `genres` are the space's, in its order.
///
/// # Errors
/// When the judge cannot be trained on `material`, or a file cannot be read or is shorter than one stretch.
pub fn read_files(
    material: &Dataset,
    genres: &[String],
    chunk_secs: f32,
    files: &[PathBuf],
) -> Result<Vec<FileReading>, EvalError> {
    let judge = Probe::train(&material.lessons())?;
    let mut ear = FeatureExtractor::default();
    let len = ((chunk_secs * SAMPLE_RATE_HZ) as usize).max(1);
    let read = |file: &PathBuf| {
        let readings = samples_of(file, len)?
            .chunks_exact(len)
            .map(|samples| judge.read(&ear.listen(samples)))
            .collect::<Vec<_>>();
        Ok(summary(file, genres, &readings))
    };
    files.iter().map(read).collect()
}

/// The whole file at the reference loudness; at least `least` samples.
fn samples_of(file: &Path, least: usize) -> Result<Vec<f32>, EvalError> {
    let unreadable = |reason: String| EvalError::File {
        path: file.to_owned(),
        reason,
    };
    let rate_hz = SAMPLE_RATE_HZ as u32;
    let mut samples = decode_mono(file, rate_hz).map_err(|error| unreadable(error.to_string()))?;
    loudness::normalise(&mut samples, rate_hz);
    if samples.len() < least {
        let secs = least as f32 / SAMPLE_RATE_HZ;
        return Err(unreadable(format!("it is shorter than {secs:.1} s")));
    }
    Ok(samples)
}

fn summary(file: &Path, genres: &[String], readings: &[Reading]) -> FileReading {
    let over = |of: &dyn Fn(&Reading) -> Option<f32>| mean(&readings.iter().filter_map(of).collect::<Vec<_>>());
    let share = |(index, name): (usize, &String)| (name.clone(), over(&|reading| reading.genre.get(index).copied()));
    let mut shares: Vec<(String, f32)> = genres.iter().enumerate().map(share).collect();
    shares.sort_by(|a, b| b.1.total_cmp(&a.1));
    let emotion = |value: f32| value.is_finite().then_some(value);
    FileReading {
        file: file.to_owned(),
        genres: shares,
        valence: emotion(over(&|reading| Some(reading.valence))),
        arousal: emotion(over(&|reading| Some(reading.arousal))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::probe::Heard;
    use crate::values::Condition;

    const SECS: f32 = 1.5;

    /// A tone with vibrato: low for genre 0, high for genre 1.
    fn sound(genre: usize, variant: usize) -> Vec<f32> {
        let hz = [220.0, 2_600.0][genre] * (1.0 + 0.01 * variant as f32);
        let wave = |i: usize| {
            let time = i as f32 / SAMPLE_RATE_HZ;
            0.3 * (std::f32::consts::TAU * (hz * time + (5.0 * time).sin())).sin()
        };
        let mut samples: Vec<f32> = (0..(SECS * SAMPLE_RATE_HZ) as usize).map(wave).collect();
        loudness::normalise(&mut samples, SAMPLE_RATE_HZ as u32);
        samples
    }

    #[test]
    fn a_file_is_read_as_what_it_sounds_like_and_a_short_one_is_refused() {
        let mut ear = FeatureExtractor::default();
        let mut heard = |example: usize| Heard {
            features: ear.listen(&sound(example % 2, example / 2)),
            labels: Condition {
                genre: [[1.0, 0.0], [0.0, 1.0]][example % 2].to_vec(),
                valence: None,
                arousal: Some([-0.5, 0.5][example % 2]),
            },
        };
        let material = Dataset {
            training: (0..24).map(|i| (i as u32, heard(i))).collect(),
            held_out: Vec::new(),
            sources: Vec::new(),
            missing: 0,
            wanted: 0,
        };
        let folder = tempfile::tempdir().expect("a temporary folder");
        let genres = ["Low".to_owned(), "High".to_owned()];
        let read = |name: &str, samples: &[f32]| {
            let path = folder.path().join(name);
            let spec = hound::WavSpec {
                channels: 1,
                sample_rate: SAMPLE_RATE_HZ as u32,
                bits_per_sample: 32,
                sample_format: hound::SampleFormat::Float,
            };
            let mut file = hound::WavWriter::create(&path, spec).expect("a writable folder");
            for sample in samples {
                file.write_sample(*sample).expect("room");
            }
            file.finalize().expect("room");
            read_files(&material, &genres, SECS, &[path])
        };
        let low = read("low.wav", &sound(0, 5)).expect("it can be read");
        let high = read("high.wav", &sound(1, 5)).expect("it can be read");
        assert_eq!(
            (low[0].genres[0].0.as_str(), high[0].genres[0].0.as_str()),
            ("Low", "High")
        );
        assert!(low[0].arousal.is_some() && low[0].arousal < high[0].arousal);
        assert_eq!(high[0].valence, None, "nobody said what is happy");
        let refused = read("short.wav", &sound(0, 1)[..1_000]).expect_err("it is too short");
        assert!(refused.to_string().contains("short.wav"), "{refused}");
    }
}
