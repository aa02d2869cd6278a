//! Cuts whole rounds out of a longer render so that their end leads into their beginning. Pure.
//!
//! A render begins from silence, a loop does not: its beginning is taken from where the render comes round again. So the file's
//! end and its beginning are neighbours in the render itself; that the first samples come from a later round is hidden a little
//! further on, where both rounds hold the same moment.

/// Samples until a render has settled after its beginning: longer than any window of the synthesis.
const SETTLING: usize = 16_384;
/// Samples over which one round melts into the other: 23 ms.
const SEAM: usize = 1_024;
/// What must be rendered beyond the rounds themselves.
pub(super) const BEYOND: usize = SETTLING + SEAM;

/// The first `len` frames of `samples`, which go on for [`BEYOND`] more, as a loop.
pub(super) fn closed(mut samples: Vec<f32>, channels: usize, len: usize) -> Vec<f32> {
    let channels = channels.max(1);
    let again = samples.split_off((len * channels).min(samples.len()));
    let settled = (SETTLING * channels).min(again.len()).min(samples.len());
    let end = (BEYOND * channels).min(again.len()).min(samples.len());
    let likeness = likeness(&samples[settled..end], &again[settled..end]);
    samples[..settled].copy_from_slice(&again[..settled]);
    for (index, (own, other)) in samples[settled..end].iter_mut().zip(&again[settled..end]).enumerate() {
        let share = (index / channels + 1) as f32 / (SEAM + 1) as f32;
        let rest = 1.0 - share;
        // As loud as either, however alike they are.
        let power = share * share + rest * rest + 2.0 * likeness * share * rest;
        *own = (share * *own + rest * other) / power.sqrt();
    }
    samples
}

/// The correlation of two stretches: 1 for the same, 0 for unlike ones.
fn likeness(a: &[f32], b: &[f32]) -> f32 {
    let sum = |x: &[f32], y: &[f32]| x.iter().zip(y).map(|(x, y)| f64::from(x * y)).sum::<f64>();
    let power = (sum(a, a) * sum(b, b)).sqrt();
    if power > 0.0 {
        (sum(a, b) / power).clamp(0.0, 1.0) as f32
    } else {
        1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dsp::WhiteNoise;
    use std::f32::consts::TAU;

    const ROUND: usize = 40_000;

    /// A wave of whole periods a round that fades in at its very beginning, with another phase in every round.
    fn render(jump: f32) -> Vec<f32> {
        let at = |i: usize| {
            let settled = (i as f32 / 2_000.0).min(1.0);
            settled * (TAU * 200.0 * i as f32 / ROUND as f32 + jump * (i / ROUND) as f32).sin()
        };
        (0..ROUND + BEYOND).flat_map(|i| [at(i), -at(i)]).collect()
    }

    fn largest_step(samples: &[f32]) -> f32 {
        let left: Vec<f32> = samples.chunks_exact(2).map(|frame| frame[0]).collect();
        left.windows(2).map(|two| (two[1] - two[0]).abs()).fold(0.0, f32::max)
    }

    #[test]
    fn the_end_leads_into_the_beginning_and_no_step_is_larger_than_a_wave_has() {
        for jump in [0.0, 0.02] {
            let rounds = closed(render(jump), 2, ROUND);
            assert_eq!(rounds.len(), 2 * ROUND);
            let twice = [rounds.clone(), rounds.clone()].concat();
            let step = TAU * 200.0 / ROUND as f32 + jump;
            assert!(
                largest_step(&twice) <= 1.05 * step,
                "{} after {jump}",
                largest_step(&twice)
            );
            assert!(
                rounds[..200].iter().any(|sample| sample.abs() > 0.9),
                "it does not begin from silence"
            );
        }
    }

    #[test]
    fn unlike_rounds_melt_without_a_dip() {
        let samples: Vec<f32> = WhiteNoise::new(7).map(|x| 2.0 * x).take(ROUND + BEYOND).collect();
        let rounds = closed(samples, 1, ROUND);
        let power = |part: &[f32]| part.iter().map(|sample| sample * sample).sum::<f32>() / part.len() as f32;
        let (seam, inside) = (power(&rounds[SETTLING..BEYOND]), power(&rounds[BEYOND..]));
        assert!(
            (0.8..1.25).contains(&(seam / inside)),
            "{seam} in the seam, {inside} elsewhere"
        );
    }

    #[test]
    fn a_render_that_was_cut_short_is_no_fault() {
        assert_eq!(closed(vec![0.5; 10], 2, 100).len(), 10);
        assert!(closed(Vec::new(), 2, 100).is_empty());
    }
}
