//! Real-time: a loop of whole beats in a chunk, and where the master clock says it is.

use crate::values::BeatGrid;
use std::ops::Range;

/// The seam of the loop lies so many frames (26 ms) before a beat, so that no attack is cross-faded.
const SEAM_FRAMES: f64 = 4.5;
/// Beats of a loop: as many of these as there is room for.
const LENGTHS: [f64; 5] = [16.0, 8.0, 4.0, 2.0, 1.0];

/// Whole beats of a source.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BeatLoop {
    begin: f64,
    seam: f64,
    period: f64,
    beats: f64,
}

impl BeatLoop {
    /// The most beats of `grid` in `extent`, whose tempo is halved or doubled so that its beats are about `wanted` frames apart;
    /// `None` where not one fits.
    pub fn of(grid: BeatGrid, extent: &Range<f64>, wanted: f64) -> Option<Self> {
        let period = period_near(grid, wanted)?;
        let first = extent.start + (f64::from(grid.first) - extent.start).rem_euclid(period);
        let seam = SEAM_FRAMES.min(first - extent.start);
        let begin = first - seam;
        let beats = LENGTHS
            .into_iter()
            .find(|beats| begin + beats * period <= extent.end + 0.5)?;
        Some(Self {
            begin,
            seam,
            period,
            beats,
        })
    }

    /// As many whole beats of `grid` as fit into the region `extent` of a source, whatever their number; `None` where not one does.
    pub fn within(grid: BeatGrid, extent: &Range<f64>, wanted: f64) -> Option<Self> {
        // A handle that was put on a beat is on it, give or take.
        const NEAR: f64 = 0.5;
        let period = period_near(grid, wanted)?;
        let first = extent.start + (f64::from(grid.first) - extent.start + NEAR).rem_euclid(period) - NEAR;
        let seam = SEAM_FRAMES.min(first - extent.start).max(0.0);
        let begin = first - seam;
        let beats = ((extent.end + NEAR - begin) / period).floor();
        (beats >= 1.0).then_some(Self {
            begin,
            seam,
            period,
            beats,
        })
    }

    /// The frame that sounds at `beat` of the master clock.
    pub fn frame_at(&self, beat: f64) -> f64 {
        self.begin + (beat * self.period + self.seam).rem_euclid(self.beats * self.period)
    }

    /// Frames per hop where the clock's beats are `wanted` frames apart.
    pub fn pace(&self, wanted: f64) -> f32 {
        (self.period / wanted) as f32
    }
}

/// Frames from beat to beat of `grid`, halved or doubled until they are nearest to `wanted`.
pub fn period_near(grid: BeatGrid, wanted: f64) -> Option<f64> {
    let own = f64::from(grid.period);
    if !(own.is_finite() && own > 1.0 && wanted.is_finite() && wanted > 1.0) {
        return None;
    }
    Some(own * (wanted / own).log2().round().clamp(-3.0, 3.0).exp2())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_loop_is_as_many_beats_as_there_is_room_for_and_returns_to_its_first() {
        let grid = BeatGrid {
            first: 20.0,
            period: 100.0,
        };
        let four = BeatLoop::of(grid, &(0.0..512.0), 100.0).unwrap();
        assert_eq!(four.beats, 4.0);
        for bar in 0..3 {
            assert!((four.frame_at(f64::from(bar) * 4.0) - 20.0).abs() < 1e-9);
            assert!((four.frame_at(f64::from(bar) * 4.0 + 2.5) - 270.0).abs() < 1e-9);
        }
        assert!(four.frame_at(3.999) < 20.0, "the seam lies before the beat");
        assert!((four.pace(80.0) - 1.25).abs() < 1e-6);
    }

    #[test]
    fn a_region_has_any_number_of_whole_beats_from_its_first() {
        let grid = BeatGrid {
            first: 20.0,
            period: 100.0,
        };
        let three = BeatLoop::within(grid, &(119.9..420.2), 100.0).unwrap();
        assert!(
            three.beats == 3.0 && (three.begin - 119.9).abs() < 1e-9,
            "from a handle a little before its first"
        );
        let loose = BeatLoop::within(grid, &(90.0..390.0), 100.0).unwrap();
        assert_eq!((loose.beats, loose.begin), (2.0, 120.0 - SEAM_FRAMES));
        assert_eq!(BeatLoop::within(grid, &(125.0..200.0), 100.0), None);
    }

    #[test]
    fn a_tempo_is_halved_or_doubled_towards_the_masters() {
        let slow = BeatGrid {
            first: 0.0,
            period: 170.0,
        };
        let own = BeatLoop::of(slow, &(0.0..512.0), 80.0).unwrap();
        assert_eq!((own.period, own.beats), (85.0, 4.0));
        assert_eq!(BeatLoop::of(slow, &(0.0..60.0), 80.0), None);
        let nothing = BeatGrid {
            first: 0.0,
            period: 0.0,
        };
        assert_eq!(BeatLoop::of(nothing, &(0.0..512.0), 80.0), None);
    }
}
