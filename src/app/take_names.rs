//! What a take is called: the day, what sounded, and a number that is new in its folder.

use super::disk_names::sanitised;
use chrono::NaiveDate;
use std::path::{Path, PathBuf};

/// What stands in for a genre where none sounds.
const NO_GENRE: &str = "take";

/// The path of the next take in `folder`, recorded on `day` of a sound of `genre`: `2026-11-25 blues_015.wav`.
/// Numbers go on from the highest of that day and genre.
pub fn next_take(folder: &Path, genre: &str, day: NaiveDate) -> PathBuf {
    let genre = match sanitised(genre).to_lowercase() {
        empty if empty.is_empty() => NO_GENRE.to_owned(),
        genre => genre,
    };
    let stem = format!("{day} {genre}_");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let number = files.filter_map(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        name.strip_prefix(&stem)?.strip_suffix(".wav")?.parse::<u32>().ok()
    });
    let next = number.max().map_or(1, |last| last.saturating_add(1));
    folder.join(format!("{stem}{next:03}.wav"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_take_is_called_by_day_and_genre_and_the_next_number() {
        let folder = tempfile::tempdir().unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
        let name = |genre: &str| next_take(folder.path(), genre, day).file_name().unwrap().to_owned();
        assert_eq!(name("Blues"), "2026-11-25 blues_001.wav");
        for taken in [
            "2026-11-25 blues_001.wav",
            "2026-11-25 blues_014.wav",
            "2026-11-25 blues_x.wav",
        ] {
            std::fs::write(folder.path().join(taken), "").unwrap();
        }
        assert_eq!(name("Blues"), "2026-11-25 blues_015.wav");
        assert_eq!(name("Hip-Hop/Rap"), "2026-11-25 hip-hop-rap_001.wav");
        assert_eq!(name(""), "2026-11-25 take_001.wav");
    }
}
