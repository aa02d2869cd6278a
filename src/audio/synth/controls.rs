//! Real-time: the knobs that bypass the published sources, one atomic each.
//!
//! Every thread may read and write them; no two of them need to change together, so relaxed order is enough.

use super::atomic_f32::{AtomicF32, AtomicPair};
use super::clock::ClockControls;
use super::key_controls::KeyControls;
use super::start_point::StartPoint;
use crate::audio::score::Knobs;
use crate::audio::{Mode, Playback};
use crate::dsp::BandAxis;
use crate::values::LoopRegion;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering::Relaxed};
use std::time::Instant;

/// Of the standard axis, for engines that nobody told of another.
const HOP_LEN: u32 = 256;
const RATE_HZ: u32 = 44_100;
const LATENCY_HOPS: f64 = 5.0;

/// What the player wants, and what the engine tells back without being asked.
#[derive(Debug)]
pub struct Controls {
    /// The transport's wish.
    pub playing: AtomicBool,
    /// The callback still fades, or plays.
    pub sounding: AtomicBool,
    /// Hear the original instead of the decoded chunk.
    pub original: AtomicBool,
    /// What was asked for; the synth takes it over once a hop, whoever turns it meanwhile.
    wanted: Turned,
    pub speed: AtomicF32,
    pub volume: AtomicF32,
    pub texture: AtomicF32,
    pub detail: AtomicF32,
    mode: AtomicU8,
    /// What a loop goes round, and where sounds are begun, in seconds; NaN = nowhere.
    region: AtomicPair,
    start_secs: AtomicF32,
    /// Where the next answer begins.
    pub start: StartPoint,
    /// Position to jump to, 0..1; NaN when there is none.
    pub seek: AtomicF32,
    /// Where the playhead is, 0..1.
    pub position: AtomicF32,
    /// Number of the part that sounds in a row without end, and frames into it, in 32 bits each; all ones where there is none.
    course_place: AtomicU64,
    /// One-shots that reached their end.
    pub ends: AtomicU64,
    /// How keys play.
    pub keys: KeyControls,
    /// The master clock.
    pub clock: ClockControls,
    /// What its stamps count from; `None` where nobody reads them.
    pub began: Option<Instant>,
    /// Length of a hop.
    pub hop_secs: f64,
    /// Hops from reading a frame until it is heard.
    pub latency_hops: f64,
}

/// Knobs on their way to the synth.
#[derive(Debug)]
struct Turned {
    speed: AtomicF32,
    texture: AtomicF32,
    detail: AtomicF32,
    mode: AtomicU8,
    region: AtomicPair,
    start_secs: AtomicF32,
}

impl Default for Controls {
    fn default() -> Self {
        let playback = Playback::default();
        let controls = Self {
            playing: AtomicBool::new(false),
            sounding: AtomicBool::new(false),
            original: AtomicBool::new(false),
            wanted: Turned {
                speed: AtomicF32::default(),
                texture: AtomicF32::default(),
                detail: AtomicF32::default(),
                mode: AtomicU8::new(0),
                region: AtomicPair::nothing(),
                start_secs: AtomicF32::new(f32::NAN),
            },
            speed: AtomicF32::default(),
            volume: AtomicF32::default(),
            texture: AtomicF32::default(),
            detail: AtomicF32::default(),
            mode: AtomicU8::new(0),
            region: AtomicPair::nothing(),
            start_secs: AtomicF32::new(f32::NAN),
            start: StartPoint::default(),
            seek: AtomicF32::new(f32::NAN),
            position: AtomicF32::default(),
            course_place: AtomicU64::new(u64::MAX),
            ends: AtomicU64::new(0),
            keys: KeyControls::default(),
            clock: ClockControls::default(),
            began: None,
            hop_secs: f64::from(HOP_LEN) / f64::from(RATE_HZ),
            latency_hops: LATENCY_HOPS,
        };
        controls.set_playback(playback);
        controls.take_over();
        controls
    }
}

impl Controls {
    /// For a player of `axis`.
    pub fn of(axis: &BandAxis) -> Self {
        Self {
            hop_secs: axis.hop_len() as f64 / f64::from(axis.sample_rate_hz()),
            // One frame of look-ahead and half a window.
            latency_hops: 1.0 + (axis.fft_len() / 2) as f64 / axis.hop_len() as f64,
            ..Self::default()
        }
    }

