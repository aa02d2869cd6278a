//! Samples of one or two channels to a WAV or FLAC file of 24 bits, written whole or not at all.

use super::Rendered;
use crate::files::{WriteError, make_folder_for, write_whole};
use crate::sync::StopFlag;
use flacenc::bitsink::ByteSink;
use flacenc::component::BitRepr;
use flacenc::error::{SourceError, Verify};
use flacenc::source::{Fill, MemSource, Source};
use std::path::{Path, PathBuf};

const BITS_PER_SAMPLE: u16 = 24;
/// Samples between two looks at the stop flag.
const SAMPLES_PER_LOOK: usize = 1 << 16;

/// Why a sound file could not be written.
#[derive(Debug, thiserror::Error)]
pub enum AudioFileError {
    /// The disk refused; an older file is unchanged.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The encoder refused the samples or their rate.
    #[error("{path}: the sound cannot be stored in this format; name the file .wav or .flac (details: {reason})")]
    Encode {
        /// The file that was to be written.
        path: PathBuf,
        /// In the words of the encoder.
        reason: String,
    },
    /// The caller asked for it: no fault to report. There is no file, or the older one.
    #[error("stopped")]
    Stopped,
    /// The extension of this path is neither WAV nor FLAC.
    #[error("{0}: name the file .wav or .flac")]
    UnknownFormat(PathBuf),
}

/// Writes 24-bit PCM in the format that the extension of `path` names; samples outside -1..1 are clipped.
///
/// # Errors
/// When the folder cannot be written or the extension names no known format; [`AudioFileError::Stopped`] when `stop` is set
/// before all is encoded. An older file at `path` then stays.
pub fn write_audio(path: &Path, rendered: &Rendered, stop: &StopFlag) -> Result<(), AudioFileError> {
    let is = |name: &str| {
        path.extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case(name))
    };
    let encode: fn(&Rendered, &StopFlag) -> Result<Vec<u8>, String> = if is("wav") {
        wav_bytes
    } else if is("flac") {
        flac_bytes
    } else {
        return Err(AudioFileError::UnknownFormat(path.to_owned()));
    };
    let bytes = encode(rendered, stop).map_err(|reason| AudioFileError::Encode {
        path: path.to_owned(),
        reason,
    })?;
    if stop.is_stopped() {
        return Err(AudioFileError::Stopped);
    }
    make_folder_for(path)?;
    Ok(write_whole(path, &bytes)?)
}

/// The file, or its beginning once `stop` is set.
fn wav_bytes(rendered: &Rendered, stop: &StopFlag) -> Result<Vec<u8>, String> {
    let spec = hound::WavSpec {
        channels: rendered.channels,
        sample_rate: rendered.sample_rate_hz,
        bits_per_sample: BITS_PER_SAMPLE,
        sample_format: hound::SampleFormat::Int,
    };
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut writer = hound::WavWriter::new(&mut bytes, spec).map_err(|error| error.to_string())?;
    let blocks = rendered.samples.chunks(SAMPLES_PER_LOOK);
    for sample in blocks.take_while(|_| !stop.is_stopped()).flatten() {
        writer
            .write_sample(quantised(*sample))
            .map_err(|error| error.to_string())?;
    }
    writer.finalize().map_err(|error| error.to_string())?;
    let mut bytes = bytes.into_inner();
    let frames = rendered.samples.len() / usize::from(rendered.channels.max(1));
    if let (true, Some(last)) = (rendered.loops, frames.checked_sub(1)) {
        append_loop(&mut bytes, rendered.sample_rate_hz, last as u32);
    }
    Ok(bytes)
}

/// Appends the `smpl` chunk of a WAV file whose frames up to `last` go round for ever, as samplers read it.
///
/// Multimedia Programming Interface and Data Specifications 1.0 (IBM, Microsoft 1991), new multimedia data types 1994.
fn append_loop(bytes: &mut Vec<u8>, rate_hz: u32, last: u32) {
    /// Middle C: played there, it sounds as it is.
    const UNITY_NOTE: u32 = 60;
    const FORWARD: u32 = 0;
    const FOR_EVER: u32 = 0;
    if bytes.len() % 2 == 1 {
        bytes.push(0);
    }
    let nanoseconds = 1_000_000_000 / rate_hz.max(1);
    let sampler = [0, 0, nanoseconds, UNITY_NOTE, 0, 0, 0, 1, 0];
    let rounds = [0, FORWARD, 0, last, 0, FOR_EVER];
    bytes.extend(b"smpl");
    bytes.extend((4 * (sampler.len() + rounds.len()) as u32).to_le_bytes());
    bytes.extend(sampler.iter().chain(&rounds).flat_map(|word| word.to_le_bytes()));
    let riff_len = (bytes.len() - 8) as u32;
    bytes[4..8].copy_from_slice(&riff_len.to_le_bytes());
}

