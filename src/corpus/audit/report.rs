//! The doctor's findings as plain values; serialised, they are what `songspace inspect --json` prints.

use crate::corpus::{EmotionReport, Problem, ProblemKind};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Everything the doctor found.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct AuditReport {
    pub root: String,
    pub notes: Vec<String>,
    pub clips: usize,
    pub hours: f64,
    pub genres: Vec<GenreReport>,
    /// Spelling as met -> names it became.
    pub genre_names: BTreeMap<String, Vec<String>>,
    pub sample_rates_hz: BTreeMap<u32, usize>,
    pub channels: BTreeMap<u16, usize>,
    pub balance: Balance,
    pub with_genre: usize,
    /// Given, not estimated.
    pub with_valence: usize,
    pub with_arousal: usize,
    pub with_emotion_track: usize,
    pub emotion: Option<EmotionReport>,
    pub quadrants: Quadrants,
    /// Clips with much silence, most first.
    pub silent: Vec<Share>,
    /// Clips with many samples at full scale, most first.
    pub clipped: Vec<Share>,
    pub exact_duplicates: Vec<DuplicatePair>,
    pub near_duplicates: Vec<DuplicatePair>,
    pub split: SplitReport,
    pub problem_counts: BTreeMap<ProblemKind, usize>,
    pub problems: Vec<Problem>,
    pub estimates: Estimates,
    /// Shown paths of second copies and silent clips.
    pub suggested_exclusions: BTreeSet<String>,
    /// Sentences a person should read first.
    pub warnings: Vec<String>,
}

/// One genre; clips count for the genre of their largest share.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct GenreReport {
    pub name: String,
    pub clips: usize,
    pub hours: f64,
    pub held_out: usize,
}

/// How even the corpus is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Balance {
    /// Clips of the largest genre over those of the smallest.
    pub largest_to_smallest: f32,
    pub shortest_secs: f32,
    pub median_secs: f32,
    pub longest_secs: f32,
}

/// Clips by quadrant of valence and arousal (given or estimated), with the corners' names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quadrants {
    pub happy: usize,
    pub angry: usize,
    pub sad: usize,
    pub calm: usize,
    pub unknown: usize,
}

/// A clip and a share of it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Share {
    pub path: String,
    pub share: f32,
}

/// Two paths to the same music.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DuplicatePair {
    pub first: String,
    pub second: String,
    /// Share of fingerprint bits that differ; 0 for equal bytes.
    pub bit_error: f32,
}

/// How the corpus would be split.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct SplitReport {
    pub training: usize,
    pub held_out: usize,
    pub notes: Vec<String>,
    pub leaks: Vec<Leak>,
}

/// An artist, album or recording on both sides.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Leak {
    pub group: String,
    pub training: usize,
    pub held_out: usize,
}

/// What the corpus will cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Estimates {
    pub map_points: usize,
    pub cache_bytes: u64,
    pub secs_to_decode: f64,
    /// Measured in this run; nothing when everything was cached.
    pub decode_times_real_time: Option<f64>,
    /// All threads together, with the longest clip on each.
    pub import_memory_bytes: u64,
}
