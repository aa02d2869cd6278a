//! A moment as people write it, in UTC.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Year, month, day, hour, minute and second of `time`.
///
/// The days are counted as in Hinnant, "chrono-compatible low-level date algorithms" (`civil_from_days`), in years that begin in March.
pub fn civil(time: SystemTime) -> [u64; 6] {
    let secs = time.duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO).as_secs();
    let (days, rest) = (secs / 86_400 + 719_468, secs % 86_400);
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    let year = year_of_era + 400 * era + next;
    [year, month, day, rest / 3_600, rest / 60 % 60, rest % 60]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_those_of_the_calendar() {
        // As `date -u -d @SECONDS` prints them.
        for (secs, expected) in [
            (0, [1970, 1, 1, 0, 0, 0]),
            (951_782_399, [2000, 2, 28, 23, 59, 59]),
            (951_825_600, [2000, 2, 29, 12, 0, 0]),
            (1_767_225_599, [2025, 12, 31, 23, 59, 59]),
            (4_107_542_400, [2100, 3, 1, 0, 0, 0]),
        ] {
            assert_eq!(civil(UNIX_EPOCH + Duration::from_secs(secs)), expected, "{secs}");
        }
    }
}
