//! Recordings that GTZAN holds twice or three times, as published: the exact repetitions of Sturm, "The GTZAN dataset:
//! its contents, its faults, their effects on evaluation, and its future use" (2013). Plain values.
//!
//! The copies differ in their bytes, so only a list or the sound itself can tell; the list knows before anything is decoded.

/// Per genre the numbers of clips that are one recording.
const REPEATS: &[(&str, &[&[u8]])] = &[
    ("country", &[&[8, 51], &[52, 60]]),
    ("disco", &[&[50, 51, 70], &[55, 60, 89], &[71, 74], &[98, 99]]),
    ("hiphop", &[&[39, 45], &[76, 78]]),
    (
        "jazz",
        &[
            &[33, 51],
            &[34, 53],
            &[35, 55],
            &[36, 58],
            &[37, 60],
            &[38, 62],
            &[39, 65],
            &[40, 67],
            &[42, 68],
            &[43, 69],
            &[44, 70],
            &[45, 71],
            &[46, 72],
        ],
    ),
    (
        "metal",
        &[
            &[4, 13],
            &[34, 94],
            &[40, 61],
            &[41, 62],
            &[42, 63],
            &[43, 64],
            &[44, 65],
            &[45, 66],
        ],
    ),
    (
        "pop",
        &[
            &[15, 22],
            &[30, 31],
            &[45, 46],
            &[47, 80],
            &[52, 57],
            &[54, 60],
            &[56, 59],
            &[67, 71],
            &[87, 90],
        ],
    ),
    (
        "reggae",
        &[
            &[3, 54],
            &[5, 56],
            &[8, 57],
            &[10, 60],
            &[13, 58],
            &[41, 69],
            &[73, 74],
            &[80, 81, 82],
            &[75, 91, 92],
        ],
    ),
];

/// The first clip of the recording that clip `number` of `genre` repeats (itself for that first one), as `jazz.00033`;
/// `None` for a recording that is there once.
pub(super) fn first_of(genre: &str, number: u32) -> Option<String> {
    let (_, groups) = REPEATS.iter().find(|(name, _)| *name == genre)?;
    let group = groups
        .iter()
        .find(|group| group.iter().any(|own| u32::from(*own) == number))?;
    Some(format!("{genre}.{:05}", group.first()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_clip_belongs_to_one_recording_at_most() {
        let mut seen = BTreeSet::new();
        for (genre, groups) in REPEATS {
            for number in groups.iter().flat_map(|group| group.iter()) {
                assert!(*number < 100 && seen.insert((genre, number)), "{genre} {number}");
            }
            assert!(
                groups.iter().all(|group| group.is_sorted() && group.len() > 1),
                "{genre}"
            );
        }
        assert_eq!(first_of("disco", 70).as_deref(), Some("disco.00050"));
        assert_eq!(first_of("jazz", 33).as_deref(), Some("jazz.00033"));
        assert_eq!(first_of("jazz", 41), None);
        assert_eq!(first_of("blues", 1), None);
    }
}
