//! Real-time: the device's end of a connection: hops to blocks, transport and volume ramps, channel spread.
//!
//! Runs in the device's callback; never allocates, frees, locks or logs. A panic in here ends in a block of silence.

use super::counters::Counters;
use super::fade::Fade;
use super::hop_reader::HopReader;
use super::monitor_lane::Heard;
use super::mono_downmix::MonoDownmix;
use crate::audio::synth::{BeatStamp, Controls};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// Of the difference between when a block was asked for and when it was due, what is believed.
const BELIEVED: f64 = 0.04;
/// Farther off, blocks come in another row.
const ANOTHER_ROW_MICROS: f64 = 60_000.0;

/// When blocks are due, without the unrest of when they are asked for.
#[derive(Default)]
struct BlockTime {
    next_micros: Option<f64>,
}

impl BlockTime {
    /// When a block `secs` long is due that was asked for at `asked_micros`.
    fn micros(&mut self, asked_micros: f64, secs: f64) -> u64 {
        let due = match self.next_micros {
            Some(due) if (asked_micros - due).abs() < ANOTHER_ROW_MICROS => due + BELIEVED * (asked_micros - due),
            _ => asked_micros,
        };
        self.next_micros = Some(due + secs * 1e6);
        due.max(0.0) as u64
    }
}

/// Hands out what the synth makes.
pub struct Output {
    hop_reader: HopReader,
    heard: rtrb::Producer<Heard>,
    monitor: rtrb::Producer<[f32; 2]>,
    controls: Arc<Controls>,
    counters: Arc<Counters>,
    rate_hz: u32,
    fade: Fade,
    mono: MonoDownmix,
    block_time: BlockTime,
}

impl Output {
    /// Plays `hop_reader` on a device of `rate_hz`.
    pub fn new(
        hop_reader: HopReader,
        heard: rtrb::Producer<Heard>,
        monitor: rtrb::Producer<[f32; 2]>,
        rate_hz: u32,
        controls: Arc<Controls>,
        counters: Arc<Counters>,
    ) -> Self {
        Self {
            hop_reader,
            heard,
            monitor,
            controls,
            counters,
            rate_hz,
            fade: Fade::new(rate_hz),
            mono: MonoDownmix::new(rate_hz),
            block_time: BlockTime::default(),
        }
    }

    /// Fills an interleaved block; the first two of `channels` are left and right, further ones stay silent; a
    /// device of one channel gets the louder of mid and side.
    /// `convert` turns a sample in -1..=1 into the device's format; `now` is when the device asked.
    ///
    /// A panic on the way makes the block silent: nothing unwinds into the system's sound thread. What panicked is replaced
    /// ([`Synth::recover`](crate::audio::synth::Synth::recover)), and the sound fades in again.
    pub fn fill<T: Copy>(&mut self, block: &mut [T], channels: usize, now: Instant, convert: impl Fn(f32) -> T) {
        self.counters.callbacks.fetch_add(1, Relaxed);
        // Nothing that a panic leaves half done is used again: see `recover`.
        let played = catch_unwind(AssertUnwindSafe(|| self.play(block, channels.max(1), now, &convert)));
        if let Err(message) = played {
            block.fill(convert(0.0));
            self.counters.panics.fetch_add(1, Relaxed);
            self.fade.set(0.0);
            self.hop_reader.recover(message);
        }
    }

    fn play<T: Copy>(&mut self, block: &mut [T], channels: usize, now: Instant, convert: &impl Fn(f32) -> T) {
        let playing = self.controls.playing.load(Relaxed);
        let sounding = playing || self.fade.gain() > 0.0;
        self.controls.sounding.store(sounding, Relaxed);
        let target = if playing { self.controls.volume.get() } else { 0.0 };
        self.hop_reader.score_block(self.fade.gain(), target, sounding);
        if !sounding {
            self.hop_reader.skip();
        }
        let began = self.controls.began.unwrap_or(now);
        let asked_micros = now.saturating_duration_since(began).as_micros() as f64;
        let clock = &self.controls.clock;
        clock.stamp(BeatStamp {
            beat: clock.beat() - self.hop_reader.ahead_secs(self.rate_hz) * clock.beats_per_sec(),
            micros: self
                .block_time
                .micros(asked_micros, (block.len() / channels) as f64 / f64::from(self.rate_hz)),
        });
        let silent = convert(0.0);
        let frames = block.len() / channels;
        block.fill(silent);
        for frame in block.chunks_exact_mut(channels) {
            let sound = if sounding { self.next(target) } else { [0.0; 2] };
            // A monitor that does not keep up loses sound for the recorder; the device must not wait for it.
            if self.monitor.push(sound).is_err() {
                self.counters.unmonitored.fetch_add(1, Relaxed);
            }
            match frame {
                [mono] => *mono = convert(self.mono.mix(sound)),
                [left, right, ..] => (*left, *right) = (convert(sound[0]), convert(sound[1])),
                [] => {}
            }
        }
        self.hop_reader.score_passed(frames, self.rate_hz);
        while let Some((origin, frames_ago)) = self.hop_reader.heard() {
            let into_block = self.duration_of((frames as u64).saturating_sub(frames_ago));
            let sounds_after = self.counters.device_latency().map(|latency| latency + into_block);
            let _ = self.heard.push(Heard {
                origin,
                at: now,
                sounds_after,
            });
        }
        if sounding {
            self.counters.add_work(now.elapsed(), self.duration_of(frames as u64));
        }
    }

    fn duration_of(&self, frames: u64) -> Duration {
        Duration::from_secs_f64(frames as f64 / f64::from(self.rate_hz))
    }

    fn next(&mut self, target: f32) -> [f32; 2] {
        self.fade.next(self.hop_reader.next(), target)
    }
}
