//! Looking at a folder before learning it: what is in it, what it would take, a few moments to hear.

use super::App;
use crate::corpus::decode::decode;
use crate::corpus::{Corpus, ImportOptions, Silent, import};
use crate::session::{Banner, Estimate, SampleSegment};
use crate::space::{ChunkAudio, DecodedChunk};
use crate::ui::SideTab;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const SEGMENTS: usize = 4;
const SEGMENT_SECS: f32 = 3.0;
/// Peaks in the picture of a segment.
const PEAKS: usize = 42;
/// Analysis of an hour of music on two cores, with its closed form.
const IMPORT_SECS_PER_HOUR: f32 = 60.0;
/// 172 frames of 224 half-precision bands a second.
const CACHE_BYTES_PER_SEC: f32 = 172.0 * 224.0 * 2.0;
/// What the program needs beside the frames it keeps in memory.
const BASE_MEMORY_BYTES: f32 = 600e6;

/// What was found in a folder.
struct Found {
    estimate: Estimate,
    segments: Vec<(SampleSegment, Arc<DecodedChunk>)>,
    skipped: Vec<(PathBuf, String)>,
}

impl App {
    /// Looks at `source` on a thread of its own and opens the training sheet with what was found.
    pub(super) fn inspect(&mut self, source: PathBuf) {
        self.panes.side = SideTab::Train;
        self.session.settings.show_conditions = true;
        self.panes.training.source = source.display().to_string();
        let started = source.clone();
        self.chores.run(
            "looking through the folder",
            move || {
                let found = look(&source);
                Box::new(move |app: &mut App| app.on_inspected(&started, found))
            },
            |message| {
                Box::new(move |app: &mut App| {
                    app.session
                        .announce(Banner::error(format!("The folder cannot be read: {message}")));
                })
            },
        );
    }

    fn on_inspected(&mut self, source: &Path, found: Result<Found, String>) {
        match found {
            Ok(found) => {
                self.session.settings.last_corpus = Some(source.to_owned());
                self.session.training.inspected = Some(found.estimate);
                self.session.training.skipped = found.skipped;
                (self.session.training.segments, self.segment_audio) = found.segments.into_iter().unzip();
            }
            Err(sentence) => {
                self.session.training.inspected = None;
                self.session.training.segments.clear();
                self.segment_audio.clear();
                self.session.announce(Banner::error(sentence));
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
        self.audio.hear_original(false);
        self.audio.publish(chunk);
        self.session.transport.playing = true;
        self.audio.play();
    }
}

fn look(source: &Path) -> Result<Found, String> {
    let corpus = import(source, &ImportOptions::default(), &Silent).map_err(|error| error.to_string())?;
    let skipped = corpus
        .problems
        .iter()
        .filter(|problem| !problem.kind.keeps_the_clip())
        .map(|problem| (problem.path.clone(), problem.reason.clone()))
        .collect();
    Ok(Found {
        estimate: estimate(source, &corpus),
        segments: segments(&corpus),
        skipped,
    })
}

fn estimate(source: &Path, corpus: &Corpus) -> Estimate {
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
            "{unlabelled} files have no genre; they are learned all the same."
        ));
    }
    let moodless = corpus.clips.iter().filter(|clip| clip.valence.is_none()).count();
    if moodless > 0 {
        notes.push(format!(
            "{moodless} files have no mood; it will be estimated from the sound."
        ));
    }
    let largest = genres.iter().map(|(_, n)| *n).max().unwrap_or(0);
    let smallest = genres.iter().map(|(_, n)| *n).min().unwrap_or(0);
    if smallest > 0 && largest > 10 * smallest {
        notes.push("The genres are very uneven; the small ones will be learned less well.".into());
    }
    let cache = total_secs * CACHE_BYTES_PER_SEC;
    Estimate {
        folder: source.to_owned(),
        files: corpus.clips.len(),
        minutes_of_music: total_secs / 60.0,
        genres,
        import_secs: total_secs / 3_600.0 * IMPORT_SECS_PER_HOUR,
        cache_bytes: cache as u64,
        memory_bytes: (BASE_MEMORY_BYTES + cache) as u64,
        notes,
    }
}

/// A moment from the middle of a few files, spread over the corpus.
fn segments(corpus: &Corpus) -> Vec<(SampleSegment, Arc<DecodedChunk>)> {
    const RATE_HZ: u32 = 44_100;
    let step = (corpus.clips.len() / SEGMENTS).max(1);
    let mut found = Vec::new();
    for clip in corpus.clips.iter().step_by(step).take(SEGMENTS) {
        let begun = Instant::now();
        let start_secs = (clip.duration_secs * 0.4).min(45.0);
        let Ok(decoded) = decode(&clip.path.real, RATE_HZ, start_secs + SEGMENT_SECS) else {
            continue;
        };
        let first = ((start_secs * RATE_HZ as f32) as usize).min(decoded.samples.len());
        let samples = decoded.samples[first..].to_vec();
        let genre = clip
            .main_genre()
            .map_or("no genre", |genre| corpus.genres[genre].as_str());
        let segment = SampleSegment {
            title: clip.title.clone(),
            genre: genre.to_owned(),
            peaks: peaks(&samples),
        };
        let chunk = DecodedChunk {
            generation: 0,
            asked_at: Instant::now(),
            decode_secs: begun.elapsed().as_secs_f32(),
            audio: ChunkAudio::Pcm {
                samples,
                sample_rate_hz: RATE_HZ,
            },
        };
        found.push((segment, Arc::new(chunk)));
    }
    found
}

fn peaks(samples: &[f32]) -> Vec<f32> {
    let span = samples.len().div_ceil(PEAKS).max(1);
    let largest = samples.iter().fold(1e-3f32, |peak, sample| peak.max(sample.abs()));
    samples
        .chunks(span)
        .map(|part| part.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs())) / largest)
        .collect()
}
