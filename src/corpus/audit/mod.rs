//! The audit of a dataset: what a corpus is made of and what is wrong with it, before hours are spent on it. Pure; the
//! decoding was done by [`FrameCache::measure`](crate::corpus::FrameCache::measure) or `fill`. Any thread.

mod excerpts;
mod plot;
mod report;
mod text;

pub use excerpts::{Moment, moments};
pub use plot::{register_fonts, write_png};
pub use report::{AuditReport, Balance, DuplicatePair, Estimates, GenreReport, Leak, Quadrants, Share, SplitReport};

use crate::corpus::paths::shown;
use crate::corpus::{
    CacheEstimate, ClipMeasurements, Corpus, CorpusClip, Duplicate, EmotionReport, HoldOut, find_duplicates,
};
use std::collections::{BTreeMap, BTreeSet};

/// A clip with more silence than this is told.
const MUCH_SILENCE: f32 = 0.2;
/// A clip with more samples at full scale than this is told.
const MUCH_CLIPPING: f32 = 0.001;
/// The largest genre may be this many times the smallest before it is told.
const UNBALANCED: f32 = 5.0;
/// A genre with fewer clips cannot be held out and learnt at once.
const FEW_CLIPS: usize = 9;

/// What the report needs beside corpus and measurements.
#[derive(Clone, Copy, Debug, Default)]
pub struct Examination<'a> {
    /// What filling the frame cache will take.
    pub cache: CacheEstimate,
    /// Seconds that decoding took, if this run decoded.
    pub decode_secs: f64,
    /// Music decoded in that time.
    pub decoded_secs: f64,
    /// Length of a map point.
    pub chunk_secs: f32,
    /// How missing emotions were estimated, if they were.
    pub emotion: Option<&'a EmotionReport>,
}

/// Examines `corpus`, whose clips have `measurements`, as it would be split by `hold_out`.
pub fn examine(
    corpus: &Corpus,
    measurements: &[&ClipMeasurements],
    hold_out: &HoldOut,
    with: &Examination<'_>,
) -> AuditReport {
    let seconds: f64 = corpus.clips.iter().map(|clip| f64::from(clip.duration_secs)).sum();
    let duplicates = find_duplicates(corpus, measurements);
    let pairs = |exact: bool| {
        duplicates
            .iter()
            .filter(|pair| pair.exact == exact)
            .map(|pair| pair_of(corpus, pair))
            .collect()
    };
    let mut report = AuditReport {
        root: shown(&corpus.root),
        notes: corpus.notes.clone(),
        clips: corpus.clips.len(),
        hours: seconds / 3_600.0,
        genres: genres(corpus, hold_out),
        genre_names: corpus.genre_names.spellings.clone(),
        sample_rates_hz: count(corpus.clips.iter().map(|clip| clip.sample_rate_hz)),
        channels: count(corpus.clips.iter().map(|clip| clip.channels)),
        balance: balance(corpus),
        with_genre: corpus.clips.iter().filter(|clip| clip.main_genre().is_some()).count(),
        with_valence: corpus
            .clips
            .iter()
            .filter(|clip| clip.valence.is_some() && !clip.estimated)
            .count(),
        with_arousal: corpus
            .clips
            .iter()
            .filter(|clip| clip.arousal.is_some() && !clip.estimated)
            .count(),
        with_emotion_track: corpus.clips.iter().filter(|clip| clip.va_track.is_some()).count(),
        emotion: with.emotion.cloned(),
        quadrants: quadrants(corpus),
        silent: shares(corpus, measurements, |measurements| measurements.silent, MUCH_SILENCE),
        clipped: shares(corpus, measurements, |measurements| measurements.clipped, MUCH_CLIPPING),
        exact_duplicates: pairs(true),
        near_duplicates: pairs(false),
        split: SplitReport {
            held_out: hold_out.count(),
            training: corpus.clips.len() - hold_out.count(),
            notes: hold_out.notes.clone(),
            leaks: leaks(corpus, hold_out),
        },
        problem_counts: count(corpus.problems.iter().map(|problem| problem.kind)),
        problems: corpus.problems.clone(),
        estimates: estimates(corpus, seconds, with),
        suggested_exclusions: suggested_exclusions(corpus, measurements, &duplicates),
        warnings: Vec::new(),
    };
    report.warnings = warnings(&report);
    report
}

fn genres(corpus: &Corpus, hold_out: &HoldOut) -> Vec<GenreReport> {
    let name = |genre: Option<usize>| genre.map_or("unknown", |genre| corpus.genres[genre].as_str());
    let mut genres: BTreeMap<&str, GenreReport> = BTreeMap::new();
    for (clip, held_out) in corpus.clips.iter().zip(&hold_out.held_out) {
        let genre = name(clip.main_genre());
        let entry = genres.entry(genre).or_insert_with(|| GenreReport {
            name: genre.into(),
            ..GenreReport::default()
        });
        entry.clips += 1;
        entry.hours += f64::from(clip.duration_secs) / 3_600.0;
        entry.held_out += usize::from(*held_out);
    }
    genres.into_values().collect()
}

fn count<T: Ord>(values: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    let mut counts = BTreeMap::new();
    values.for_each(|value| *counts.entry(value).or_default() += 1);
    counts
}

fn balance(corpus: &Corpus) -> Balance {
    let mut durations: Vec<f32> = corpus.clips.iter().map(|clip| clip.duration_secs).collect();
    durations.sort_by(f32::total_cmp);
    let by_genre = count(corpus.clips.iter().filter_map(CorpusClip::main_genre));
    let (least, most) = (by_genre.values().min(), by_genre.values().max());
    Balance {
        largest_to_smallest: least
            .zip(most)
            .map_or(1.0, |(least, most)| *most as f32 / *least as f32),
        shortest_secs: durations.first().copied().unwrap_or(0.0),
        median_secs: durations.get(durations.len() / 2).copied().unwrap_or(0.0),
        longest_secs: durations.last().copied().unwrap_or(0.0),
    }
}

