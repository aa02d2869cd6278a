//! The audit's findings as plain values; serialised, they are what `songspace inspect --json` prints.

use crate::corpus::{EmotionReport, Problem, ProblemKind};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything the audit found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AuditReport {
    /// Deepest folder that holds all sources, as shown to people.
    pub root: String,
    /// What the import remarked: layout recognised, labels used.
    pub notes: Vec<String>,
    /// Usable ones only.
    pub clips: usize,
    /// Music in all usable clips.
    pub hours: f64,
    /// By name, with one called "unknown" for clips without a genre.
    pub genres: Vec<GenreReport>,
    /// Spelling as met -> names it became.
    pub genre_names: BTreeMap<String, Vec<String>>,
    /// Clips per sample rate of their files.
    pub sample_rates_hz: BTreeMap<u32, usize>,
    /// Clips per number of channels of their files.
    pub channels: BTreeMap<u16, usize>,
    /// Sizes of genres and lengths of clips.
    pub balance: Balance,
    /// Clips with a share of at least one genre.
    pub with_genre: usize,
    /// Given, not estimated.
    pub with_valence: usize,
    /// Likewise: a clip with either label estimated counts for neither.
    pub with_arousal: usize,
    /// Clips with valence and arousal over time.
    pub with_emotion_track: usize,
    /// How missing labels were estimated; `None` when no estimate was made.
    pub emotion: Option<EmotionReport>,
    /// Every clip, by its mood.
    pub quadrants: Quadrants,
    /// Clips with much silence, most first.
    pub silent: Vec<Share>,
    /// Clips with many samples at full scale, most first.
    pub clipped: Vec<Share>,
    /// Pairs of files with equal bytes.
    pub exact_duplicates: Vec<DuplicatePair>,
    /// Pairs of files with different bytes but the same recording.
    pub near_duplicates: Vec<DuplicatePair>,
    /// What training would learn from and what it would be tested on.
    pub split: SplitReport,
    /// How many of `problems` are of each kind; kinds that did not occur are absent.
    pub problem_counts: BTreeMap<ProblemKind, usize>,
    /// Files left out or used in part, labels dropped and lines not understood.
    pub problems: Vec<Problem>,
    /// Map points, disk, memory and music to decode.
    pub estimates: Estimates,
    /// Shown paths of second copies and silent clips.
    pub suggested_exclusions: BTreeSet<String>,
    /// Sentences a person should read first.
    pub warnings: Vec<String>,
}

/// One genre; clips count for the genre of their largest share.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GenreReport {
    /// "unknown" for clips without a genre.
    pub name: String,
    /// On both sides of the split.
    pub clips: usize,
    /// Music in those clips.
    pub hours: f64,
    /// Clips kept out of training.
    pub held_out: usize,
}

/// How even the corpus is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Balance {
    /// Clips of the largest genre over those of the smallest.
    pub largest_to_smallest: f32,
    /// Length of the shortest clip; 0 for an empty corpus.
    pub shortest_secs: f32,
    /// Half of the clips are no longer; 0 for an empty corpus.
    pub median_secs: f32,
    /// Length of the longest clip; 0 for an empty corpus.
    pub longest_secs: f32,
}

/// Clips by quadrant of valence and arousal (given or estimated), with the corners' names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quadrants {
    /// Valence and arousal of 0 or more.
    pub happy: usize,
    /// Valence below 0, arousal of 0 or more.
    pub angry: usize,
    /// Both below 0.
    pub sad: usize,
    /// Valence of 0 or more, arousal below 0.
    pub calm: usize,
    /// Valence, arousal or both are missing.
    pub unknown: usize,
}

/// A clip and a share of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    /// Relative to the corpus root, as shown to people.
    pub path: String,
    /// 0..1, of the clip's length or samples.
    pub share: f32,
}

/// Two paths to the same music.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DuplicatePair {
    /// Shown path of the clip that comes first in the corpus.
    pub first: String,
    /// Shown path of the other one, which is suggested for exclusion.
    pub second: String,
    /// Share of fingerprint bits that differ; 0 for equal bytes.
    pub bit_error: f32,
}

/// How the corpus would be split.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SplitReport {
    /// Clips to learn from.
    pub training: usize,
    /// Clips kept out of training.
    pub held_out: usize,
    /// Sentences for the user: official split used, groups that had to be cut.
    pub notes: Vec<String>,
    /// Groups on both sides; they make held-out figures too good.
    pub leaks: Vec<Leak>,
}

/// An artist, album or recording on both sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leak {
    /// The key that its clips share, such as "artist nirvana".
    pub group: String,
    /// Its clips that are learned from.
    pub training: usize,
    /// Its clips kept out of training.
    pub held_out: usize,
}

/// What the corpus will cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Estimates {
    /// Every clip's chunks, a last partial one included.
    pub map_points: usize,
    /// Disk space for the frames of the whole corpus, those already there included.
    pub cache_bytes: u64,
    /// Length of the music without cached frames, not the time that decoding it takes.
    pub secs_to_decode: f64,
    /// Measured in this run; nothing when everything was cached.
    pub decode_times_real_time: Option<f64>,
    /// All threads together, with the longest clip on each.
    pub import_memory_bytes: u64,
}
