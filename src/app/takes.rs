//! What was recorded by hand: recorded, listed, played, called otherwise, copied as a file.

use super::App;
use super::disk_names::sanitised;
use super::take_names::next_take;
use crate::files::in_words;
use crate::render::TAKE_ENDING;
use crate::session::{Banner, Command, RecordedTake};
use crate::values::{ChunkAudio, DecodedChunk};
use arboard::Clipboard;
use chrono::Local;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

/// Takes that are listed at most.
const LISTED: usize = 200;
/// Longer takes are played from their beginning only: all of it lies in memory.
const PLAYED_SECS: u32 = 20 * 60;

impl App {
    /// Begins to write what is heard, or ends it.
    pub(super) fn toggle_recording(&mut self) {
        if self.session.transport.recording {
            self.audio.stop_recording();
            self.end_take();
            return;
        }
        let folder = self.folders.recordings.clone();
        let started = std::fs::create_dir_all(&folder)
            .map_err(|error| format!("The folder {} cannot be made: {}.", folder.display(), in_words(&error)))
            .and_then(|()| {
                let path = next_take(&folder, self.session.leading_genre(), Local::now().date_naive());
                let started = self.audio.start_recording(&path).map(|()| path);
                started.map_err(|error| error.to_string())
            });
        match started {
            Ok(path) => {
                self.session.transport.recording = true;
                self.begin_take(&path);
            }
            Err(sentence) => self.session.announce(Banner::error(sentence)),
        }
    }

    /// A take is complete on disk.
    pub(super) fn on_recorded(&mut self, path: PathBuf, secs: f64, lost_samples: u64) {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let text = match lost_samples {
            0 => format!("Recorded {secs:.1} s: {name}"),
            lost => format!("Recorded {secs:.1} s: {name} ({lost} samples were lost: the disk was too slow)"),
        };
        let banner = match lost_samples {
            0 => Banner::note(text),
            _ => Banner::warning(text).with_action("Show the file", Command::Reveal(path)),
        };
        self.session.announce(banner);
        self.list_takes();
    }

    /// Reads which takes there are, on a thread of its own.
    pub(super) fn list_takes(&mut self) {
        let folder = self.folders.recordings.clone();
        self.tasks.run(
            "listing takes",
            move |_| {
                let takes = takes_in(&folder);
                Box::new(move |app: &mut App| app.session.takes = takes)
            },
            |message| Box::new(move |_: &mut App| log::warn!("the takes cannot be listed: {message}")),
        );
    }

    pub(super) fn play_take(&mut self, index: usize) {
        let Some(take) = self.session.takes.get(index).cloned() else {
            return;
        };
        self.tasks.run(
            "opening a take",
            move |_| {
                let read = read(&take.path);
                Box::new(move |app: &mut App| match read {
                    Ok(audio) => app.hear(chunk(audio)),
                    Err(sentence) => app.session.announce(Banner::error(sentence)),
                })
            },
            |message| Box::new(move |_: &mut App| log::error!("a take was not opened: {message}")),
        );
    }

    pub(super) fn rename_take(&mut self, index: usize, name: &str) {
        let Some(take) = self.session.takes.get(index) else {
            return;
        };
        let name = sanitised(name);
        if name.is_empty() || name == take.name() {
            return;
        }
        let path = take.path.with_file_name(format!("{name}.wav"));
        let refused = if path.exists() {
            Some(format!("{name}.wav is there already; the take keeps its name."))
        } else {
            let renamed = std::fs::rename(&take.path, &path);
            renamed
                .err()
                .map(|error| format!("{}: it cannot be renamed ({}).", take.path.display(), in_words(&error)))
        };
        match refused {
            Some(sentence) => self.session.announce(Banner::warning(sentence)),
            None => {
                // A take without a score is one as well.
                let _ = std::fs::rename(take.path.with_extension(TAKE_ENDING), path.with_extension(TAKE_ENDING));
                self.session.takes[index].path = path;
            }
        }
    }

    pub(super) fn copy_take(&mut self, index: usize) {
        let Some(take) = self.session.takes.get(index) else {
            return;
        };
        let path = std::path::absolute(&take.path).unwrap_or_else(|_| take.path.clone());
        // It answers whoever pastes for as long as it lives.
        if self.files_clipboard.is_none() {
            self.files_clipboard = Clipboard::new()
                .inspect_err(|error| log::warn!("there is no clipboard: {error}"))
                .ok();
        }
        let copied = self
            .files_clipboard
            .as_mut()
            .map(|clipboard| clipboard.set().file_list(&[&path]));
        self.session.announce(match copied {
            Some(Ok(())) => Banner::note(format!("{}.wav is in the clipboard, as a file.", take.name())),
            Some(Err(error)) => Banner::warning(format!("The file cannot be copied: {error}")),
            None => Banner::warning("The file cannot be copied: this desktop has no clipboard.")
                .with_action("Show the file", Command::Reveal(path)),
        });
    }
}

