//! Mono samples to a WAV file, written whole or not at all.

use super::Rendered;
use std::path::{Path, PathBuf};

/// Why a sound file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum AudioFileError {
    #[error("{path}: the sound could not be written: {reason}. Choose another folder or free some space")]
    Write { path: PathBuf, reason: String },
    #[error("{0}: name the file .wav")]
    UnknownFormat(PathBuf),
}

/// Writes 24-bit PCM.
///
/// # Errors
/// When the folder cannot be written or the extension names no known format.
pub fn write_audio(path: &Path, rendered: &Rendered) -> Result<(), AudioFileError> {
    if !path
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("wav"))
    {
        return Err(AudioFileError::UnknownFormat(path.to_owned()));
    }
    let failed = |reason: String| AudioFileError::Write {
        path: path.to_owned(),
        reason,
    };
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(|error| failed(error.to_string()))?;
    let file = tempfile::Builder::new()
        .suffix(".wav")
        .tempfile_in(folder)
        .map_err(|error| failed(error.to_string()))?;
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: rendered.sample_rate_hz,
        bits_per_sample: 24,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::new(std::io::BufWriter::new(file.as_file()), spec)
        .map_err(|error| failed(error.to_string()))?;
    for sample in &rendered.samples {
        let integer = (sample.clamp(-1.0, 1.0) * 8_388_607.0).round() as i32;
        writer
            .write_sample(integer)
            .map_err(|error| failed(error.to_string()))?;
    }
    writer.finalize().map_err(|error| failed(error.to_string()))?;
    file.persist(path).map_err(|error| failed(error.to_string()))?;
    Ok(())
}
