//! Not real-time: the stream manager. Owns the open device, opens another one when asked, comes back when it is lost,
//! and hands over to the silent back-end meanwhile. Sound never waits for it.

use super::block_sizes::BlockSizes;
use super::null_backend;
use super::sound_cards::{OpenDevice, SoundCards, StreamInfo};
use super::stream_health::StreamHealth;
use crate::audio::AudioError;
use crate::audio::events::{AudioEvent, EventSender};
use crate::audio::monitor::lock;
use crate::audio::output::{Counters, Link, MonitorLane, SynthHome, connect};
use crate::audio::synth::Controls;
use crate::crash;
use crate::sync::{StopFlag, Worker, priority};
use crossbeam_channel::{Receiver, Sender};
use std::any::Any;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(20);

/// Waits between attempts to open a device.
pub const FIRST_RETRY: Duration = Duration::from_millis(250);
const LAST_RETRY: Duration = Duration::from_secs(8);

/// How often a chosen device that is missing is looked for while another one plays in its place.
pub const LOOK: Duration = Duration::from_secs(3);

/// Asks the manager for another device.
#[derive(Clone, Debug)]
pub struct ChooseDevice {
    /// `None` for the system's default.
    pub id: Option<String>,
    /// Blocks that have grown begin small again.
    pub anew: bool,
}

/// Everything the manager shares with the other threads.
pub struct StreamManager {
    pub cards: Box<dyn SoundCards + Send>,
    pub home: SynthHome,
    pub wanted: Option<String>,
    pub block_sizes: BlockSizes,
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
pub enum Backend {
    Device(Playing),
    Silence(Waiting),
}

/// An open device.
pub struct Playing {
    /// Dropping it closes the device.
    _stream: Box<dyn Any>,
    stream_info: StreamInfo,
    health: StreamHealth,
    stands_in_for: Option<Missing>,
}

/// The device that was chosen, while the default one plays in its place.
struct Missing {
    id: String,
    /// It was there when last looked for, but refused: it is tried again once it has gone and come back.
    was_offered: bool,
    look_at: Instant,
}

/// The silent back-end, until a device can be opened again.
pub struct Waiting {
    _worker: Worker,
    retry_at: Instant,
    retry_after: Duration,
}

impl StreamManager {
    /// Runs until `stop`.
    pub fn run(mut self, stop: &StopFlag) {
        let Some(mut backend) = self.connect(Instant::now()) else {
            return;
        };
        while !stop.is_stopped() {
            if let Ok(ChooseDevice { id, anew }) = self.requests_rx.recv_timeout(POLL) {
                self.wanted = id;
                if anew {
                    self.block_sizes.forget();
                }
                drop(backend);
                let Some(next) = self.connect(Instant::now()) else {
                    return;
                };
                backend = next;
            }
            backend = match self.supervise(backend, Instant::now()) {
                Some(backend) => backend,
                None => return,
            };
        }
    }

    /// Looks after `backend` and returns the one to go on with; `None` when not even silence can be had.
    pub fn supervise(&mut self, backend: Backend, now: Instant) -> Option<Backend> {
        match backend {
            Backend::Device(playing) => self.supervise_device(playing, now),
            Backend::Silence(waiting) if !self.silent_only && now >= waiting.retry_at => self.try_again(waiting, now),
            silence => Some(silence),
        }
    }

    /// A device if one can be opened now; silence for twice as long otherwise.
    fn try_again(&mut self, waiting: Waiting, now: Instant) -> Option<Backend> {
        let retry_after = (waiting.retry_after * 2).min(LAST_RETRY);
        // There is one synth: the silent back-end gives it back before a device can have it.
        drop(waiting);
        match self.open(now) {
            Ok(device) => Some(device),
            Err(error) => {
                log::debug!("still no output: {error}");
                self.silence(retry_after, now)
            }
        }
    }

