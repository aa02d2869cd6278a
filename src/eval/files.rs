//! What the judge hears in audio files: whether a rendered example passes for what it was asked to be.

use super::hearing::{Ear, SAMPLE_RATE_HZ};
use super::judge::{Judge, Reading};
use super::stats::mean;
use super::{EvalError, Material};
use crate::corpus::decode_mono;
use crate::dsp::loudness;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// The judge's reading of one file.
#[derive(Clone, Debug, Serialize)]
pub struct FileReading {
    pub file: PathBuf,
    /// The genres by how much it sounds like each, most first; about 1 for one of that genre, 0 for the others.
    pub genres: Vec<(String, f32)>,
    /// -1..1; null where the judge could not learn it.
    pub valence: Option<f32>,
    pub arousal: Option<f32>,
}

/// Reads `files` stretch by stretch of `chunk_secs`, the mean over each; `genres` are the space's, in its order.
///
/// # Errors
/// When the judge cannot be trained on `material`, or a file cannot be read or is shorter than one stretch.
pub fn read_files(
    material: &Material,
    genres: &[String],
    chunk_secs: f32,
    files: &[PathBuf],
) -> Result<Vec<FileReading>, EvalError> {
    let judge = Judge::train(&material.training)?;
    let mut ear = Ear::default();
    let read = |file: &PathBuf| {
        let readings = stretches(file, chunk_secs)?
            .iter()
            .map(|samples| judge.read(&ear.listen(samples)))
            .collect::<Vec<_>>();
        Ok(summary(file, genres, &readings))
    };
    files.iter().map(read).collect()
}

fn stretches(file: &Path, chunk_secs: f32) -> Result<Vec<Vec<f32>>, EvalError> {
    let unreadable = |reason: String| EvalError::File {
        path: file.to_owned(),
        reason,
    };
    let rate_hz = SAMPLE_RATE_HZ as u32;
    let mut samples = decode_mono(file, rate_hz).map_err(|error| unreadable(error.to_string()))?;
    loudness::normalise(&mut samples, rate_hz);
    let len = ((chunk_secs * SAMPLE_RATE_HZ) as usize).max(1);
    if samples.len() < len {
        return Err(unreadable(format!("it is shorter than {chunk_secs:.1} s")));
    }
    Ok(samples.chunks_exact(len).map(<[f32]>::to_vec).collect())
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
