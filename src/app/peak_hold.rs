//! The highest peak of the last seconds: it stands for a while and then falls.

/// How long a peak stands.
const HOLD_SECS: f64 = 1.5;
/// How fast it falls then.
const FALL_DB_PER_SEC: f32 = 24.0;

/// Of one channel.
#[derive(Clone, Copy, Debug, Default)]
pub struct PeakHold {
    held_db: Option<f32>,
    since_secs: f64,
    seen_secs: f64,
}

impl PeakHold {
    /// The peak to show at `now_secs`, when `peak_db` sounds.
    pub fn follow(&mut self, peak_db: Option<f32>, now_secs: f64) -> Option<f32> {
        let passed = (now_secs - self.seen_secs).clamp(0.0, 1.0) as f32;
        self.seen_secs = now_secs;
        if now_secs - self.since_secs > HOLD_SECS {
            self.held_db = self.held_db.map(|held| held - FALL_DB_PER_SEC * passed);
        }
        if peak_db.is_some_and(|peak| self.held_db.is_none_or(|held| peak >= held)) {
            (self.held_db, self.since_secs) = (peak_db, now_secs);
        }
        self.held_db = self.held_db.filter(|held| *held > -90.0);
        self.held_db
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peak_stands_and_then_falls_to_what_sounds() {
        let mut hold = PeakHold::default();
        assert_eq!(hold.follow(Some(-3.0), 10.0), Some(-3.0));
        assert_eq!(hold.follow(Some(-20.0), 11.0), Some(-3.0));
        let falling = hold.follow(Some(-20.0), 11.75).unwrap();
        assert!(falling < -3.0 && falling > -22.0, "{falling}");
        assert_eq!(hold.follow(Some(-20.0), 12.75), Some(-20.0));
        assert_eq!(
            hold.follow(Some(-1.0), 12.8),
            Some(-1.0),
            "a higher one takes its place at once"
        );
        for secs in 14..40 {
            hold.follow(None, f64::from(secs));
        }
        assert_eq!(hold.follow(None, 40.0), None);
    }
}
