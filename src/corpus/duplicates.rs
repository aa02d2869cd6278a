//! The same music twice: equal bytes, and the same recording in other bytes. Pure; any thread.
//!
//! Candidates are pairs of clips with equal fingerprint words at one offset (sorted, not compared pair by pair, so ten
//! thousand clips take seconds); a candidate is confirmed by the share of bits that differ over all they share.

use super::{ClipMeasurements, Corpus, CorpusClip};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, HashMap};

/// Words shared by more clips than this are silence or a single tone, and prove nothing.
const COMMON_WORD: usize = 24;
/// Equal words at one offset that make a pair worth comparing.
const CANDIDATE_WORDS: u32 = 2;

/// Two clips of a corpus that are the same music; indices into its clips, the first is the lower.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Duplicate {
    /// The copy to keep.
    pub first: usize,
    /// The copy to leave out.
    pub second: usize,
    /// Equal to the byte.
    pub exact: bool,
    /// Share of fingerprint bits that differ; 0 for exact ones.
    pub bit_error: f32,
}

/// All duplicates among the clips of `corpus`, whose measurements are `measurements`.
pub fn find_duplicates(corpus: &Corpus, measurements: &[&ClipMeasurements]) -> Vec<Duplicate> {
    let mut found: BTreeMap<(usize, usize), Duplicate> = BTreeMap::new();
    let mut first_with: HashMap<&str, usize> = HashMap::new();
    for (second, clip) in corpus.clips.iter().enumerate() {
        let first = *first_with.entry(clip.content_hash.as_str()).or_insert(second);
        if first != second {
            found.insert(
                (first, second),
                Duplicate {
                    first,
                    second,
                    exact: true,
                    bit_error: 0.0,
                },
            );
        }
    }
    for (first, second, offset) in candidates(measurements) {
        // Exact copies are told once, by their bytes.
        if corpus.clips[first].content_hash == corpus.clips[second].content_hash {
            continue;
        }
        if let Some(hit) = measurements[first]
            .fingerprint
            .same_recording(&measurements[second].fingerprint, offset)
        {
            let near = Duplicate {
                first,
                second,
                exact: false,
                bit_error: hit.bit_error,
            };
            let entry = found.entry((first, second)).or_insert(near);
            entry.bit_error = entry.bit_error.min(hit.bit_error);
        }
    }
    found.into_values().collect()
}

/// Puts the clips of every duplicate into one recording and one group, so that a split never parts them.
pub(super) fn join_groups(corpus: &mut Corpus, duplicates: &[Duplicate]) {
    for Duplicate { first, second, .. } in duplicates {
        join(corpus, *first, *second, |clip| &mut clip.group);
        join(corpus, *first, *second, |clip| &mut clip.recording);
    }
}

/// Gives every clip that shares the second's key the first's.
fn join(corpus: &mut Corpus, first: usize, second: usize, key: fn(&mut CorpusClip) -> &mut String) {
    let keep = key(&mut corpus.clips[first]).clone();
    let drop = key(&mut corpus.clips[second]).clone();
    for clip in corpus.clips.iter_mut().map(key).filter(|own| **own == drop) {
        clip.clone_from(&keep);
    }
}

/// Pairs with several equal words at one offset: (first, second, how many words the second begins later).
fn candidates(measurements: &[&ClipMeasurements]) -> Vec<(usize, usize, i64)> {
    let mut words: Vec<(u32, u32, u32)> = Vec::new();
    for (clip, measurements) in measurements.iter().enumerate() {
        let own = measurements.fingerprint.words.iter().enumerate();
        words.extend(own.map(|(at, word)| (*word, clip as u32, at as u32)));
    }
    words.par_sort_unstable();
    let mut votes: HashMap<(u32, u32, i64), u32> = HashMap::new();
    for equal in words
        .chunk_by(|a, b| a.0 == b.0)
        .filter(|equal| (2..=COMMON_WORD).contains(&equal.len()))
    {
        for (i, (_, first, at)) in equal.iter().enumerate() {
            for (_, second, other_at) in &equal[i + 1..] {
                if first != second {
                    *votes
                        .entry((*first, *second, i64::from(*at) - i64::from(*other_at)))
                        .or_default() += 1;
                }
            }
        }
    }
    let mut pairs: Vec<_> = votes
        .into_iter()
        .filter(|(_, count)| *count >= CANDIDATE_WORDS)
        .map(|((first, second, offset), _)| (first as usize, second as usize, offset))
        .collect();
    pairs.sort_unstable();
    pairs
}

#[cfg(test)]
mod tests {
    use super::super::clip::tests::corpus_of;
    use super::super::sound::Fingerprint;
    use super::*;
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    fn measurements(words: Vec<u32>) -> ClipMeasurements {
        ClipMeasurements {
            fingerprint: Fingerprint {
                words,
                words_per_sec: 21.5,
            },
            ..ClipMeasurements::default()
        }
    }

    #[test]
    fn a_noisy_later_copy_is_found_and_grouped() {
        let mut rng = ChaCha8Rng::seed_from_u64(4);
        let mut draw = |count: usize| (0..count).map(|_| rng.random::<u32>()).collect::<Vec<_>>();
        let original = draw(400);
        let mut copy = draw(13);
        // Every word but each fifth has three wrong bits.
        copy.extend(
            original
                .iter()
                .enumerate()
                .map(|(i, word)| if i % 5 == 0 { *word } else { word ^ 0x0101_0100 }),
        );
        let clips = [measurements(original), measurements(draw(400)), measurements(copy)];
        let mut corpus = corpus_of(1, &[(0, 0), (0, 1), (0, 2)]);
        let found = find_duplicates(&corpus, &clips.iter().collect::<Vec<_>>());
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].first, found[0].second, found[0].exact), (0, 2, false));
        assert!((found[0].bit_error - 0.8 * 3.0 / 32.0).abs() < 0.01);
        join_groups(&mut corpus, &found);
        assert_eq!(corpus.clips[0].group, corpus.clips[2].group);
        assert_ne!(corpus.clips[0].group, corpus.clips[1].group);
    }

    #[test]
    fn equal_bytes_are_exact() {
        let mut corpus = corpus_of(1, &[(0, 0), (0, 1)]);
        corpus.clips[1].content_hash = corpus.clips[0].content_hash.clone();
        let empty = measurements(vec![]);
        assert!(find_duplicates(&corpus, &[&empty, &empty])[0].exact);
    }
}
