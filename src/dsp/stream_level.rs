//! The gain that [`normalise`](super::loudness::normalise) gives a recording, found while the recording flows by.

use super::loudness::{gain_to_reference_db, level_dbfs};
use super::mono::{MidSideEnergy, mid_side};
use super::subsonic::{FilterMemory, HighPass};

/// Hears left and right and keeps sums only.
///
/// `normalise` takes the mean from all samples and filters then. The filter is linear: what it makes of `x - mean` is what it
/// makes of `x`, less `mean` times what it makes of a constant one, which it forgets.
pub struct StreamLevel {
    /// Samples that it still listens to.
    left: u64,
    count: u64,
    loudness: MidSideEnergy,
    filter: HighPass,
    sides: FilterMemory<2>,
    one: FilterMemory<1>,
    /// Samples until the filter has forgotten the beginning of a constant.
    beginning: u64,
    sums: [f64; 2],
    squares: [f64; 2],
    /// Sums of the filtered sides times the filtered constant.
    products: [f64; 2],
    one_squares: f64,
}

impl StreamLevel {
    /// Listens to the first `limit_secs` at `sample_rate_hz`.
    pub fn new(sample_rate_hz: u32, limit_secs: f32) -> Self {
        let rate_hz = f64::from(sample_rate_hz);
        Self {
            left: (f64::from(limit_secs.max(0.0)) * rate_hz) as u64,
            count: 0,
            loudness: MidSideEnergy::default(),
            filter: HighPass::new(sample_rate_hz, 0.0),
            sides: FilterMemory::default(),
            one: FilterMemory::default(),
            beginning: HighPass::memory_len(sample_rate_hz) as u64,
            sums: [0.0; 2],
            squares: [0.0; 2],
            products: [0.0; 2],
            one_squares: 0.0,
        }
    }

    /// Takes the next samples, finite ones.
    pub fn add(&mut self, pairs: &[[f32; 2]]) {
        let pairs = &pairs[..pairs.len().min(usize::try_from(self.left).unwrap_or(usize::MAX))];
        self.loudness.add(pairs);
        for pair in pairs {
            let now = mid_side(*pair).map(f64::from);
            let filtered = self.filter.step(&mut self.sides, now);
            for (side, (now, filtered)) in now.into_iter().zip(filtered).enumerate() {
                self.sums[side] += now;
                self.squares[side] += filtered * filtered;
            }
            if self.count < self.beginning {
                let [one] = self.filter.step(&mut self.one, [1.0]);
                self.one_squares += one * one;
                for (product, filtered) in self.products.iter_mut().zip(filtered) {
                    *product += filtered * one;
                }
            }
            self.count += 1;
        }
        self.left -= pairs.len() as u64;
    }

    /// Whether what follows does not count any more.
    pub fn is_full(&self) -> bool {
        self.left == 0
    }

    /// The gain in dB: that of the louder of mid and side.
    pub fn gain_db(&self) -> f32 {
        let side = self.loudness.louder() as usize;
        let mean = self.sums[side] / self.count.max(1) as f64;
        let energy = self.squares[side] - 2.0 * mean * self.products[side] + mean * mean * self.one_squares;
        gain_to_reference_db(level_dbfs(energy.max(0.0), self.count as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::super::MonoMix;
    use super::super::loudness::normalise;
    use super::*;

    #[test]
    fn it_finds_what_normalise_finds() {
        let rate_hz = 8_000;
        let noise = |i: u32| (i.wrapping_mul(2_654_435_761) as i32) as f32 * 1e-10;
        for (what, offset, right, limit_secs) in [
            ("plain", 0.0, 0.5, 60.0),
            ("an offset", 0.3, 0.5, 60.0),
            ("upside down", 0.1, -0.9, 60.0),
            ("only the beginning counts", -0.2, 0.5, 3.0),
        ] {
            let loud = |i: u32| if i < 24_000 { 1.0 } else { 0.2 };
            let pairs: Vec<[f32; 2]> = (0..rate_hz * 5)
                .map(|i| (noise(i) + offset) * loud(i))
                .map(|left| [left, left * right])
                .collect();
            let mut level = StreamLevel::new(rate_hz, limit_secs);
            for block in pairs.chunks(777) {
                level.add(block);
            }
            let mix = if right < 0.0 { MonoMix::Side } else { MonoMix::Mid };
            let mut mono = Vec::new();
            mix.extend(&mut mono, &pairs);
            mono.truncate((limit_secs * rate_hz as f32) as usize);
            let wanted_db = normalise(&mut mono, rate_hz);
            let found_db = level.gain_db();
            assert!(
                (found_db - wanted_db).abs() < 1e-4,
                "{what}: {found_db} for {wanted_db} dB"
            );
            assert_eq!(level.is_full(), limit_secs < 5.0);
        }
    }

    #[test]
    fn silence_is_left_alone() {
        let mut level = StreamLevel::new(8_000, 9.0);
        assert_eq!(level.gain_db(), 0.0);
        level.add(&[[0.0; 2]; 1_000]);
        assert_eq!(level.gain_db(), 0.0);
    }
}
