//! Not real-time: what `songspace doctor` says about sound: the outputs, and what the chosen one grants.

use super::device::{self, DeviceEntry, StreamInfo};
use super::{AudioEngine, AudioEvent, AudioOptions, EngineMeters};
use crate::values::{ChunkAudio, DecodedChunk, Frames};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Silent switches by which the latency is measured.
const SWITCHES: u64 = 20;

/// The audio half of the doctor's report.
#[derive(Clone, Debug)]
pub struct AudioReport {
    /// The outputs that the system offers, the default first.
    pub devices: Vec<DeviceEntry>,
    /// The stream that the device granted, or why there is none.
    pub stream_info: Result<StreamInfo, String>,
    /// The engine's figures after some silent switches, by an instant decoder.
    pub meters: EngineMeters,
}

/// Lists the outputs, opens the one in `options` and measures it in silence for about two seconds.
pub fn report(options: AudioOptions) -> AudioReport {
    let bands = options.axis.bands();
    let engine = AudioEngine::start(options);
    let stream_info = first_answer(&engine);
    engine.play();
    std::thread::sleep(Duration::from_millis(300));
    for generation in 0..SWITCHES {
        engine.publish(Arc::new(silence(generation, bands)));
        // Never in step with the device's blocks.
        std::thread::sleep(Duration::from_millis(60 + generation % 7 * 5));
    }
    AudioReport {
        devices: device::list(),
        stream_info,
        meters: engine.meters(),
    }
}

impl std::fmt::Display for AudioReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for device in &self.devices {
            let mark = if device.is_default { " (default)" } else { "" };
            writeln!(f, "audio output: {}{mark}: {}", device.id, device.name)?;
        }
        match &self.stream_info {
            Ok(stream_info) => writeln!(
                f,
                "audio: {} at {} Hz, {} channels, blocks of {} frames (asked for {})",
                stream_info.device,
                stream_info.rate_hz,
                stream_info.channels,
                stream_info
                    .block_frames
                    .map_or_else(|| "unknown".to_owned(), |frames| frames.to_string()),
                stream_info.asked_block_frames
            )?,
            Err(reason) => writeln!(f, "audio: none: {reason}; the figures are those of the silent back-end")?,
        }
        let ms = |secs: f32| secs * 1e3;
        if let Ok(stream_info) = &self.stream_info {
            writeln!(f, "audio thread: {}", stream_info.priority)?;
        }
        let request = self.meters.request_to_sample;
        let device = self.meters.device_latency_secs;
        writeln!(
            f,
            "audio latency, decoding not counted: request to device {:.1} ms at the median, {:.1} ms at p95; device buffer {}; together {}",
            ms(request.p50),
            ms(request.p95),
            device.map_or_else(|| "unknown".to_owned(), |secs| format!("{:.1} ms", ms(secs))),
            device.map_or_else(
                || "unknown".to_owned(),
                |secs| format!("{:.1} ms", ms(request.p50 + secs))
            ),
        )?;
        write!(
            f,
            "audio so far: {} dropouts, {} underruns told by the device, {} late blocks",
            self.meters.dropouts, self.meters.xruns, self.meters.late_blocks,
        )
    }
}

fn first_answer(engine: &AudioEngine) -> Result<StreamInfo, String> {
    let deadline = Instant::now() + Duration::from_secs(5);
    while Instant::now() < deadline {
        for event in engine.poll_events() {
            match event {
                AudioEvent::DeviceOpened(stream_info) => return Ok(stream_info),
                AudioEvent::DeviceUnavailable { reason } | AudioEvent::Died(reason) => return Err(reason),
                _ => {}
            }
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    Err("the output device did not answer within five seconds".to_owned())
}

fn silence(generation: u64, bands: usize) -> DecodedChunk {
    let frames = 16;
    DecodedChunk {
        generation,
        ..DecodedChunk::of(ChunkAudio::Spectral {
            log_amplitude: Frames::from_vec(bands, vec![crate::dsp::LEVEL_FLOOR; frames * bands]),
            texture: Frames::zeros(frames, bands),
        })
    }
}
