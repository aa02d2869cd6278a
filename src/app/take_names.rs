//! What a take is called: the day, what sounded, and a number that is new in its folder.

use super::disk_names::sanitised;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What stands in for a genre where none sounds.
const NO_GENRE: &str = "take";

/// The path of the next take in `folder`, recorded at `now` (its day is UTC's) of a sound of `genre`: `2026-11-25 blues_015.wav`.
/// Numbers go on from the highest of that day and genre.
pub fn next_take(folder: &Path, genre: &str, now: SystemTime) -> PathBuf {
    let (year, month, day) = day_of(now.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO));
    let genre = match sanitised(genre).to_lowercase() {
        empty if empty.is_empty() => NO_GENRE.to_owned(),
        genre => genre,
    };
    let stem = format!("{year:04}-{month:02}-{day:02} {genre}_");
    let files = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let number = files.filter_map(|file| {
        let name = file.file_name().to_string_lossy().into_owned();
        name.strip_prefix(&stem)?.strip_suffix(".wav")?.parse::<u32>().ok()
    });
    let next = number.max().map_or(1, |last| last.saturating_add(1));
    folder.join(format!("{stem}{next:03}.wav"))
}

/// Year, month and day that long after the beginning of 1970 (Howard Hinnant's civil_from_days).
fn day_of(since_1970: Duration) -> (u64, u64, u64) {
    let days = since_1970.as_secs() / 86_400 + 719_468;
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(secs)
    }

    #[test]
    fn a_take_is_called_by_day_and_genre_and_the_next_number() {
        let folder = tempfile::tempdir().unwrap();
        let day = at(1_795_617_000);
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

    #[test]
    fn days_are_those_of_the_calendar() {
        for (secs, day) in [
            (0, (1970, 1, 1)),
            (951_782_400, (2000, 2, 29)),
            (1_709_164_800, (2024, 2, 29)),
            (1_735_689_599, (2024, 12, 31)),
            (4_107_542_400, (2100, 3, 1)),
        ] {
            assert_eq!(day_of(Duration::from_secs(secs)), day);
        }
    }
}