/// The WAV files in `folder` that have a length, the newest first.
fn takes_in(folder: &Path) -> Vec<RecordedTake> {
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let mut found: Vec<(SystemTime, PathBuf)> = files
        .filter_map(|file| {
            let path = file.path();
            let is_wav = path
                .extension()
                .is_some_and(|ending| ending.eq_ignore_ascii_case("wav"));
            let made = file
                .metadata()
                .ok()
                .filter(std::fs::Metadata::is_file)?
                .modified()
                .ok()?;
            is_wav.then_some((made, path))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    let takes = found.into_iter().take(LISTED).filter_map(|(_, path)| {
        let reader = hound::WavReader::open(&path).ok()?;
        let secs = reader.duration() as f32 / reader.spec().sample_rate.max(1) as f32;
        Some(RecordedTake { path, secs })
    });
    takes.collect()
}

/// The sound of a WAV file of at most two channels, or a sentence.
fn read(path: &Path) -> Result<ChunkAudio, String> {
    let refused = |reason: String| format!("{}: the take cannot be played ({reason}).", path.display());
    let mut reader = hound::WavReader::open(path).map_err(|error| refused(error.to_string()))?;
    let spec = reader.spec();
    let channels = usize::from(spec.channels);
    if !(1..=2).contains(&channels) {
        return Err(refused(format!("it has {channels} channels")));
    }
    let most = (PLAYED_SECS as usize).saturating_mul(spec.sample_rate as usize) * channels;
    let samples: Result<Vec<f32>, hound::Error> = match spec.sample_format {
        hound::SampleFormat::Float => reader.samples::<f32>().take(most).collect(),
        hound::SampleFormat::Int => {
            let scale = 1.0 / (1u64 << (spec.bits_per_sample.clamp(1, 32) - 1)) as f32;
            let samples = reader.samples::<i32>().take(most);
            samples
                .map(|sample| sample.map(|sample| sample as f32 * scale))
                .collect()
        }
    };
    let samples = samples.map_err(|error| refused(error.to_string()))?;
    if samples.is_empty() {
        return Err(refused("it is empty".to_owned()));
    }
    Ok(ChunkAudio::Pcm {
        samples,
        channels,
        sample_rate_hz: spec.sample_rate,
    })
}

fn chunk(audio: ChunkAudio) -> Arc<DecodedChunk> {
    Arc::new(DecodedChunk::of(audio))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wav(path: &Path, frames: u32) {
        let spec = hound::WavSpec {
            channels: 2,
            sample_rate: 1_000,
            bits_per_sample: 24,
            sample_format: hound::SampleFormat::Int,
        };
        let mut writer = hound::WavWriter::create(path, spec).unwrap();
        for _ in 0..2 * frames {
            writer.write_sample(4_194_304i32).unwrap();
        }
        writer.finalize().unwrap();
    }

    #[test]
    fn takes_are_listed_newest_first_and_read_at_their_level() {
        let folder = tempfile::tempdir().unwrap();
        for (name, frames) in [("a.wav", 500), ("b.WAV", 2_000)] {
            wav(&folder.path().join(name), frames);
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        std::fs::write(folder.path().join("broken.wav"), "RIFF").unwrap();
        std::fs::write(folder.path().join("notes.txt"), "").unwrap();
        let takes = takes_in(folder.path());
        let told: Vec<(String, f32)> = takes.iter().map(|take| (take.name(), take.secs)).collect();
        assert_eq!(told, [("b".to_owned(), 2.0), ("a".to_owned(), 0.5)]);
        let ChunkAudio::Pcm {
            samples,
            channels,
            sample_rate_hz,
        } = read(&takes[1].path).unwrap()
        else {
            panic!("a file is a waveform");
        };
        assert_eq!((samples.len(), channels, sample_rate_hz), (1_000, 2, 1_000));
        assert!((samples[0] - 0.5).abs() < 1e-6);
        assert!(
            read(&folder.path().join("broken.wav"))
                .unwrap_err()
                .contains("broken.wav")
        );
        assert!(takes_in(&folder.path().join("nowhere")).is_empty());
    }
}
