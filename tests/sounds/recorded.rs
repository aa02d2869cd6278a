//! Recordings to steer in tests, made from nothing.

use super::CHUNK_FRAMES;
use songspace::dsp::BandAxis;
use songspace::values::{ChunkAudio, DecodedChunk, Frames, Recording, RecordingKey, Steering};
use std::sync::Arc;

/// Samples of a chunk.
pub const CHUNK_LEN: usize = CHUNK_FRAMES * 256;

/// Where chunk `index` of `clip` lies, one behind the other.
pub fn key(clip: &str, index: u64) -> RecordingKey {
    RecordingKey {
        clip: clip.into(),
        start: index * CHUNK_LEN as u64,
        len: CHUNK_LEN,
    }
}

/// Chunk `key` of a clip whose sample `i` is `wave(i)`; silence before the clip begins.
pub fn recording(key: RecordingKey, wave: impl Fn(usize) -> [f32; 2]) -> Arc<Recording> {
    let first = key.start as i64 - Recording::MARGIN as i64;
    let sample = |i: usize| usize::try_from(first + i as i64).map_or([0.0; 2], &wave);
    let samples = (0..key.len + 2 * Recording::MARGIN).map(sample).collect();
    Arc::new(Recording::new(key, samples).expect("as many samples as the key says"))
}

/// `audio` as decoded just now, with `gain` nats over all bands between it and the recording `key`.
pub fn steered(audio: ChunkAudio, generation: u64, key: RecordingKey, gain: Option<f32>) -> DecodedChunk {
    let bands = BandAxis::standard().bands();
    DecodedChunk {
        generation,
        steering: Some(Steering {
            recording: key,
            skip_samples: 0,
            loudness: None,
            levels: None,
            gain: gain.map(|gain| Frames::from_vec(bands, vec![gain; CHUNK_FRAMES * bands])),
        }),
        ..DecodedChunk::of(audio)
    }
}

/// A chord with some noise, its low notes on the left and its high ones on the right.
pub fn wide_music(i: usize) -> [f32; 2] {
    let tone = |hz: f32| (std::f64::consts::TAU * f64::from(hz) * i as f64 / 44_100.0).sin() as f32;
    let noise = |salt: u32| {
        let mut bits = (i as u32).wrapping_mul(0x9e37_79b9) ^ salt;
        bits ^= bits >> 15;
        bits = bits.wrapping_mul(0x85eb_ca6b);
        bits ^= bits >> 13;
        bits as f32 / u32::MAX as f32 - 0.5
    };
    let common = 0.03 * noise(7);
    [
        0.10 * tone(220.0) + 0.05 * tone(440.0) + 0.03 * tone(660.0) + 0.02 * tone(1_320.0) + common + 0.01 * noise(1),
        0.04 * tone(220.0) + 0.02 * tone(440.0) + 0.14 * tone(660.0) + 0.06 * tone(1_320.0) + common + 0.02 * noise(2),
    ]
}
