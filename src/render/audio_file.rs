//! Samples of one or two channels to a WAV or FLAC file of 24 bits, written whole or not at all.

use super::Rendered;
use crate::files::{WriteError, make_folder_for, write_whole};
use flacenc::bitsink::ByteSink;
use flacenc::component::BitRepr;
use flacenc::error::Verify;
use std::path::{Path, PathBuf};

const BITS_PER_SAMPLE: u16 = 24;

/// Why a sound file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum AudioFileError {
    /// The disk refused; an older file is unchanged.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The encoder refused the samples or their rate.
    #[error("{path}: the sound cannot be stored in this format: {reason}")]
    Encode {
        /// The file that was to be written.
        path: PathBuf,
        /// In the words of the encoder.
        reason: String,
    },
    /// The extension of this path is neither WAV nor FLAC.
    #[error("{0}: name the file .wav or .flac")]
    UnknownFormat(PathBuf),
}

/// Writes 24-bit PCM in the format that the extension of `path` names; samples outside -1..1 are clipped.
///
/// # Errors
/// When the folder cannot be written or the extension names no known format. An older file at `path` then stays.
pub fn write_audio(path: &Path, rendered: &Rendered) -> Result<(), AudioFileError> {
    let is = |name: &str| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case(name))
    };
    let encode: fn(&Rendered) -> Result<Vec<u8>, String> = if is("wav") {
        wav_bytes
    } else if is("flac") {
        flac_bytes
    } else {
        return Err(AudioFileError::UnknownFormat(path.to_owned()));
    };
    let bytes = encode(rendered).map_err(|reason| AudioFileError::Encode {
        path: path.to_owned(),
        reason,
    })?;
    make_folder_for(path)?;
    Ok(write_whole(path, &bytes)?)
}

fn wav_bytes(rendered: &Rendered) -> Result<Vec<u8>, String> {
    let spec = hound::WavSpec {
        channels: rendered.channels,
        sample_rate: rendered.sample_rate_hz,
        bits_per_sample: BITS_PER_SAMPLE,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).map_err(|error| error.to_string())?;
    for sample in &rendered.samples {
        writer
            .write_sample(quantised(*sample))
            .map_err(|error| error.to_string())?;
    }
    writer.finalize().map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}

fn flac_bytes(rendered: &Rendered) -> Result<Vec<u8>, String> {
    let samples: Vec<i32> = rendered.samples.iter().map(|sample| quantised(*sample)).collect();
    let config = flacenc::config::Encoder::default()
        .into_verified()
        .map_err(|(_, error)| error.to_string())?;
    let source = flacenc::source::MemSource::from_samples(
        &samples,
        usize::from(rendered.channels),
        usize::from(BITS_PER_SAMPLE),
        rendered.sample_rate_hz as usize,
    );
    let mut stream =
        flacenc::encode_with_fixed_block_size(&config, source, config.block_size).map_err(|error| error.to_string())?;
    // The encoder counts the short last block; the format does not, and readers then expect blocks of any size.
    stream
        .stream_info_mut()
        .set_block_sizes(config.block_size, config.block_size)
        .map_err(|error| error.to_string())?;
    let mut bytes = ByteSink::new();
    stream.write(&mut bytes).map_err(|error| error.to_string())?;
    Ok(bytes.into_inner())
}

/// A sample as a 24-bit integer.
fn quantised(sample: f32) -> i32 {
    (sample.clamp(-1.0, 1.0) * 8_388_607.0).round() as i32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::decode_mono;

    fn sound(len: usize) -> Rendered {
        let wave = |i: usize| 0.7 * (i as f32 * 0.05).sin() * (i as f32 * 0.001).cos();
        Rendered {
            samples: (0..len).map(wave).collect(),
            channels: 1,
            sample_rate_hz: 44_100,
        }
    }

    #[test]
    fn both_formats_come_back_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let sound = sound(10_001);
        for name in ["a.wav", "b.FLAC", "new folder/c.flac"] {
            let path = folder.path().join(name);
            write_audio(&path, &sound).unwrap();
            let read = decode_mono(&path, 44_100).unwrap();
            assert_eq!(read.len(), sound.samples.len(), "{name}");
            let worst = read
                .iter()
                .zip(&sound.samples)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(worst < 1e-6, "{name} is {worst} off");
        }
    }

    #[test]
    fn wild_samples_are_clipped_and_no_sound_is_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let wild = Rendered {
            samples: vec![f32::NAN, 7.0, f32::NEG_INFINITY, 0.0],
            channels: 1,
            sample_rate_hz: 44_100,
        };
        for name in ["wild.wav", "wild.flac"] {
            write_audio(&folder.path().join(name), &wild).unwrap();
        }
        for name in ["none.wav", "none.flac"] {
            write_audio(&folder.path().join(name), &sound(0)).unwrap();
        }
    }

    #[test]
    fn other_names_are_refused_and_nothing_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let refused = write_audio(&folder.path().join("a.mp3"), &sound(10));
        assert!(matches!(refused, Err(AudioFileError::UnknownFormat(_))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