    /// Asks for `playback`, pulled into range; a value that is not a number changes nothing. The volume is so at once.
    pub fn set_playback(&self, playback: Playback) {
        let set = |knob: &AtomicF32, value: f32, low: f32, high: f32| {
            if value.is_finite() {
                knob.set(value.clamp(low, high));
            }
        };
        set(&self.wanted.speed, playback.speed, 0.25, 4.0);
        set(&self.volume, playback.volume, 0.0, 1.0);
        set(&self.wanted.texture, playback.texture, 0.0, 2.0);
        set(&self.wanted.detail, playback.detail, 0.0, 1.0);
        self.wanted.mode.store(playback.mode as u8, Relaxed);
        let region = playback.region.map(|region| (region.begin_secs, region.end_secs));
        self.wanted
            .region
            .set(region.filter(|(begin, end)| *begin >= 0.0 && end.is_finite() && begin < end));
        let start_secs = playback.start_secs.filter(|secs| secs.is_finite() && *secs >= 0.0);
        self.wanted.start_secs.set(start_secs.unwrap_or(f32::NAN));
    }

    /// What was asked for is so from now on. Returns what the synth looks at once a hop.
    pub fn take_over(&self) -> Knobs {
        let playback = Playback {
            volume: 1.0,
            ..self.playback()
        };
        self.speed.set(playback.speed);
        self.texture.set(playback.texture);
        self.detail.set(playback.detail);
        self.mode.store(playback.mode as u8, Relaxed);
        self.region.set(self.wanted.region.get());
        self.start_secs.set(self.wanted.start_secs.get());
        Knobs {
            playing: self.playing.load(Relaxed),
            original: self.original.load(Relaxed),
            playback,
        }
    }

    /// Tells where in a row without end the playhead is.
    pub fn set_course_place(&self, place: Option<(u64, f64)>) {
        let bits = place.map_or(u64::MAX, |(number, frames)| {
            (number & 0xffff_ffff) << 32 | (frames.max(0.0) as u64).min(0xffff_fffe)
        });
        self.course_place.store(bits, Relaxed);
    }

    /// What was told last.
    pub fn course_place(&self) -> Option<(u64, u32)> {
        let bits = self.course_place.load(Relaxed);
        (bits != u64::MAX).then_some((bits >> 32, bits as u32))
    }

    /// Turns all knobs.
    pub fn turn(&self, knobs: Knobs) {
        self.playing.store(knobs.playing, Relaxed);
        self.original.store(knobs.original, Relaxed);
        self.set_playback(knobs.playback);
    }

    /// The factor on every speed: the clock's beats alone say how fast, where they are followed.
    pub fn speed_now(&self) -> f32 {
        if self.clock.is_on() { 1.0 } else { self.speed.get() }
    }

    /// What the playhead does.
    pub fn mode(&self) -> Mode {
        mode_of(&self.mode)
    }

    /// What a loop goes round.
    pub fn region(&self) -> Option<LoopRegion> {
        region_of(&self.region)
    }

    /// Where sounds are begun.
    pub fn start_secs(&self) -> Option<f32> {
        secs_of(&self.start_secs)
    }

    /// The playback that was asked for.
    pub fn playback(&self) -> Playback {
        Playback {
            mode: mode_of(&self.wanted.mode),
            speed: self.wanted.speed.get(),
            volume: self.volume.get(),
            texture: self.wanted.texture.get(),
            detail: self.wanted.detail.get(),
            region: region_of(&self.wanted.region),
            start_secs: secs_of(&self.wanted.start_secs),
        }
    }
}

fn region_of(pair: &AtomicPair) -> Option<LoopRegion> {
    let (begin_secs, end_secs) = pair.get()?;
    Some(LoopRegion { begin_secs, end_secs })
}

fn secs_of(number: &AtomicF32) -> Option<f32> {
    Some(number.get()).filter(|secs| secs.is_finite())
}

fn mode_of(number: &AtomicU8) -> Mode {
    match number.load(Relaxed) {
        mode if mode == Mode::OneShot as u8 => Mode::OneShot,
        mode if mode == Mode::Freeze as u8 => Mode::Freeze,
        _ => Mode::Loop,
    }
}
