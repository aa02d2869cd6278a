//! A sung vowel with known partials, and a look at partials in what was rendered.

use std::f64::consts::TAU;

const RATE_HZ: f64 = 44_100.0;

/// Of the vowel.
pub const FUNDAMENTAL_HZ: f64 = 219.3;

/// Its formants: centre, width and height in dB over the slope.
const FORMANTS: [(f64, f64, f64); 3] = [(700.0, 420.0, 14.0), (1_250.0, 480.0, 11.0), (2_500.0, 700.0, 12.0)];

/// Level of the vowel's envelope at `hz`, in dBFS.
pub fn envelope_db(hz: f64) -> f64 {
    let formants = FORMANTS
        .iter()
        .map(|(centre, width, height)| height * (-0.5 * ((hz - centre) / (0.5 * width)).powi(2)).exp());
    -34.0 - 4.0 * (hz / 220.0).log2() + formants.sum::<f64>()
}

/// Sample `i` of the vowel, both channels.
pub fn voice(i: usize) -> [f32; 2] {
    let partial = |number: u32| {
        let hz = FUNDAMENTAL_HZ * f64::from(number);
        let amplitude = 10f64.powf(envelope_db(hz) / 20.0);
        amplitude * (TAU * hz * i as f64 / RATE_HZ + f64::from(number * number)).sin()
    };
    [(1..=40).map(partial).sum::<f64>() as f32; 2]
}

/// Amplitude of a sine at `hz` in `sound`.
pub fn amplitude(sound: &[f32], hz: f64) -> f32 {
    let (mut along, mut across) = (0.0, 0.0);
    for (i, sample) in sound.iter().enumerate() {
        let way = i as f64 / sound.len() as f64;
        // Blackman's window, so that neighbours do not leak in.
        let window = 0.42 - 0.5 * (TAU * way).cos() + 0.08 * (2.0 * TAU * way).cos();
        let turn = TAU * hz * i as f64 / RATE_HZ;
        along += f64::from(*sample) * window * turn.cos();
        across += f64::from(*sample) * window * turn.sin();
    }
    (2.0 * along.hypot(across) / (0.42 * sound.len() as f64)) as f32
}

/// How far the partial nearest to `hz` is away from it, in cents.
pub fn cents_off(sound: &[f32], hz: f64) -> f64 {
    let at = |cents: f64| amplitude(sound, hz * (cents / 1_200.0).exp2());
    let mut best = (0..=120)
        .map(|step| f64::from(step) - 60.0)
        .max_by(|a, b| at(*a).total_cmp(&at(*b)))
        .unwrap_or(0.0);
    let mut step = 0.5;
    while step > 0.02 {
        best = [best - step, best, best + step]
            .into_iter()
            .max_by(|a, b| at(*a).total_cmp(&at(*b)))
            .unwrap_or(best);
        step *= 0.7;
    }
    best
}
