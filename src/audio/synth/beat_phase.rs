//! Real-time: places in the beat: what takes over from another recording goes on as far in its beat.

use super::playhead::Playhead;
use crate::values::BeatGrid;
use std::ops::Range;

/// Where in the beat `frames` is, 0..1.
pub fn phase(frames: f64, grid: &BeatGrid) -> f64 {
    ((frames - f64::from(grid.first)) / f64::from(grid.period)).rem_euclid(1.0)
}

/// The place nearest to `head` that is as far in the beat of `grid` as `phase`.
pub fn in_time(head: &Playhead, phase: f64, grid: &BeatGrid, extent: Range<f64>) -> Playhead {
    let beats = (head.frames() - f64::from(grid.first)) / f64::from(grid.period) - phase;
    Playhead::at_frames(
        f64::from(grid.first) + (beats.round() + phase) * f64::from(grid.period),
        extent,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_takes_over_is_as_far_in_its_beat_as_what_it_takes_over_from() {
        let (old, new) = (
            BeatGrid {
                first: 10.0,
                period: 80.0,
            },
            BeatGrid {
                first: 33.0,
                period: 84.0,
            },
        );
        for frames in [90.0, 91.5, 250.3] {
            let now = phase(frames, &old);
            let head = in_time(&Playhead::at_frames(frames, 0.0..500.0), now, &new, 0.0..500.0);
            assert!((phase(head.frames(), &new) - now).abs() < 1e-6);
            assert!((head.frames() - frames).abs() <= 42.1);
        }
    }
}
