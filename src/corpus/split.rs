//! Which clips are held out of training. Pure; deterministic in corpus and seed.
//!
//! Whole groups go to one side, so a held-out clip never has a near twin in training; every genre gives its share,
//! at least [`LEAST_PER_GENRE`] clips where it has enough. Groups are drawn in the order of a hash of seed and group
//! name: adding clips to a corpus moves few of the old ones.

use super::{Corpus, CorpusClip, OfficialSplit};
use std::collections::BTreeMap;

/// Held-out clips per genre that a figure needs.
const LEAST_PER_GENRE: usize = 3;
/// A genre never gives more than one clip in this many to reach [`LEAST_PER_GENRE`].
const KEEP_FACTOR: usize = 3;

/// The result of a split.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoldOut {
    /// Per clip of the corpus: kept out of training.
    pub held_out: Vec<bool>,
    /// Sentences for the user: official split used, groups that had to be cut.
    pub notes: Vec<String>,
}

impl HoldOut {
    /// Number of held-out clips.
    pub fn count(&self) -> usize {
        self.held_out.iter().filter(|held| **held).count()
    }
}

impl Corpus {
    /// Holds out about `fraction` of the clips. Clips with an official split stay where their dataset put them
    /// (validation and test are held out); the others are drawn by group and genre.
    pub fn split(&self, fraction: f32, seed: u64) -> HoldOut {
        // A folder may hold one side of a dataset only; following its split would leave nothing to learn, or to judge by.
        let has = |side: bool| {
            self.clips
                .iter()
                .any(|clip| official_side(clip).is_none_or(|held| held == side))
        };
        let follows = has(true) && has(false);
        let official = |clip: &CorpusClip| official_side(clip).filter(|_| follows);
        let mut result = HoldOut {
            held_out: self.clips.iter().map(|clip| official(clip).unwrap_or(false)).collect(),
            notes: Vec::new(),
        };
        let free: Vec<usize> = (0..self.clips.len())
            .filter(|i| official(&self.clips[*i]).is_none())
            .collect();
        if free.len() < self.clips.len() {
            let count = self.clips.len() - free.len();
            result
                .notes
                .push(format!("{count} clips keep the split their dataset publishes"));
        } else if !follows && !self.clips.is_empty() {
            let note = "the published split puts all of these clips on one side, so they are split again";
            result.notes.push(note.into());
        }
        let groups = self.groups(&free, seed, &mut result.notes);
        let fraction = if fraction.is_finite() {
            fraction.clamp(0.0, 0.5)
        } else {
            0.0
        };
        self.draw(&groups, &free, fraction, &mut result.held_out);
        result
    }

    /// Clips by group in drawing order. Where groups are so large that none could be held out, albums, then single
    /// clips, take their place.
    fn groups(&self, free: &[usize], seed: u64, notes: &mut Vec<String>) -> Vec<Vec<usize>> {
        // A recording counts for the album of its first clip: its copies may lie anywhere.
        let mut albums: BTreeMap<&str, &str> = BTreeMap::new();
        for clip in &self.clips {
            albums.entry(&clip.recording).or_insert(&clip.album);
        }
        let levels: [&dyn Fn(&CorpusClip) -> String; 3] = [
            &|clip| clip.group.clone(),
            &|clip| {
                format!(
                    "{}\u{1f}{}",
                    clip.group,
                    albums.get(clip.recording.as_str()).unwrap_or(&"")
                )
            },
            &|clip| clip.recording.clone(),
        ];
        let words = ["artist", "album", "recording"];
        let mut groups = Vec::new();
        for (level, key) in levels.iter().enumerate() {
            let mut by_key: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for &i in free {
                by_key.entry(key(&self.clips[i])).or_default().push(i);
            }
            let largest = by_key.values().map(Vec::len).max().unwrap_or(0);
            let mut ordered: Vec<_> = by_key.into_iter().collect();
            ordered.sort_by_cached_key(|(name, _)| drawing_order(seed, name));
            groups = ordered.into_iter().map(|(_, members)| members).collect();
            if groups.len() >= LEAST_PER_GENRE && largest * 2 <= free.len() {
                if level > 0 {
                    let text = format!(
                        "most clips share one {}: held out by {} instead",
                        words[level - 1],
                        words[level]
                    );
                    notes.push(text);
                }
                break;
            }
        }
        groups
    }

