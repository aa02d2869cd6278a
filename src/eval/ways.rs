//! Where relatives and Endless lead, as the report prints it.

use super::metric::section;

section!(
    /// Whether relatives are as asked, and whether minutes of Endless sound like real ones.
    WayFigures {
        /// Share of relatives that the judge takes for the genre that was asked for.
        relative_as_asked,
        /// The same less the share of real held-out chunks of that genre which the judge takes for it.
        relative_as_asked_less_real,
        /// 100 times the squared maximum mean discrepancy of timbre to real music of the genre asked for.
        relative_distance,
        /// The same of real music drawn at random in the same numbers.
        relative_real_distance,
        /// Of minutes of Endless that keep to a genre.
        endless_distance,
        /// The same of real music drawn at random in the same numbers, from as many clips.
        endless_real_distance,
        /// One over the other: 1 is as near as real music is.
        endless_distance_over_real,
        /// Jumps a minute.
        endless_jumps_per_minute,
        /// Share of a walk that was heard before in it.
        endless_repeated,
        /// Energy of the highs at jumps against the attacks around them, dB: what a cut adds.
        endless_burst_db,
    }
);
