//! Real-time: transport and volume: a gain that goes to its target in steps too small to click.

/// Seconds of a full fade.
const RAMP_SECS: f32 = 0.010;

/// The gain of what is handed to the device.
pub struct Fade {
    gain: f32,
    step: f32,
}

impl Fade {
    /// Silent, for sound of `rate_hz`.
    pub fn new(rate_hz: u32) -> Self {
        Self {
            gain: 0.0,
            step: 1.0 / (RAMP_SECS * rate_hz as f32),
        }
    }

    /// Where it is, 0..=1.
    pub fn gain(&self) -> f32 {
        self.gain
    }

    /// Jumps to `gain`.
    pub fn set(&mut self, gain: f32) {
        self.gain = gain;
    }

    /// `frame` one step nearer to `target`: every sample finite and in -1..=1.
    pub fn next(&mut self, frame: [f32; 2], target: f32) -> [f32; 2] {
        self.gain += (target - self.gain).clamp(-self.step, self.step);
        frame.map(|sample| {
            let sample = sample * self.gain;
            if sample.is_finite() {
                sample.clamp(-1.0, 1.0)
            } else {
                0.0
            }
        })
    }
}
