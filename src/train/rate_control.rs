//! Holds a KL divergence near its target by steering the logarithm of its weight.
//!
//! A proportional-integral controller in the manner of ControlVAE (Shao et al. 2020), on the smoothed relative error.
//! A plain integral controller swings by orders of magnitude; the proportional part and the caps damp it.

use serde::{Deserialize, Serialize};

const SMOOTHING: f32 = 0.95;
const PROPORTIONAL: f32 = 0.5;
const INTEGRAL: f32 = 0.02;
/// Range of ln(weight) around the value at which one nat costs as much as one nat of likelihood.
const LOG_WEIGHT_RANGE: (f32, f32) = (-7.0, 1.5);

/// State of one controller; part of every checkpoint.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateController {
    target_nats: f32,
    smoothed_nats: Option<f32>,
    integral: f32,
}

impl RateController {
    /// A controller towards `target_nats` per chunk, starting from a weak weight.
    pub fn new(target_nats: f32) -> Self {
        Self {
            target_nats: target_nats.max(1e-3),
            smoothed_nats: None,
            integral: -3.0,
        }
    }

    /// The weight to use now, relative to the natural one.
    pub fn weight(&self) -> f32 {
        let error = self.smoothed_nats.map_or(0.0, |nats| self.error(nats));
        (self.integral + PROPORTIONAL * error)
            .clamp(LOG_WEIGHT_RANGE.0, LOG_WEIGHT_RANGE.1)
            .exp()
    }

    /// Takes in the KL of one step in nats per chunk; a value that is not finite is ignored.
    pub fn observe(&mut self, nats: f32) {
        if !nats.is_finite() {
            return;
        }
        let smoothed = self
            .smoothed_nats
            .map_or(nats, |old| SMOOTHING * old + (1.0 - SMOOTHING) * nats);
        self.smoothed_nats = Some(smoothed);
        let pushed = self.integral + INTEGRAL * self.error(smoothed);
        self.integral = pushed.clamp(LOG_WEIGHT_RANGE.0, LOG_WEIGHT_RANGE.1);
    }

    /// ln(KL / target), bounded: the same push for twice as for half the target.
    fn error(&self, nats: f32) -> f32 {
        (nats.max(1e-3) / self.target_nats).ln().clamp(-2.0, 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A plant whose rate falls as its weight rises, as an encoder's does, with a lag.
    #[test]
    fn the_rate_settles_at_the_target_without_wild_swings() {
        let mut controller = RateController::new(80.0);
        let (mut rate, mut late) = (400.0f32, Vec::new());
        for step in 0..2_000 {
            controller.observe(rate);
            let wanted = 60.0 / controller.weight().powf(0.7);
            rate += 0.05 * (wanted - rate);
            if step >= 1_500 {
                late.push(rate);
            }
        }
        let (low, high) = late.iter().fold((f32::MAX, 0.0f32), |(l, h), r| (l.min(*r), h.max(*r)));
        assert!(
            low > 60.0 && high < 105.0,
            "the rate swings between {low} and {high} nats"
        );
    }
}
