//! Onsets and tempo from an onset-strength curve.
//!
//! Tempo: autocorrelation with a log-normal preference round 120 beats a minute (after Ellis, "Beat tracking by dynamic
//! programming", 2007).

/// Rhythm of a clip.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Rhythm {
    pub onsets_per_sec: f32,
    pub tempo_bpm: f32,
    /// Height of the tempo's autocorrelation peak, 0..1.
    pub pulse: f32,
}

const SLOWEST_BPM: f32 = 40.0;
const FASTEST_BPM: f32 = 240.0;
const PREFERRED_BPM: f32 = 120.0;
/// Width of the preference in octaves.
const PREFERENCE_OCTAVES: f32 = 0.9;
/// An onset stands out from its surroundings by this many standard deviations.
const PROMINENCE: f32 = 0.5;
/// Half-width of those surroundings.
const AROUND_SECS: f32 = 0.1;
/// Seconds looked at at most.
const LONGEST_SECS: f32 = 120.0;

pub(super) fn rhythm(strength: &[f32], frame_rate_hz: f32) -> Rhythm {
    let strength = &strength[..strength.len().min((LONGEST_SECS * frame_rate_hz) as usize)];
    let mean = strength.iter().sum::<f32>() / strength.len().max(1) as f32;
    let centred: Vec<f32> = strength.iter().map(|value| value - mean).collect();
    let energy: f32 = centred.iter().map(|value| value * value).sum();
    if energy <= 1e-9 {
        return Rhythm::default();
    }
    let spread = (energy / centred.len() as f32).sqrt();
    let around = ((AROUND_SECS * frame_rate_hz) as usize).max(1);
    let is_onset = |i: usize| {
        let neighbours = &centred[i.saturating_sub(around)..(i + around + 1).min(centred.len())];
        centred[i] > PROMINENCE * spread && neighbours.iter().all(|other| *other <= centred[i])
    };
    let onsets = (0..centred.len()).filter(|i| is_onset(*i)).count();
    let (tempo_bpm, pulse) = tempo(&centred, energy, frame_rate_hz);
    Rhythm {
        onsets_per_sec: onsets as f32 * frame_rate_hz / centred.len() as f32,
        tempo_bpm,
        pulse,
    }
}

fn tempo(centred: &[f32], energy: f32, frame_rate_hz: f32) -> (f32, f32) {
    let lag_of = |bpm: f32| (60.0 * frame_rate_hz / bpm) as usize;
    let correlation = |lag: usize| {
        let sum: f32 = centred.iter().zip(centred.iter().skip(lag)).map(|(a, b)| a * b).sum();
        sum / energy
    };
    let weighted = |lag: usize| {
        let octaves = (60.0 * frame_rate_hz / lag as f32 / PREFERRED_BPM).log2() / PREFERENCE_OCTAVES;
        correlation(lag) * (-0.5 * octaves * octaves).exp()
    };
    let lags = lag_of(FASTEST_BPM).max(1)..=lag_of(SLOWEST_BPM).min(centred.len() / 2);
    let best = lags.max_by(|a, b| weighted(*a).total_cmp(&weighted(*b)));
    best.map_or((PREFERRED_BPM, 0.0), |lag| {
        (60.0 * frame_rate_hz / lag as f32, correlation(lag).max(0.0))
    })
}
