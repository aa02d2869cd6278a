//! A choice of clips that holds every genre.

use std::collections::BTreeMap;

/// At most `count` of `clips`, the genres in turn, so that a small choice still holds them all.
pub fn spread_over_genres(
    clips: impl Iterator<Item = usize>,
    genre_of: impl Fn(usize) -> Option<u16>,
    count: usize,
) -> Vec<usize> {
    let mut by_genre: BTreeMap<Option<u16>, Vec<usize>> = BTreeMap::new();
    for clip in clips {
        by_genre.entry(genre_of(clip)).or_default().push(clip);
    }
    let longest = by_genre.values().map(Vec::len).max().unwrap_or(0);
    let in_turn = (0..longest).flat_map(|turn| by_genre.values().filter_map(move |clips| clips.get(turn)));
    in_turn.copied().take(count).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_choice_holds_every_genre_and_a_rare_one_runs_out_alone() {
        // Clips 0..6 are of genre 0, then one of genre 1 and one of none.
        let genre_of = |clip: usize| [Some(0), Some(1), None][clip.max(5) - 5];
        assert_eq!(spread_over_genres(0..8, genre_of, 3), [7, 0, 6]);
        assert_eq!(spread_over_genres(0..8, genre_of, 5), [7, 0, 6, 1, 2]);
        assert_eq!(spread_over_genres(0..8, genre_of, 99).len(), 8);
    }
}
