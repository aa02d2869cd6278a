//! Phase gradient integration is worth having: closer to true spectra than the method that everybody knows.

use crate::griffin_lim::{HOP_LEN, fast_griffin_lim, integrated, magnitudes};
use songspace::corpus::decode_mono;
use songspace::dsp::{loudness, spectral_convergence_db};
use std::path::Path;

const SAMPLE_RATE_HZ: u32 = 44_100;
const SONGS: [&str; 4] = [
    "Ambient/ambient_010.ogg",
    "Classical/classical_001.ogg",
    "Jazz/jazz_006.ogg",
    "Rock/rock_009.ogg",
];

/// Three seconds of a song.
fn song(name: &str) -> Vec<f32> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs");
    let mut samples = decode_mono(&folder.join(name), SAMPLE_RATE_HZ).unwrap();
    samples.truncate(3 * SAMPLE_RATE_HZ as usize);
    loudness::normalise(&mut samples, SAMPLE_RATE_HZ);
    samples
}

#[test]
fn true_spectra_are_met_closer_than_by_griffin_lim() {
    let mut ahead_db = 0.0;
    for name in SONGS {
        let samples = song(name);
        let truth = magnitudes(&samples);
        let distance = |estimate: &[f32]| spectral_convergence_db(truth.as_slice(), magnitudes(estimate).as_slice());
        let voice_db = distance(&integrated(&truth, samples.len()));
        let peer_db = distance(&fast_griffin_lim(&truth, HOP_LEN, samples.len(), 32, 1));
        println!("{name}: {voice_db:.1} dB from true bins, {peer_db:.1} dB by 32 fast Griffin-Lim iterations");
        assert!(voice_db <= -16.0, "{name} converges to {voice_db} dB only");
        ahead_db += (peer_db - voice_db) / SONGS.len() as f32;
    }
    assert!(ahead_db >= 1.0, "on average {ahead_db} dB ahead of Griffin-Lim");
}
