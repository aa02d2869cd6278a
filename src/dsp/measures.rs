//! How far one spectrogram is from another.

use crate::values::Frames;

/// Decibels in one nat of amplitude: `20 / ln(10)`.
pub const DB_PER_NAT: f32 = 8.685_89;

/// Spectral convergence in dB: `20 log10(|S - T| / |S|)` over all magnitudes of `reference` and `estimate`
/// (Sturmel & Daudet 2011); lower is closer. Negative infinity for equal ones.
pub fn spectral_convergence_db(reference: &[f32], estimate: &[f32]) -> f32 {
    let mut difference = 0.0f64;
    let mut total = 0.0f64;
    for (reference, estimate) in reference.iter().zip(estimate) {
        difference += f64::from(reference - estimate).powi(2);
        total += f64::from(*reference).powi(2);
    }
    (10.0 * (difference / total).log10()) as f32
}

/// Log-spectral distance in dB between two sequences of levels `[frames x bands]` in nats: the RMS over the bands of a
/// frame, averaged over the frames both have.
pub fn log_spectral_distance_db(reference: &Frames, estimate: &Frames) -> f32 {
    let frames = reference.len().min(estimate.len()).max(1);
    let sum: f64 = reference
        .rows()
        .zip(estimate.rows())
        .map(|(reference, estimate)| {
            let square: f64 = reference
                .iter()
                .zip(estimate)
                .map(|(a, b)| f64::from(a - b).powi(2))
                .sum();
            (square / reference.len().max(1) as f64).sqrt()
        })
        .sum();
    (sum / frames as f64) as f32 * DB_PER_NAT
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uniform_change_of_level_reads_as_itself() {
        let reference = Frames::from_vec(2, vec![-1.0, -2.0, -3.0, 0.5]);
        let louder = Frames::from_vec(
            2,
            reference
                .as_slice()
                .iter()
                .map(|level| level + 3.0 / DB_PER_NAT)
                .collect(),
        );
        assert!((log_spectral_distance_db(&reference, &louder) - 3.0).abs() < 1e-4);
        let magnitudes = [1.0, 2.0, 3.0];
        assert!((spectral_convergence_db(&magnitudes, &[1.1, 2.2, 3.3]) + 20.0).abs() < 1e-3);
    }
}
