//! A choice of clips that holds every genre, and of every genre every mood.

use crate::values::Condition;
use std::collections::BTreeMap;

/// At most `count` of `clips`: genres in turn, and of each genre the four quarters of valence and arousal in turn, so that a
/// small choice still holds them all.
pub fn spread_over_labels<'a>(
    clips: impl Iterator<Item = usize>,
    labels_of: impl Fn(usize) -> &'a Condition,
    count: usize,
) -> Vec<usize> {
    let genres = groups(clips, |clip| labels_of(clip).leading_genre());
    let by_mood = genres
        .into_iter()
        .map(|clips| in_turn(&groups(clips.into_iter(), |clip| labels_of(clip).quarter())))
        .collect::<Vec<_>>();
    in_turn(&by_mood).into_iter().take(count).collect()
}

/// The clips that share a key, in the order of the keys.
fn groups<K: Ord>(clips: impl Iterator<Item = usize>, key: impl Fn(usize) -> K) -> Vec<Vec<usize>> {
    let mut by_key: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for clip in clips {
        by_key.entry(key(clip)).or_default().push(clip);
    }
    by_key.into_values().collect()
}

/// The first of every group, then the second of every group that has one, and so on.
fn in_turn(groups: &[Vec<usize>]) -> Vec<usize> {
    let longest = groups.iter().map(Vec::len).max().unwrap_or(0);
    let turn = |turn: usize| groups.iter().filter_map(move |clips| clips.get(turn)).copied();
    (0..longest).flat_map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labelled(genre: Option<usize>, mood: Option<(f32, f32)>) -> Condition {
        let mut labels = Condition::unknown(2);
        if let Some(genre) = genre {
            labels.genre[genre] = 1.0;
        }
        (labels.valence, labels.arousal) = (mood.map(|m| m.0), mood.map(|m| m.1));
        labels
    }

    #[test]
    fn a_small_choice_holds_every_genre_and_a_rare_one_runs_out_alone() {
        // Clips 0..6 are of genre 0, then one of genre 1 and one of none.
        let labels: Vec<Condition> = (0..8usize)
            .map(|clip| labelled([Some(0), Some(1), None][clip.max(5) - 5], None))
            .collect();
        let choice = |count| spread_over_labels(0..8, |clip| &labels[clip], count);
        assert_eq!(choice(3), [7, 0, 6]);
        assert_eq!(choice(5), [7, 0, 6, 1, 2]);
        assert_eq!(choice(99).len(), 8);
    }

    #[test]
    fn a_genre_is_chosen_from_in_all_its_moods() {
        // Five happy songs come before an angry and a sad one.
        let moods = [
            (0.5, 0.5),
            (0.6, 0.5),
            (0.7, 0.5),
            (0.8, 0.5),
            (0.9, 0.5),
            (-0.5, 0.5),
            (-0.5, -0.5),
        ];
        let labels: Vec<Condition> = moods.iter().map(|mood| labelled(Some(0), Some(*mood))).collect();
        assert_eq!(spread_over_labels(0..7, |clip| &labels[clip], 4), [6, 5, 0, 1]);
    }
}