    fn supervise_device(&mut self, mut playing: Playing, now: Instant) -> Option<Backend> {
        if let Some(reason) = playing.health.lost(&self.counters, now) {
            let device = playing.stream_info.device.clone();
            drop(playing);
            self.events.send(AudioEvent::DeviceLost { device, reason });
            return self.silence(FIRST_RETRY, now);
        }
        if playing.health.stutters(&self.counters, now) {
            let StreamInfo {
                device,
                asked_block_frames,
                ..
            } = playing.stream_info.clone();
            if let Some(block_frames) = self.block_sizes.grow(&device, asked_block_frames) {
                self.events.send(AudioEvent::BlockGrown { device, block_frames });
                return self.open_anew(playing, now);
            }
        }
        if priority::was_given_up() {
            log::warn!("a sound thread computed for too long without a pause and lost its real-time priority");
            return self.open_anew(playing, now);
        }
        if playing
            .stands_in_for
            .as_mut()
            .is_some_and(|missing| missing.is_back(self.cards.as_ref(), now))
        {
            drop(playing);
            return self.connect(now);
        }
        Some(Backend::Device(playing))
    }

    /// Closes what plays and opens it again: if it sounds, that leaves a gap, as short as the system lets it be.
    fn open_anew(&mut self, playing: Playing, now: Instant) -> Option<Backend> {
        let heard = self.controls.sounding.load(Relaxed);
        self.counters.dropouts.fetch_add(u64::from(heard), Relaxed);
        priority::while_urgent(|| {
            drop(playing);
            self.connect(now)
        })
    }

    /// A device if one can be opened, silence otherwise.
    pub fn connect(&mut self, now: Instant) -> Option<Backend> {
        if self.silent_only {
            return self.silence(FIRST_RETRY, now);
        }
        match self.open(now) {
            Ok(device) => Some(device),
            Err(error) => {
                self.events.send(AudioEvent::DeviceUnavailable {
                    reason: error.to_string(),
                });
                self.silence(FIRST_RETRY, now)
            }
        }
    }

    /// The device that is wanted, or the default one in its place: a card left at home must not mean silence.
    fn open(&mut self, now: Instant) -> Result<Backend, AudioError> {
        let error = match self.open_device(self.wanted.as_deref(), now) {
            Ok(playing) => return Ok(Backend::Device(playing)),
            Err(error) => error,
        };
        let was_offered = match &error {
            AudioError::NoSuchDevice(_) => false,
            AudioError::Device { .. } => true,
            _ => return Err(error),
        };
        let Some(id) = self.wanted.clone() else {
            return Err(error);
        };
        // Where there is no other one either, what a person chose is what the message must be about.
        let Ok(mut playing) = self.open_device(None, now) else {
            return Err(error);
        };
        self.events.send(AudioEvent::DeviceReplaced {
            reason: error.to_string(),
            device: playing.stream_info.device.clone(),
        });
        playing.stands_in_for = Some(Missing {
            id,
            was_offered,
            look_at: now + LOOK,
        });
        Ok(Backend::Device(playing))
    }

    fn open_device(&self, id: Option<&str>, now: Instant) -> Result<Playing, AudioError> {
        let connect = |rate_hz| self.link(rate_hz);
        let OpenDevice {
            stream,
            stream_info,
            monitor,
            reasons_rx,
        } = self.cards.open(id, &self.block_sizes, &self.counters, &connect)?;
        self.counters.connected();
        self.watch(monitor);
        *lock(&self.stream_info) = Some(stream_info.clone());
        log::info!("{} plays at {}", stream_info.device, stream_info.priority);
        crash::remember("sound card", stream_info.device.clone());
        crash::remember("audio thread", stream_info.priority.to_string());
        self.events.send(AudioEvent::DeviceOpened(stream_info.clone()));
        Ok(Playing {
            _stream: stream,
            stream_info,
            health: StreamHealth::new(reasons_rx, &self.counters, now),
            stands_in_for: None,
        })
    }

    /// Keeps time without a device, until it is time to try for one again.
    fn silence(&mut self, retry_after: Duration, now: Instant) -> Option<Backend> {
        *lock(&self.stream_info) = None;
        match self.link(null_backend::RATE_HZ) {
            Ok(Link { output, monitor }) => {
                self.counters.connected();
                self.watch(monitor);
                Some(Backend::Silence(Waiting {
                    _worker: null_backend::start(output, self.events.clone()),
                    retry_at: now + retry_after,
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

impl Missing {
    /// Whether it has come back since it was last looked for.
    fn is_back(&mut self, cards: &dyn SoundCards, now: Instant) -> bool {
        if now < self.look_at {
            return false;
        }
        self.look_at = now + LOOK;
        let offered = cards.offers(&self.id);
        let came_back = offered && !self.was_offered;
        self.was_offered = offered;
        came_back
    }
}
