//! Noise that is the same on every machine, for measuring and testing. Not for music: its low bits repeat.

/// Uniform white noise from -0.5 to 0.5 without end, by the linear congruential generator of Knuth and Lewis.
#[derive(Clone, Debug)]
pub struct WhiteNoise(u32);

impl WhiteNoise {
    /// Equal seeds, equal noise.
    pub fn new(seed: u32) -> Self {
        Self(seed)
    }
}

impl Iterator for WhiteNoise {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Some(self.0 as f32 / u32::MAX as f32 - 0.5)
    }
}