/// The file, or its beginning once `stop` is set.
fn flac_bytes(rendered: &Rendered, stop: &StopFlag) -> Result<Vec<u8>, String> {
    let samples: Vec<i32> = rendered.samples.iter().map(|sample| quantised(*sample)).collect();
    let config = flacenc::config::Encoder::default()
        .into_verified()
        .map_err(|(_, error)| error.to_string())?;
    let samples = MemSource::from_samples(
        &samples,
        usize::from(rendered.channels),
        usize::from(BITS_PER_SAMPLE),
        rendered.sample_rate_hz as usize,
    );
    let source = UntilStopped { samples, stop };
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

/// Samples that seem to end once `stop` is set.
struct UntilStopped<'a> {
    samples: MemSource,
    stop: &'a StopFlag,
}

impl Source for UntilStopped<'_> {
    fn channels(&self) -> usize {
        self.samples.channels()
    }

    fn bits_per_sample(&self) -> usize {
        self.samples.bits_per_sample()
    }

    fn sample_rate(&self) -> usize {
        self.samples.sample_rate()
    }

    fn read_samples<F: Fill>(&mut self, block_size: usize, dest: &mut F) -> Result<usize, SourceError> {
        match self.stop.is_stopped() {
            true => Ok(0),
            false => self.samples.read_samples(block_size, dest),
        }
    }

    fn len_hint(&self) -> Option<usize> {
        self.samples.len_hint()
    }
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
            loops: false,
        }
    }

    #[test]
    fn a_loop_says_so_and_is_read_like_any_other_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("loop.wav");
        let round = Rendered {
            loops: true,
            ..sound(1_001)
        };
        write_audio(&path, &round, &StopFlag::default()).unwrap();
        let bytes = std::fs::read(&path).unwrap();
        let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!(word(4) as usize, bytes.len() - 8, "the file says how long it is");
        let at = bytes
            .windows(4)
            .position(|name| name == b"smpl")
            .expect("it has loop points");
        assert_eq!((word(at + 4), word(at + 8 + 28)), (60, 1), "one loop");
        assert_eq!(
            (word(at + 8 + 44), word(at + 8 + 48)),
            (0, 1_000),
            "its first and its last frame"
        );
        assert_eq!(decode_mono(&path, 44_100).unwrap().len(), 1_001);
        write_audio(&path, &sound(1_001), &StopFlag::default()).unwrap();
        assert!(!std::fs::read(&path).unwrap().windows(4).any(|name| name == b"smpl"));
    }

    #[test]
    fn both_formats_come_back_as_they_were() {
        let folder = tempfile::tempdir().unwrap();
        let sound = sound(10_001);
        for name in ["a.wav", "b.FLAC", "new folder/c.flac"] {
            let path = folder.path().join(name);
            write_audio(&path, &sound, &StopFlag::default()).unwrap();
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
            loops: false,
        };
        for name in ["wild.wav", "wild.flac"] {
            write_audio(&folder.path().join(name), &wild, &StopFlag::default()).unwrap();
        }
        for name in ["none.wav", "none.flac"] {
            write_audio(&folder.path().join(name), &sound(0), &StopFlag::default()).unwrap();
        }
    }

    #[test]
    fn other_names_and_stopped_writes_leave_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let refused = write_audio(&folder.path().join("a.mp3"), &sound(10), &StopFlag::default());
        assert!(matches!(refused, Err(AudioFileError::UnknownFormat(_))));
        let stop = StopFlag::default();
        stop.stop();
        for name in ["a.wav", "a.flac"] {
            let stopped = write_audio(&folder.path().join(name), &sound(10), &stop);
            assert!(matches!(stopped, Err(AudioFileError::Stopped)));
        }
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
