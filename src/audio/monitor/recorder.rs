//! Not real-time: what is heard, to a WAV file as it goes.
//!
//! The header is rewritten twice a second, so a crash loses at most that much, and never the file.

use crate::audio::AudioError;
use crate::audio::output::RateConverter;
use std::fs::File;
use std::io::{BufWriter, Seek, Write};
use std::path::{Path, PathBuf};

/// Frames converted at a time when the device's rate is not the file's.
const BLOCK_LEN: usize = 256;

/// Header updates per second.
const FLUSHES_PER_SEC: u32 = 2;

const FULL_SCALE: f32 = 8_388_607.0;

/// What a recording is written to.
pub trait Disk: Write + Seek + Send {}

impl<T: Write + Seek + Send> Disk for T {}

/// A stereo 24-bit recording in progress. Its rate stays that of the device it began on.
pub struct Recorder {
    writer: hound::WavWriter<Box<dyn Disk>>,
    path: PathBuf,
    rate_hz: u32,
    frames: u64,
    unflushed: u32,
    /// Sound of another rate that does not fill a block yet, and its converter.
    pending: Vec<[f32; 2]>,
    converter: Option<(u32, RateConverter)>,
}

impl Recorder {
    /// Creates `path`, its folder if need be, for sound of `rate_hz`.
    ///
    /// # Errors
    /// The file cannot be created.
    pub fn create(path: &Path, rate_hz: u32) -> Result<Self, AudioError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        let file = std::fs::create_dir_all(folder)
            .and_then(|()| File::create(path))
            .map_err(|error| recording_error(path, hound::Error::IoError(error)))?;
        Self::on_disk(Box::new(BufWriter::new(file)), path, rate_hz)
    }

    /// Records to `disk`, which stands for `path`, sound of `rate_hz`.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn on_disk(disk: Box<dyn Disk>, path: &Path, rate_hz: u32) -> Result<Self, AudioError> {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: rate_hz,
            bits_per_sample: 24,
            sample_format: hound::SampleFormat::Int,
        };
        let writer = hound::WavWriter::new(disk, spec)
            .and_then(|mut writer| writer.flush().map(|()| writer))
            .map_err(|source| recording_error(path, source))?;
        Ok(Self {
            writer,
            path: path.to_owned(),
            rate_hz,
            frames: 0,
            unflushed: 0,
            pending: Vec::new(),
            converter: None,
        })
    }

    /// Where it goes.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Seconds recorded.
    pub fn secs(&self) -> f64 {
        self.frames as f64 / f64::from(self.rate_hz)
    }

    /// Appends stereo `frames` of `rate_hz`.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write(&mut self, frames: &[[f32; 2]], rate_hz: u32) -> Result<(), AudioError> {
        if rate_hz == self.rate_hz {
            return self.append(frames);
        }
        if self.converter.as_ref().is_none_or(|(from_hz, _)| *from_hz != rate_hz) {
            let converter = RateConverter::new(rate_hz, self.rate_hz, BLOCK_LEN).map_err(|error| AudioError::Rate {
                rate_hz: self.rate_hz,
                reason: error.to_string(),
            })?;
            self.converter = Some((rate_hz, converter));
            self.pending.clear();
        }
        self.pending.extend_from_slice(frames);
        while self.pending.len() >= BLOCK_LEN {
            let block: Vec<[f32; 2]> = self.pending.drain(..BLOCK_LEN).collect();
            let converted = match &mut self.converter {
                Some((_, converter)) => converter.process(&block).to_vec(),
                None => block,
            };
            self.append(&converted)?;
        }
        Ok(())
    }

    /// Completes the file.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn finish(self) -> Result<(), AudioError> {
        let path = self.path;
        self.writer.finalize().map_err(|source| recording_error(&path, source))
    }

    fn append(&mut self, frames: &[[f32; 2]]) -> Result<(), AudioError> {
        let fail = |source| recording_error(&self.path, source);
        for sample in frames.as_flattened() {
            self.writer
                .write_sample((sample.clamp(-1.0, 1.0) * FULL_SCALE).round() as i32)
                .map_err(fail)?;
        }
        self.frames += frames.len() as u64;
        self.unflushed += frames.len() as u32;
        if self.unflushed >= self.rate_hz / FLUSHES_PER_SEC {
            self.unflushed = 0;
            self.writer.flush().map_err(fail)?;
        }
        Ok(())
    }
}

fn recording_error(path: &Path, source: hound::Error) -> AudioError {
    AudioError::Recording {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_loses_at_most_a_second() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take/one.wav");
        let mut recorder = Recorder::create(&path, 48_000).unwrap();
        for _ in 0..300 {
            recorder.write(&[[0.25; 2]; 480], 48_000).unwrap();
        }
        // What a crash leaves behind: the file as it lies on disk now, with the writer never finalised.
        let reader = hound::WavReader::open(&path).unwrap();
        assert!(
            reader.duration() >= 2 * 48_000,
            "only {} of 144000 samples",
            reader.duration()
        );
        drop(reader);
        recorder.finish().unwrap();
        assert_eq!(hound::WavReader::open(&path).unwrap().duration(), 144_000);
    }

    #[test]
    fn both_channels_arrive_in_their_places() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        let mut recorder = Recorder::create(&path, 48_000).unwrap();
        recorder.write(&[[0.5, -0.25]; 10], 48_000).unwrap();
        recorder.finish().unwrap();
        let mut take = hound::WavReader::open(&path).unwrap();
        assert_eq!((take.spec().channels, take.duration()), (2, 10));
        let samples: Vec<i32> = take.samples().map(Result::unwrap).collect();
        assert!(
            samples.chunks(2).all(|frame| frame == [4_194_304, -2_097_152]),
            "{samples:?}"
        );
    }

    #[test]
    fn a_change_of_device_rate_keeps_the_time() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("take.wav");
        let mut recorder = Recorder::create(&path, 48_000).unwrap();
        recorder.write(&vec![[0.0; 2]; 48_000], 48_000).unwrap();
        recorder.write(&vec![[0.0; 2]; 44_100], 44_100).unwrap();
        assert!((recorder.secs() - 2.0).abs() < 0.02, "{}", recorder.secs());
    }

    #[test]
    fn an_unwritable_place_is_named() {
        let error = Recorder::create(Path::new("/proc/none/take.wav"), 48_000)
            .err()
            .unwrap();
        assert!(error.to_string().contains("/proc/none/take.wav"), "{error}");
    }
}