fn quadrants(corpus: &Corpus) -> Quadrants {
    let mut quadrants = Quadrants::default();
    for clip in &corpus.clips {
        match clip.condition().quarter() {
            (Some(true), Some(true)) => quadrants.happy += 1,
            (Some(false), Some(true)) => quadrants.angry += 1,
            (Some(false), Some(false)) => quadrants.sad += 1,
            (Some(true), Some(false)) => quadrants.calm += 1,
            _ => quadrants.unknown += 1,
        }
    }
    quadrants
}

fn shares(
    corpus: &Corpus,
    measurements: &[&ClipMeasurements],
    of: fn(&ClipMeasurements) -> f32,
    more_than: f32,
) -> Vec<Share> {
    let clips = corpus
        .clips
        .iter()
        .zip(measurements)
        .filter(|(_, measurements)| of(measurements) > more_than);
    let mut shares: Vec<Share> = clips
        .map(|(clip, measurements)| Share {
            path: clip.path.display.clone(),
            share: of(measurements),
        })
        .collect();
    shares.sort_by(|a, b| b.share.total_cmp(&a.share).then_with(|| a.path.cmp(&b.path)));
    shares
}

fn pair_of(corpus: &Corpus, pair: &Duplicate) -> DuplicatePair {
    let path = |clip: usize| corpus.clips[clip].path.display.clone();
    DuplicatePair {
        first: path(pair.first),
        second: path(pair.second),
        bit_error: pair.bit_error,
    }
}

/// Groups with clips on both sides of the split: they make held-out figures too good.
fn leaks(corpus: &Corpus, hold_out: &HoldOut) -> Vec<Leak> {
    let mut sides: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    for (clip, held_out) in corpus.clips.iter().zip(&hold_out.held_out) {
        sides.entry(&clip.group).or_default()[usize::from(*held_out)] += 1;
    }
    let parted = sides
        .into_iter()
        .filter(|(_, counts)| counts.iter().all(|count| *count > 0));
    parted
        .map(|(group, [training, held_out])| Leak {
            group: group.into(),
            training,
            held_out,
        })
        .collect()
}

fn estimates(corpus: &Corpus, seconds: f64, with: &Examination<'_>) -> Estimates {
    let speed = (with.decode_secs > 0.0 && with.decoded_secs > 0.0).then(|| with.decoded_secs / with.decode_secs);
    let chunks = |secs: f32| {
        if with.chunk_secs > 0.0 {
            (secs / with.chunk_secs).ceil() as usize
        } else {
            0
        }
    };
    let longest = corpus.clips.iter().map(|clip| clip.duration_secs).fold(0.0, f32::max);
    // One thread holds a clip's samples (4 bytes at 44.1 kHz) and its frames as they are made.
    let bytes_per_sec = 44_100.0 * 4.0 + with.cache.bytes as f64 / seconds.max(1.0) * 2.0;
    Estimates {
        map_points: corpus.clips.iter().map(|clip| chunks(clip.duration_secs)).sum(),
        cache_bytes: with.cache.bytes,
        secs_to_decode: with.cache.secs_to_decode,
        decode_times_real_time: speed,
        import_memory_bytes: (f64::from(longest) * bytes_per_sec) as u64 * rayon::current_num_threads() as u64,
    }
}

/// Content hashes of what a careful person would leave out: second copies... of which the first stays, and near silence.
fn suggested_exclusions(
    corpus: &Corpus,
    measurements: &[&ClipMeasurements],
    duplicates: &[Duplicate],
) -> BTreeSet<String> {
    let second_copies = duplicates
        .iter()
        .map(|pair| corpus.clips[pair.second].path.display.clone());
    let silent = corpus
        .clips
        .iter()
        .zip(measurements)
        .filter(|(_, measurements)| measurements.silent > 0.9);
    second_copies
        .chain(silent.map(|(clip, _)| clip.path.display.clone()))
        .collect()
}

fn warnings(report: &AuditReport) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut warn = |condition: bool, text: String| {
        if condition {
            warnings.push(text);
        }
    };
    let few: Vec<&str> = report
        .genres
        .iter()
        .filter(|genre| genre.clips < FEW_CLIPS && genre.name != "unknown")
        .map(|genre| genre.name.as_str())
        .collect();
    warn(
        !few.is_empty(),
        format!(
            "fewer than {FEW_CLIPS} clips: {}; sliders of such genres will be weak",
            few.join(", ")
        ),
    );
    let ratio = report.balance.largest_to_smallest;
    warn(
        ratio > UNBALANCED,
        format!("the largest genre has {ratio:.0} times the clips of the smallest; training draws genres evenly"),
    );
    let unknown = report.clips - report.with_genre;
    warn(
        unknown > 0,
        format!("{unknown} clips have no genre; they train as unknown"),
    );
    let unlabelled = report.clips - report.with_valence.min(report.with_arousal);
    warn(
        unlabelled > 0,
        format!("{unlabelled} clips have no valence or arousal; these are estimated from the sound and marked so"),
    );
    let copies = report.exact_duplicates.len() + report.near_duplicates.len();
    warn(
        copies > 0,
        format!("{copies} pairs of clips are the same music; they stay on one side of the split"),
    );
    let leaks = report.split.leaks.len();
    warn(
        leaks > 0,
        format!("{leaks} groups lie on both sides of the split; held-out figures will be too good"),
    );
    warn(
        !report.problems.is_empty(),
        format!("{} problems with files, listed one by one", report.problems.len()),
    );
    warnings
}
