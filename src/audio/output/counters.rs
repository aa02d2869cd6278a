//! Real-time: what the real-time threads count, for the meters and the stream manager to read.

use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// All counts since the start, except those that say "of this connection". Relaxed: each stands for itself.
#[derive(Debug, Default)]
pub struct Counters {
    /// Blocks that took longer to make than they last. The device's own buffer bridges most of them.
    pub late_blocks: AtomicU64,
    /// Callbacks made; stands still when the device hangs.
    pub callbacks: AtomicU64,
    /// Underruns the device reported.
    pub xruns: AtomicU64,
    /// The device of this connection is gone.
    pub lost: AtomicBool,
    /// Gaps in what is heard: underruns that the device reported or that its clock shows, and connections made anew while it sounded.
    pub dropouts: AtomicU64,
    /// From handing a block to the device until it sounds, as the device says, smoothed, in microseconds; 0 where it does not say.
    pub device_latency_us: AtomicU32,
    /// Samples that the monitor was too late for.
    pub unmonitored: AtomicU64,
    /// Panics caught in the callback; each is a block of silence.
    pub panics: AtomicU64,
    busy_ns: AtomicU64,
    made_ns: AtomicU64,
}

impl Counters {
    /// A new connection begins: forget what described the old one.
    pub fn connected(&self) {
        self.device_latency_us.store(0, Relaxed);
        self.lost.store(false, Relaxed);
    }

    /// The callback worked `busy` for a block that lasts `made`.
    pub fn add_work(&self, busy: Duration, made: Duration) {
        self.late_blocks.fetch_add(u64::from(busy > made), Relaxed);
        self.busy_ns.fetch_add(busy.as_nanos() as u64, Relaxed);
        self.made_ns.fetch_add(made.as_nanos() as u64, Relaxed);
    }

    /// From handing a block to the device until it sounds, where the device says.
    pub fn device_latency(&self) -> Option<Duration> {
        let micros = self.device_latency_us.load(Relaxed);
        (micros > 0).then(|| Duration::from_micros(u64::from(micros)))
    }

    /// Share of one core that the synth needs.
    pub fn synth_load(&self) -> f32 {
        let made = self.made_ns.load(Relaxed);
        if made == 0 {
            return 0.0;
        }
        (self.busy_ns.load(Relaxed) as f64 / made as f64) as f32
    }
}
