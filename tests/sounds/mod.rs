//! Chunks to play in tests, made from nothing, an engine to play them, and a look at spectra.

#![allow(dead_code, reason = "every test binary uses another part")]

pub mod recorded;
pub mod timbre;

use songspace::audio::{AudioEngine, AudioOptions, BlockRenderer, Playback};
use songspace::dsp::{BandAxis, LEVEL_FLOOR, Stft};
use songspace::values::{ChunkAudio, DecodedChunk, Frames};
use std::sync::Arc;

/// Frames of a chunk, 2.97 s.
pub const CHUNK_FRAMES: usize = 512;

/// A chunk in which a sine near `hz` sounds, at -12 dBFS, without texture.
pub fn tone(axis: &BandAxis, hz: f32) -> ChunkAudio {
    let band = (0..axis.bands())
        .min_by(|a, b| {
            (axis.centre_hz(*a) - hz)
                .abs()
                .total_cmp(&(axis.centre_hz(*b) - hz).abs())
        })
        .unwrap_or(0);
    let mut row = vec![LEVEL_FLOOR; axis.bands()];
    // The main lobe of a sine under a Blackman window: its Fourier coefficients are .42, .25, .04.
    for (offset, nats) in [(-2isize, -2.35), (-1, -0.52), (0, 0.0), (1, -0.52), (2, -2.35)] {
        if let Some(level) = band.checked_add_signed(offset).and_then(|band| row.get_mut(band)) {
            *level = -1.4 + nats;
        }
    }
    let mut log_amplitude = Frames::zeros(0, axis.bands());
    (0..CHUNK_FRAMES).for_each(|_| log_amplitude.push_row(&row));
    ChunkAudio::Spectral {
        texture: Frames::zeros(CHUNK_FRAMES, axis.bands()),
        log_amplitude,
    }
}

/// A chunk of a harmonic tone over `hz`, dark or bright by `tilt_db` per octave, with a rough top.
pub fn chord(axis: &BandAxis, hz: f32, tilt_db: f32) -> ChunkAudio {
    let mut log_amplitude = Frames::zeros(CHUNK_FRAMES, axis.bands());
    let mut texture = Frames::zeros(CHUNK_FRAMES, axis.bands());
    let resolution_hz = axis.sample_rate_hz() as f32 / axis.fft_len() as f32;
    for frame in 0..CHUNK_FRAMES {
        for band in 0..axis.bands() {
            let centre = axis.centre_hz(band);
            let partial = (centre / hz).round().max(1.0);
            let off_bins = (centre - partial * hz) / resolution_hz.max(centre * 0.01);
            let level_db = -22.0 + tilt_db * partial.log2() - 3.0 * off_bins.powi(2).min(8.0);
            log_amplitude.row_mut(frame)[band] = (level_db / 8.686).max(LEVEL_FLOOR);
            texture.row_mut(frame)[band] = if centre > 2_000.0 { 0.6 } else { 0.0 };
        }
    }
    ChunkAudio::Spectral { log_amplitude, texture }
}

/// A recording of a sine.
pub fn sine(hz: f32, sample_rate_hz: u32, secs: f32) -> ChunkAudio {
    let step = std::f32::consts::TAU * hz / sample_rate_hz as f32;
    ChunkAudio::Pcm {
        channels: 1,
        samples: (0..(secs * sample_rate_hz as f32) as usize)
            .map(|i| 0.25 * (step * i as f32).sin())
            .collect(),
        sample_rate_hz,
    }
}

/// `audio` as if it had been asked for and decoded just now.
pub fn decoded(audio: ChunkAudio, generation: u64) -> Arc<DecodedChunk> {
    Arc::new(DecodedChunk {
        generation,
        ..DecodedChunk::of(audio)
    })
}

/// An engine at the rate of frames that plays `playback` at full volume, and what it sounds by.
pub fn engine(playback: Playback) -> (AudioEngine, BlockRenderer) {
    let rate_hz = BandAxis::standard().sample_rate_hz();
    let (engine, renderer) = AudioEngine::detached(AudioOptions::default(), rate_hz).expect("an ordinary rate");
    engine.set_playback(Playback {
        volume: 1.0,
        ..playback
    });
    (engine, renderer)
}

/// Power spectrum of `samples`, averaged over their frames.
pub fn mean_power(samples: &[f32]) -> Vec<f32> {
    let mut stft = Stft::new(2_048, 512);
    let frames = stft.frames(samples.len());
    let mut power = vec![0.0; 1_025];
    let mut sum = vec![0.0f32; 1_025];
    for frame in 2..frames.saturating_sub(2) {
        stft.power(samples, frame, &mut power);
        sum.iter_mut()
            .zip(&power)
            .for_each(|(sum, power)| *sum += power / frames as f32);
    }
    sum
}

/// Frequency of the strongest bin of `samples` at `rate_hz`.
pub fn loudest_hz(samples: &[f32], rate_hz: u32) -> f32 {
    let power = mean_power(samples);
    let bin = (0..power.len())
        .max_by(|a, b| power[*a].total_cmp(&power[*b]))
        .unwrap_or(0);
    bin as f32 * rate_hz as f32 / 2_048.0
}
