//! The part of a sound that a loop goes round.

use serde::{Deserialize, Serialize};

/// From where to where a loop goes round, in seconds of what sounds, at the speed it was recorded at.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoopRegion {
    /// Its beginning, at least 0.
    pub begin_secs: f32,
    /// Its end, at least [`SHORTEST_SECS`](Self::SHORTEST_SECS) later.
    pub end_secs: f32,
}

impl LoopRegion {
    /// Shorter ones would be all cross-fade.
    pub const SHORTEST_SECS: f32 = 0.15;

    /// Between two moments of a sound of `whole_secs`, in either order; moved apart where they are too near. `None` where it is
    /// the whole sound, or that has no room for one.
    pub fn between(a_secs: f32, b_secs: f32, whole_secs: f32) -> Option<Self> {
        // A handle at an end of the strip is meant to be there.
        const AT_AN_END: f32 = 0.004;
        if !(a_secs.is_finite() && b_secs.is_finite() && whole_secs > Self::SHORTEST_SECS) {
            return None;
        }
        let begin_secs = a_secs.min(b_secs).clamp(0.0, whole_secs - Self::SHORTEST_SECS);
        let end_secs = a_secs.max(b_secs).clamp(begin_secs + Self::SHORTEST_SECS, whole_secs);
        let is_whole = begin_secs <= AT_AN_END * whole_secs && end_secs >= (1.0 - AT_AN_END) * whole_secs;
        (!is_whole).then_some(Self { begin_secs, end_secs })
    }

    /// How long it lasts.
    pub fn secs(&self) -> f32 {
        self.end_secs - self.begin_secs
    }

    /// Whether `secs` is in it.
    pub fn has(&self, secs: f32) -> bool {
        (self.begin_secs..self.end_secs).contains(&secs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_in_order_long_enough_and_not_the_whole() {
        let region = LoopRegion::between(2.0, 0.5, 3.0).unwrap();
        assert_eq!((region.begin_secs, region.end_secs), (0.5, 2.0));
        assert!(region.has(0.5) && region.has(1.9) && !region.has(2.0));
        let short = LoopRegion::between(2.95, 2.96, 3.0).unwrap();
        assert!((short.secs() - LoopRegion::SHORTEST_SECS).abs() < 1e-5 && short.end_secs <= 3.0);
        assert_eq!(LoopRegion::between(-1.0, 9.0, 3.0), None);
        assert_eq!(LoopRegion::between(0.0, 0.1, 0.1), None);
        assert_eq!(LoopRegion::between(f32::NAN, 1.0, 3.0), None);
    }
}
