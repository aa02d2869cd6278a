//! Looking at a folder before learning it: what is in it, what it would take, a few moments to hear.

use super::App;
use crate::corpus::audit::Moment;
use crate::corpus::{CacheEstimate, Corpus, CorpusClip, DatasetFormat, ImportOptions};
use crate::jobs::{self, Inspection, JobError};
use crate::session::{Banner, Estimate, Mood, SampleSegment, Strip};
use crate::train::TrainOptions;
use crate::ui::SideTab;
use crate::values::{ChunkAudio, DecodedChunk};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Peaks in the picture of a segment.
const PEAKS: usize = 42;
/// Linear model and first map, after the frames are there: seconds for each hour of music.
const FIRST_MAP_SECS_PER_HOUR: f32 = 15.0;

/// What was found in a folder.
struct Found {
    estimate: Estimate,
    segments: Vec<(SampleSegment, Arc<DecodedChunk>)>,
    skipped: Vec<(PathBuf, String)>,
}

impl App {
    /// Looks at `source` alone, as a dataset of `layout` or as it looks.
    pub(super) fn inspect_alone(&mut self, source: PathBuf, layout: Option<DatasetFormat>) {
        let options = &mut self.panes.training.options;
        options.layout = layout;
        options.joined.clear();
        self.inspect(source);
    }

    /// Looks at `source`; what was said about it before still holds if it is the same.
    pub(super) fn inspect_again(&mut self, source: PathBuf) {
        match &self.session.training.inspected {
            Some(found) if found.folder == source => self.inspect(source),
            _ => self.inspect_alone(source, None),
        }
    }

    /// Learns `source` together with what was chosen before; alone where nothing was.
    pub(super) fn join_music(&mut self, source: PathBuf) {
        let Some(first) = self
            .session
            .training
            .inspected
            .as_ref()
            .map(|found| found.folder.clone())
        else {
            return self.inspect_alone(source, None);
        };
        let joined = &mut self.panes.training.options.joined;
        if source != first && !joined.contains(&source) {
            joined.push(source);
        }
        self.inspect(first);
    }

    /// The inspected music as an import reads it.
    pub(super) fn sources(&self, first: &Path) -> (Vec<PathBuf>, ImportOptions) {
        let training = &self.panes.training.options;
        let options = ImportOptions {
            layout: training.layout,
            ..ImportOptions::default()
        };
        let first = std::iter::once(first.to_owned());
        (first.chain(training.joined.iter().cloned()).collect(), options)
    }

    /// Looks at `source` on a thread of its own and opens the training sheet with what was found.
    fn inspect(&mut self, source: PathBuf) {
        self.panes.side = SideTab::Train;
        self.session.settings.show_conditions = true;
        self.panes.training.source = source.display().to_string();
        let (sources, options) = self.sources(&source);
        let started = source.clone();
        let folders = self.folders.clone();
        self.tasks.run(
            "looking through the folder",
            move |stop| {
                let found =
                    jobs::inspect(&sources, &options, &folders, stop).map(|inspection| found(&source, inspection));
                Box::new(move |app: &mut App| app.on_inspected(&started, found))
            },
            |message| {
                Box::new(move |app: &mut App| {
                    app.session.announce(Banner::error(format!(
                        "The look through the folder failed; try it again (details: {message})"
                    )));
                })
            },
        );
    }

    fn on_inspected(&mut self, source: &Path, found: Result<Found, JobError>) {
        match found {
            Ok(found) => {
                self.session.settings.last_corpus = Some(source.to_owned());
                self.session.training.inspected = Some(found.estimate);
                self.session.training.diagnosis = None;
                self.session.training.skipped = found.skipped;
                (self.session.training.segments, self.segment_audio) = found.segments.into_iter().unzip();
            }
            Err(error) => {
                self.session.training.inspected = None;
                self.session.training.segments.clear();
                self.segment_audio.clear();
                self.session.announce(Banner::error(error.to_string()));
            }
        }
    }

    /// Plays a segment of the inspected folder.
    pub(super) fn hear_segment(&mut self, index: usize) {
        if let Some(chunk) = self.segment_audio.get(index).cloned() {
            self.hear(chunk);
        }
    }