    fn draw(&self, groups: &[Vec<usize>], free: &[usize], fraction: f32, held_out: &mut [bool]) {
        if fraction <= 0.0 {
            return;
        }
        let stratum = |i: usize| self.clips[i].main_genre().unwrap_or(usize::MAX);
        let mut size: BTreeMap<usize, usize> = BTreeMap::new();
        for &i in free {
            *size.entry(stratum(i)).or_default() += 1;
        }
        let limits: BTreeMap<usize, (usize, usize)> = size.iter().map(|(g, n)| (*g, limits(*n, fraction))).collect();
        let mut taken: BTreeMap<usize, usize> = BTreeMap::new();
        // First what fits the share exactly, then what overshoots it but leaves enough to train on.
        for overshoot in [false, true] {
            for group in groups {
                let mut parts: BTreeMap<usize, usize> = BTreeMap::new();
                for &i in group {
                    *parts.entry(stratum(i)).or_default() += 1;
                }
                let after = |genre: &usize, count: &usize| taken.get(genre).unwrap_or(&0) + count;
                let wanted = parts.keys().any(|genre| after(genre, &0) < limits[genre].0);
                let fits = parts.iter().all(|(genre, count)| {
                    let (target, most) = limits[genre];
                    after(genre, count) <= if overshoot { most } else { target }
                });
                if wanted && fits && !held_out[group[0]] {
                    for (genre, count) in parts {
                        *taken.entry(genre).or_default() += count;
                    }
                    for &i in group {
                        held_out[i] = true;
                    }
                }
            }
        }
    }
}

/// Clips of a genre of `size` that should be held out, and the most that may be.
fn limits(size: usize, fraction: f32) -> (usize, usize) {
    let share = (size as f32 * fraction).round() as usize;
    let most = (size / KEEP_FACTOR).max(share);
    (share.max(LEAST_PER_GENRE.min(size / KEEP_FACTOR)), most)
}

/// Whether the clip's dataset holds it out; `None` where it has no split.
fn official_side(clip: &CorpusClip) -> Option<bool> {
    clip.official_split
        .map(|split| matches!(split, OfficialSplit::Validation | OfficialSplit::Test))
}

fn drawing_order(seed: u64, name: &str) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&seed.to_le_bytes()).update(name.as_bytes());
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::super::clip::tests::corpus_of;
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn groups_stay_whole_and_genres_give_their_share(
            shape in prop::collection::vec((0usize..4, 0u32..40), 30..200), seed in any::<u64>(),
        ) {
            let corpus = corpus_of(4, &shape);
            let split = corpus.split(0.15, seed);
            prop_assert_eq!(&split, &corpus.split(0.15, seed), "deterministic");
            if split.notes.is_empty() {
                for (a, clip) in corpus.clips.iter().enumerate() {
                    for (b, other) in corpus.clips.iter().enumerate() {
                        prop_assert!(clip.group != other.group || split.held_out[a] == split.held_out[b]);
                    }
                }
            }
            for genre in 0..4 {
                let members = shape.iter().filter(|(g, _)| *g == genre).count();
                let held = shape.iter().zip(&split.held_out).filter(|((g, _), held)| *g == genre && **held).count();
                prop_assert!(held <= limits(members, 0.15).1, "{} of {} held out", held, members);
            }
        }
    }

    #[test]
    fn singles_give_at_least_three_per_genre() {
        let shape: Vec<_> = (0..48).map(|i| (i / 12, i as u32)).collect();
        let split = corpus_of(4, &shape).split(0.1, 7);
        for genre in 0..4 {
            assert_eq!(
                split.held_out[genre * 12..(genre + 1) * 12]
                    .iter()
                    .filter(|held| **held)
                    .count(),
                3
            );
        }
    }

    #[test]
    fn official_sides_are_kept() {
        let shape: Vec<_> = (0..20).map(|i| (0, i)).collect();
        let mut corpus = corpus_of(1, &shape);
        corpus.clips[4].official_split = Some(OfficialSplit::Test);
        for clip in &mut corpus.clips[5..] {
            clip.official_split = Some(OfficialSplit::Training);
        }
        let split = corpus.split(0.5, 1);
        assert!(split.held_out[4]);
        assert!(split.held_out[5..].iter().all(|held| !held));
        assert!(!split.notes.is_empty());
    }

    #[test]
    fn one_side_of_a_dataset_is_split_anew() {
        let shape: Vec<_> = (0..24).map(|i| (0, i)).collect();
        for side in [OfficialSplit::Test, OfficialSplit::Training] {
            let mut corpus = corpus_of(1, &shape);
            for clip in &mut corpus.clips {
                clip.official_split = Some(side);
            }
            let split = corpus.split(0.2, 1);
            assert!(
                (3..=8).contains(&split.count()),
                "{side:?} alone: {} held out",
                split.count()
            );
            assert_eq!(split.notes.len(), 1);
        }
    }

    #[test]
    fn one_artist_alone_is_split_by_file_and_says_so() {
        let shape: Vec<_> = (0..12).map(|_| (0, 0)).collect();
        let mut corpus = corpus_of(1, &shape);
        for twin in [3, 7] {
            corpus.clips[twin].recording = "twins".into();
        }
        for seed in 0..20 {
            let split = corpus.split(0.2, seed);
            assert!((2..=4).contains(&split.count()));
            assert_eq!(split.notes.len(), 1);
            assert_eq!(split.held_out[3], split.held_out[7], "copies are never parted");
        }
    }
}
