//! Not real-time: the stream manager. Owns the open device, opens another one when asked, comes back when it is lost,
//! and hands over to the silent back-end meanwhile. Sound never waits for it.

use super::cards::{self, OpenDevice, StreamInfo};
use super::null_backend;
use super::stream_health::StreamHealth;
use crate::audio::AudioError;
use crate::audio::events::{AudioEvent, EventSender};
use crate::audio::monitor::lock;
use crate::audio::output::{Counters, Link, MonitorLane, SynthHome, connect};
use crate::audio::synth::Controls;
use crate::sync::{StopFlag, Worker};
use crossbeam_channel::{Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(20);

/// Waits between attempts to open a device.
const FIRST_RETRY: Duration = Duration::from_millis(250);
const LAST_RETRY: Duration = Duration::from_secs(8);

/// No block grows beyond this.
const LARGEST_BLOCK: u32 = 2_048;

/// Asks the manager for another device; `None` for the system's default.
#[derive(Clone, Debug)]
pub struct ChooseDevice(pub Option<String>);

/// Everything the manager shares with the other threads.
pub struct StreamManager {
    pub home: SynthHome,
    pub wanted: Option<String>,
    pub block_frames: u32,
    /// Never open a device.
    pub silent_only: bool,
    pub controls: Arc<Controls>,
    pub counters: Arc<Counters>,
    pub lanes_tx: Sender<MonitorLane>,
    pub requests_rx: Receiver<ChooseDevice>,
    pub stream_info: Arc<Mutex<Option<StreamInfo>>>,
    pub events: EventSender,
}

/// What keeps time now.
enum Backend {
    Device(Playing),
    Silence(Waiting),
}

/// An open device.
struct Playing {
    /// Dropping it closes the device.
    _stream: cpal::Stream,
    name: String,
    watch: StreamHealth,
}

/// The silent back-end, until a device can be opened again.
struct Waiting {
    _worker: Worker,
    retry_at: Instant,
    retry_after: Duration,
}

impl StreamManager {
    /// Runs until `stop`.
    pub fn run(mut self, stop: &StopFlag) {
        let Some(mut backend) = self.connect() else {
            return;
        };
        while !stop.is_stopped() {
            if let Ok(ChooseDevice(wanted)) = self.requests_rx.recv_timeout(POLL) {
                self.wanted = wanted;
                drop(backend);
                let Some(next) = self.connect() else { return };
                backend = next;
            }
            backend = match self.supervise(backend) {
                Some(backend) => backend,
                None => return,
            };
        }
    }

    /// Looks after `backend` and returns the one to go on with; `None` when not even silence can be had.
    fn supervise(&mut self, backend: Backend) -> Option<Backend> {
        match backend {
            Backend::Device(playing) => self.supervise_device(playing),
            Backend::Silence(waiting) if !self.silent_only && Instant::now() >= waiting.retry_at => {
                self.try_again(waiting)
            }
            silence => Some(silence),
        }
    }

    /// A device if one can be opened now; silence for twice as long otherwise.
    fn try_again(&mut self, waiting: Waiting) -> Option<Backend> {
        let retry_after = (waiting.retry_after * 2).min(LAST_RETRY);
        // There is one synth: the silent back-end gives it back before a device can have it.
        drop(waiting);
        match self.open() {
            Ok(device) => Some(device),
            Err(error) => {
                log::debug!("still no output: {error}");
                self.silence(retry_after)
            }
        }
    }

    fn supervise_device(&mut self, mut playing: Playing) -> Option<Backend> {
        if let Some(reason) = playing.watch.lost(&self.counters) {
            let device = playing.name.clone();
            drop(playing);
            self.events.send(AudioEvent::DeviceLost { device, reason });
            return self.silence(FIRST_RETRY);
        }
        if self.block_frames < LARGEST_BLOCK && playing.watch.stutters(&self.counters) {
            let device = playing.name.clone();
            drop(playing);
            self.block_frames = (self.block_frames * 2).min(LARGEST_BLOCK);
            let block_frames = self.block_frames;
            self.events.send(AudioEvent::BlockGrown { device, block_frames });
            return self.connect();
        }
        Some(Backend::Device(playing))
    }

    /// A device if one can be opened, silence otherwise.
    fn connect(&mut self) -> Option<Backend> {
        if self.silent_only {
            return self.silence(FIRST_RETRY);
        }
        match self.open() {
            Ok(device) => Some(device),
            Err(error) => {
                self.events.send(AudioEvent::DeviceUnavailable {
                    reason: error.to_string(),
                });
                self.silence(FIRST_RETRY)
            }
        }
    }

    fn open(&mut self) -> Result<Backend, AudioError> {
        let open = cards::open(self.wanted.as_deref(), self.block_frames, &self.counters, |rate_hz| {
            self.link(rate_hz)
        })?;
        let OpenDevice {
            stream,
            stream_info,
            monitor,
            reasons_rx,
        } = open;
        self.watch(monitor);
        *lock(&self.stream_info) = Some(stream_info.clone());
        let name = stream_info.device.clone();
        self.events.send(AudioEvent::DeviceOpened(stream_info));
        Ok(Backend::Device(Playing {
            _stream: stream,
            name,
            watch: StreamHealth::new(reasons_rx, &self.counters),
        }))
    }

    /// Keeps time without a device, until it is time to try for one again.
    fn silence(&mut self, retry_after: Duration) -> Option<Backend> {
        *lock(&self.stream_info) = None;
        match self.link(null_backend::RATE_HZ) {
            Ok(Link { output, monitor }) => {
                self.counters.connected();
                self.watch(monitor);
                Some(Backend::Silence(Waiting {
                    _worker: null_backend::start(output, self.events.clone()),
                    retry_at: Instant::now() + retry_after,
                    retry_after,
                }))
            }
            Err(error) => {
                self.events.send(AudioEvent::Died(error.to_string()));
                None
            }
        }
    }

    fn link(&self, rate_hz: u32) -> Result<Link, AudioError> {
        connect(&self.home, rate_hz, &self.controls, &self.counters)
    }

    /// Lets the monitor look after the new connection.
    fn watch(&self, lane: MonitorLane) {
        // Nobody receives when the monitor has died, and that was reported.
        let _ = self.lanes_tx.send(lane);
    }
}