    /// Plays audio that belongs to no place on the map.
    pub(super) fn hear(&mut self, chunk: Arc<DecodedChunk>) {
        self.set_marks_aside();
        self.audio.hear_original(false);
        self.session.strip = Strip::of_row(std::slice::from_ref(&chunk));
        self.audio.publish(chunk);
        self.session.transport.playing = true;
        self.audio.play();
    }
}

fn found(source: &Path, inspection: Inspection) -> Found {
    let Inspection {
        corpus,
        excerpts,
        frames,
        work_per_sec,
    } = inspection;
    let skipped = corpus
        .problems
        .iter()
        .filter(|problem| !problem.kind.keeps_the_clip())
        .map(|problem| (problem.path.clone(), problem.reason.clone()))
        .collect();
    Found {
        estimate: estimate(source, &corpus, &frames, work_per_sec),
        segments: excerpts.into_iter().map(|excerpt| segment(&corpus, excerpt)).collect(),
        skipped,
    }
}

/// What was found, and what it takes at `secs_per_sec` of work for a second of music.
fn estimate(source: &Path, corpus: &Corpus, frames: &CacheEstimate, secs_per_sec: f32) -> Estimate {
    let total_secs: f32 = corpus.clips.iter().map(|clip| clip.duration_secs).sum();
    let count = |genre: usize| {
        corpus
            .clips
            .iter()
            .filter(|clip| clip.main_genre() == Some(genre))
            .count()
    };
    let genres: Vec<(String, usize)> = corpus
        .genres
        .iter()
        .enumerate()
        .map(|(i, name)| (name.clone(), count(i)))
        .collect();
    let mut notes = corpus.notes.clone();
    let unlabelled = corpus.clips.iter().filter(|clip| clip.main_genre().is_none()).count();
    if unlabelled > 0 {
        notes.push(format!(
            "{unlabelled} clips have no genre; they are learned all the same."
        ));
    }
    let moodless = corpus.clips.iter().filter(|clip| clip.valence.is_none()).count();
    if moodless > 0 {
        notes.push(format!(
            "{moodless} clips have no mood; it will be estimated from the sound."
        ));
    }
    let largest = genres.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let smallest = genres.iter().map(|(_, n)| *n).min().unwrap_or(0);
    if smallest > 0 && largest > 10 * smallest {
        notes.push("The genres are very uneven; the small ones will be learned less well.".into());
    }
    if frames.kept_bytes < frames.bytes {
        let gigabytes = |bytes: u64| bytes as f64 / 1e9;
        notes.push(format!(
            "{:.1} of its {:.1} GB of frames are kept on disk; the rest is made again from the files while it is learned from.",
            gigabytes(frames.kept_bytes),
            gigabytes(frames.bytes)
        ));
    }
    let chunk_secs = TrainOptions::default().chunk_secs;
    Estimate {
        folder: source.to_owned(),
        files: corpus.clips.len(),
        minutes_of_music: total_secs / 60.0,
        genres,
        map_points: (total_secs / chunk_secs) as usize,
        import_secs: frames.secs_to_decode as f32 * secs_per_sec + total_secs / 3_600.0 * FIRST_MAP_SECS_PER_HOUR,
        cache_bytes: frames.kept_bytes,
        notes,
        moods: moods(corpus),
        spellings: corpus.genre_names.spellings.clone(),
    }
}

/// Where the clips with both labels lie in the plane of moods.
pub(super) fn moods(corpus: &Corpus) -> Vec<Mood> {
    let mood = |clip: &CorpusClip| {
        Some(Mood {
            valence: clip.valence?,
            arousal: clip.arousal?,
            estimated: clip.estimated,
        })
    };
    corpus.clips.iter().filter_map(mood).collect()
}

/// A moment, ready to be seen and heard.
fn segment(corpus: &Corpus, moment: Moment) -> (SampleSegment, Arc<DecodedChunk>) {
    let clip = &corpus.clips[moment.clip];
    let genre = clip
        .main_genre()
        .map_or("no genre", |genre| corpus.genres[genre].as_str());
    let segment = SampleSegment {
        title: clip.title.clone(),
        genre: genre.to_owned(),
        peaks: moment.peaks(PEAKS),
    };
    let chunk = DecodedChunk::of(ChunkAudio::Pcm {
        channels: 1,
        samples: moment.samples,
        sample_rate_hz: moment.sample_rate_hz,
    });
    (segment, Arc::new(chunk))
}
