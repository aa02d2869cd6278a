//! Who judges, what is compared with, and what is judged: three sets of clips that share none, nor an artist.

use crate::eval::probe::Heard;
use crate::values::Condition;
use std::collections::BTreeMap;

/// The clips that nothing was rendered from, parted in two.
pub(super) struct Parties {
    /// What the judge learns from, by clip.
    pub judge: Vec<(u32, Heard)>,
    /// What real music of a genre sounds like, by clip.
    pub reference: Vec<(u32, Heard)>,
}

impl Parties {
    /// Parts `excerpts`, by clip, so that both sides have about as many clips of each genre; clips of which `artist_of` says
    /// the same are on one side.
    pub fn of(excerpts: &[(u32, Heard)], artist_of: impl Fn(u32) -> String) -> Self {
        let mut artists: BTreeMap<(Option<u16>, String), Vec<u32>> = BTreeMap::new();
        let mut sides: BTreeMap<String, bool> = BTreeMap::new();
        for (clip, heard) in excerpts {
            let artist = Some(artist_of(*clip)).filter(|artist| !artist.is_empty());
            let key = (
                heard.labels.leading_genre(),
                artist.unwrap_or_else(|| format!("clip {clip}")),
            );
            let clips = artists.entry(key).or_default();
            if !clips.contains(clip) {
                clips.push(*clip);
            }
        }
        // The largest first, each to the side that has less of its genre.
        let mut order: Vec<_> = artists.into_iter().collect();
        order.sort_by_key(|((genre, _), clips)| (*genre, std::cmp::Reverse(clips.len())));
        let mut clips_of: BTreeMap<(Option<u16>, bool), usize> = BTreeMap::new();
        let mut of_reference: BTreeMap<u32, bool> = BTreeMap::new();
        for ((genre, artist), clips) in order {
            let count = |side: bool| clips_of.get(&(genre, side)).copied().unwrap_or(0);
            let lighter = count(true) < count(false);
            // An artist of two genres stays on the side of the first.
            let side = *sides.entry(artist).or_insert(lighter);
            *clips_of.entry((genre, side)).or_default() += clips.len();
            of_reference.extend(clips.into_iter().map(|clip| (clip, side)));
        }
        let (reference, judge) = excerpts
            .iter()
            .cloned()
            .partition(|(clip, _)| of_reference.get(clip).copied().unwrap_or(false));
        Self { judge, reference }
    }

    /// What the judge learns from.
    pub fn lessons(&self) -> Vec<Heard> {
        self.judge.iter().map(|(_, heard)| heard.clone()).collect()
    }
}

/// The excerpts of `party` whose leading genre is `genre`.
pub(super) fn of_genre(party: &[(u32, Heard)], genre: u16) -> impl Iterator<Item = &(u32, Heard)> {
    party
        .iter()
        .filter(move |(_, heard)| Condition::leading_genre(&heard.labels) == Some(genre))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_clip_and_no_artist_is_on_both_sides_and_every_genre_is_on_each() {
        let excerpt = |clip: u32, genre: usize| {
            let labels = Condition {
                genre: (0..3).map(|index| f32::from(u8::from(index == genre))).collect(),
                ..Condition::default()
            };
            (
                clip,
                Heard {
                    features: vec![clip as f32],
                    labels,
                },
            )
        };
        // Two excerpts of each clip; four clips an artist, artist 2 in two genres; clips from 40 on by nobody.
        let excerpts: Vec<(u32, Heard)> = (0..60u32)
            .flat_map(|clip| [0, 1].map(|_| excerpt(clip, clip as usize / 10 % 3)))
            .collect();
        let artist_of = |clip: u32| match clip {
            0..40 => format!("artist {}", clip / 4),
            _ => String::new(),
        };
        let parties = Parties::of(&excerpts, artist_of);
        assert_eq!(parties.judge.len() + parties.reference.len(), excerpts.len());
        let names = |party: &[(u32, Heard)]| -> BTreeSet<String> {
            let name = |(clip, _): &(u32, Heard)| format!("{}{clip}", artist_of(*clip));
            party.iter().map(name).collect()
        };
        assert!(names(&parties.judge).is_disjoint(&names(&parties.reference)));
        let artists = |party: &[(u32, Heard)]| -> BTreeSet<u32> {
            party
                .iter()
                .map(|(clip, _)| *clip)
                .filter(|clip| *clip < 40)
                .map(|clip| clip / 4)
                .collect()
        };
        assert!(artists(&parties.judge).is_disjoint(&artists(&parties.reference)));
        for genre in 0..3 {
            let sides = [&parties.judge, &parties.reference].map(|party| of_genre(party, genre).count());
            assert!(sides[0].abs_diff(sides[1]) <= 12, "{sides:?} excerpts of genre {genre}");
            assert!(sides.iter().all(|count| *count > 0));
        }
    }
}
