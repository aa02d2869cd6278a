//! What an import knows about each clip. Plain values, any thread; a genre mix is in the corpus' genre order.

use super::{GenreNames, Problem};
use crate::values::{Condition, Groove};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Every usable clip of one or several sources, with what was wrong with the others.
#[derive(Clone, Debug)]
pub struct Corpus {
    /// Deepest folder that holds all sources.
    pub root: PathBuf,
    /// Usable ones only; a clip's id is its index here.
    pub clips: Vec<CorpusClip>,
    /// Sorted genre names; every mix follows this order.
    pub genres: Vec<String>,
    /// How the spellings met in tags, folders and tables became those names.
    pub genre_names: GenreNames,
    /// Includes problems of clips that are used all the same.
    pub problems: Vec<Problem>,
    /// What a person should read once: which layout was recognised, which labels were used.
    pub notes: Vec<String>,
}

/// One music file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CorpusClip {
    /// Where the file is, and the name it is shown by.
    pub path: ClipPath,
    /// Title tag or the file's stem.
    pub title: String,
    /// Empty when unknown.
    pub artist: String,
    /// Empty when unknown.
    pub album: String,
    /// Clips of one group are nearly the same and stay on one side of the hold-out.
    pub group: String,
    /// The same for every clip of one recording, however encoded; never parted, not even where artists must be.
    pub recording: String,
    /// Share of each genre; all zero = unknown.
    pub genre: Vec<f32>,
    /// Unpleasant -1 .. pleasant 1.
    pub valence: Option<f32>,
    /// Calm -1 .. excited 1.
    pub arousal: Option<f32>,
    /// Valence or arousal were estimated from the audio, not given.
    pub estimated: bool,
    /// Annotations over time, where the dataset has them.
    pub va_track: Option<VaTrack>,
    /// Which side the dataset's authors put it on.
    pub official_split: Option<OfficialSplit>,
    /// From the header at first, measured once the clip is decoded.
    pub duration_secs: f32,
    /// The file's own rate; 0 until decoded where its header does not say.
    pub sample_rate_hz: u32,
    /// The file's own, though it is decoded to mono; 0 until then where its header does not say.
    pub channels: u16,
    /// Hex BLAKE3 of the file's bytes.
    pub content_hash: String,
    /// Size of the file, tags and pictures included.
    pub file_bytes: u64,
    /// When the file was written last, in milliseconds since 1970, as the disk says.
    #[serde(default)]
    pub modified_ms: Option<i64>,
    /// By how many dB its loudness is changed before it is analysed; none until decoded.
    #[serde(default)]
    pub gain_db: Option<f32>,
    /// When it beats and in which key it is; none until decoded.
    #[serde(default)]
    pub groove: Option<Groove>,
}

impl CorpusClip {
    /// Its labels as the model takes them.
    pub fn condition(&self) -> Condition {
        Condition {
            genre: self.genre.clone(),
            valence: self.valence,
            arousal: self.arousal,
        }
    }

    /// Its [leading genre](Condition::leading_genre), `None` when unknown.
    pub fn main_genre(&self) -> Option<usize> {
        self.condition().leading_genre().map(usize::from)
    }
}

/// Where a clip lies: the real path to open, and the name to show and store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClipPath {
    /// Absolute (or relative to the working directory), exactly as the system spells it.
    #[serde(serialize_with = "super::paths::serialize")]
    pub real: PathBuf,
    /// Relative to the corpus root, forward slashes, invalid UTF-8 replaced.
    pub display: String,
}

/// Valence and arousal over time, each in -1..1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VaTrack {
    /// When the first value holds.
    pub start_secs: f32,
    /// Seconds from one value to the next.
    pub step_secs: f32,
    /// NaN where there is no annotation.
    pub valence: Vec<f32>,
    /// At the same times as `valence`; NaN where there is no annotation.
    pub arousal: Vec<f32>,
}

impl VaTrack {
    /// Mean valence and arousal over `start_secs..end_secs`; `None` where nothing was annotated.
    pub fn mean(&self, start_secs: f32, end_secs: f32) -> (Option<f32>, Option<f32>) {
        let index = |secs: f32| ((secs - self.start_secs) / self.step_secs).ceil().max(0.0) as usize;
        let (first, last) = (index(start_secs), index(end_secs));
        let over = |values: &[f32]| {
            let known = values.iter().take(last).skip(first).filter(|v| v.is_finite());
            let (sum, count) = known.fold((0.0f32, 0usize), |(sum, count), v| (sum + v, count + 1));
            (count > 0).then(|| sum / count as f32)
        };
        (over(&self.valence), over(&self.arousal))
    }
}

/// The sides of a published split.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfficialSplit {
    /// Learned from.
    Training,
    /// Held out here, like the test side.
    Validation,
    /// Held out.
    Test,
}

impl OfficialSplit {
    /// The side that datasets call `word`.
    pub fn from_word(word: &str) -> Option<Self> {
        match word.to_lowercase().as_str() {
            "train" | "training" => Some(Self::Training),
            "val" | "valid" | "validation" | "dev" => Some(Self::Validation),
            "test" | "testing" => Some(Self::Test),
            _ => None,
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A corpus without files: per clip its genre's index and its group.
    pub(in crate::corpus) fn corpus_of(genres: usize, shape: &[(usize, u32)]) -> Corpus {
        let clip = |(i, (genre, group)): (usize, &(usize, u32))| {
            let path = format!("{i}.wav");
            CorpusClip {
                path: ClipPath {
                    real: path.clone().into(),
                    display: path.clone(),
                },
                title: path.clone(),
                artist: String::new(),
                album: String::new(),
                group: format!("group {group}"),
                recording: path.clone(),
                genre: (0..genres).map(|g| if g == *genre { 1.0 } else { 0.0 }).collect(),
                valence: None,
                arousal: None,
                estimated: false,
                va_track: None,
                official_split: None,
                duration_secs: 20.0,
                sample_rate_hz: 44_100,
                channels: 1,
                content_hash: blake3::hash(path.as_bytes()).to_hex().to_string(),
                file_bytes: 1,
                modified_ms: None,
                gain_db: None,
                groove: None,
            }
        };
        Corpus {
            root: PathBuf::new(),
            clips: shape.iter().enumerate().map(clip).collect(),
            genres: (0..genres).map(|g| format!("genre {g}")).collect(),
            genre_names: GenreNames::default(),
            problems: Vec::new(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn a_chunk_gets_the_mean_of_its_own_seconds() {
        let track = VaTrack {
            start_secs: 15.0,
            step_secs: 0.5,
            valence: vec![0.0, 0.2, 0.4, f32::NAN, 0.8, 1.0],
            arousal: vec![-1.0; 4],
        };
        let (valence, arousal) = track.mean(15.5, 17.0);
        assert!((valence.unwrap() - 0.3).abs() < 1e-6, "0.2 and 0.4, the gap left out");
        assert_eq!(arousal, Some(-1.0));
        assert_eq!(track.mean(0.0, 15.0), (None, None), "before the first annotation");
        assert_eq!(track.mean(17.0, 99.0).1, None, "after the last one");
    }
}
