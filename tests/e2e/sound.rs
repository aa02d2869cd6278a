//! What a recording says: how loud it is, and how far apart two sounds are.

use super::stage::RATE_HZ;

/// Root mean square in dBFS; -120 for silence.
pub fn level_db(samples: &[f32]) -> f32 {
    let power = samples.iter().map(|x| x * x).sum::<f32>() / samples.len().max(1) as f32;
    10.0 * power.max(1e-12).log10()
}

/// Mean absolute difference in dB between the time-mean spectra of two recordings, each first brought to the same level: what the ear takes for
/// another timbre, not for another volume.
pub fn timbre_distance_db(a: &[f32], b: &[f32]) -> f32 {
    let (a, b) = (octave_thirds_db(a), octave_thirds_db(b));
    let level = |bands: &[f32]| bands.iter().sum::<f32>() / bands.len() as f32;
    let (level_a, level_b) = (level(&a), level(&b));
    a.iter().zip(&b).map(|(x, y)| ((x - level_a) - (y - level_b)).abs()).sum::<f32>() / a.len() as f32
}

/// The largest jump between neighbouring samples: a click or a cut stands out here.
pub fn largest_step(samples: &[f32]) -> f32 {
    samples.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max)
}

/// Seconds until the first sample above `threshold`, if there is one.
pub fn onset_secs(samples: &[f32], threshold: f32) -> Option<f32> {
    samples.iter().position(|x| x.abs() > threshold).map(|at| at as f32 / RATE_HZ as f32)
}

/// Power in third-octave bands from 63 Hz to 10 kHz, in dB.
fn octave_thirds_db(samples: &[f32]) -> Vec<f32> {
    const LEN: usize = 4096;
    let mut planner = realfft::RealFftPlanner::<f32>::new();
    let fft = planner.plan_fft_forward(LEN);
    let (mut input, mut spectrum) = (fft.make_input_vec(), fft.make_output_vec());
    let mut power = vec![1e-9_f32; spectrum.len()];
    for block in samples.windows(LEN).step_by(LEN / 2) {
        for (i, (slot, x)) in input.iter_mut().zip(block).enumerate() {
            *slot = x * (0.5 - 0.5 * (std::f32::consts::TAU * i as f32 / LEN as f32).cos());
        }
        fft.process(&mut input, &mut spectrum).expect("the buffers were made for this plan");
        for (sum, bin) in power.iter_mut().zip(&spectrum) {
            *sum += bin.norm_sqr();
        }
    }
    let bin_of = |hz: f32| (hz * LEN as f32 / RATE_HZ as f32) as usize;
    (0..22)
        .map(|band| 63.0 * 2f32.powf(band as f32 / 3.0))
        .map(|hz| {
            let (low, high) = (bin_of(hz / 1.1225), bin_of(hz * 1.1225));
            10.0 * power[low..=high].iter().sum::<f32>().log10()
        })
        .collect()
}
