//! Not real-time: the stream manager. Owns the open device, opens another one when asked, comes back when it is lost,
//! and hands over to the silent back-end meanwhile. Sound never waits for it.

use super::AudioError;
use super::connect::connect;
use super::controls::Controls;
use super::counters::Counters;
use super::device::{self, Granted, OpenDevice};
use super::events::{AudioEvent, EventSender};
use super::feed::Feed;
use super::link::{Link, MonitorLane};
use super::silent;
use crate::sync::{StopFlag, Worker};
use crossbeam_channel::{Receiver, Sender};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(20);

/// A device that makes no callback for this long is lost, whatever it says; one that reported an error, much sooner.
/// (Sound servers report errors that pass, so an error alone proves nothing.)
const HANG: Duration = Duration::from_millis(2_500);
const HANG_AFTER_ERROR: Duration = Duration::from_millis(300);

/// Waits between attempts to open a device.
const FIRST_RETRY: Duration = Duration::from_millis(250);
const LAST_RETRY: Duration = Duration::from_secs(8);

/// Underruns within [`XRUN_WINDOW`] that show that a block size is too small.
const XRUN_LIMIT: u64 = 3;
const XRUN_WINDOW: Duration = Duration::from_secs(10);

/// No block grows beyond this.
const LARGEST_BLOCK: u32 = 2_048;

/// Asks the manager for another device; `None` for the system's default.
#[derive(Clone, Debug)]
pub struct ChooseDevice(pub Option<String>);

/// Everything the manager shares with the other threads.
pub struct StreamManager {
    pub engine_rate_hz: u32,
    pub hop_len: usize,
    pub wanted: Option<String>,
    pub block_frames: u32,
    /// Never open a device.
    pub silent_only: bool,
    pub controls: Arc<Controls>,
    pub counters: Arc<Counters>,
    pub feeds_tx: rtrb::Producer<Box<Feed>>,
    pub lanes_tx: Sender<MonitorLane>,
    pub requests_rx: Receiver<ChooseDevice>,
    pub granted: Arc<Mutex<Option<Granted>>>,
    pub events: EventSender,
}

/// What keeps time now.
enum Backend {
    Device {
        open: Box<cpal::Stream>,
        name: String,
        reasons_rx: Receiver<String>,
        watch: Watch,
    },
    Silence {
        _worker: Worker,
        retry_at: Instant,
        retry_after: Duration,
    },
}

/// Signs of a device in trouble.
struct Watch {
    callbacks: u64,
    alive_at: Instant,
    xruns: u64,
    xruns_since: Instant,
    /// The error that may explain it.
    reason: Option<String>,
}

impl StreamManager {
    /// Runs until `stop`.
    pub fn run(mut self, stop: &StopFlag) {
        let Some(mut backend) = self.connect(FIRST_RETRY) else {
            return;
        };
        while !stop.is_stopped() {
            if let Ok(ChooseDevice(wanted)) = self.requests_rx.recv_timeout(POLL) {
                self.wanted = wanted;
                drop(backend);
                let Some(next) = self.connect(FIRST_RETRY) else { return };
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
            Backend::Device {
                open,
                name,
                reasons_rx,
                mut watch,
            } => {
                let reason = if self.counters.lost.load(Relaxed) {
                    Some(
                        reasons_rx
                            .try_recv()
                            .unwrap_or_else(|_| "the device is gone".to_owned()),
                    )
                } else if watch.hangs(&self.counters) {
                    Some("the device stopped asking for sound".to_owned())
                } else {
                    None
                };
                if let Some(reason) = reason {
                    drop(open);
                    self.events.send(AudioEvent::DeviceLost { device: name, reason });
                    return self.silence(FIRST_RETRY);
                }
                if self.block_frames < LARGEST_BLOCK && watch.stutters(&self.counters) {
                    drop(open);
                    self.block_frames = (self.block_frames * 2).min(LARGEST_BLOCK);
                    self.events.send(AudioEvent::BlockGrown {
                        device: name,
                        block_frames: self.block_frames,
                    });
                    return self.connect(FIRST_RETRY);
                }
                Some(Backend::Device {
                    open,
                    name,
                    reasons_rx,
                    watch,
                })
            }
            Backend::Silence {
                retry_at, retry_after, ..
            } if !self.silent_only && Instant::now() >= retry_at => match self.open() {
                Ok(device) => Some(device),
                Err(error) => {
                    log::debug!("still no output: {error}");
                    let Backend::Silence { _worker, .. } = backend else {
                        return Some(backend);
                    };
                    let retry_after = (retry_after * 2).min(LAST_RETRY);
                    Some(Backend::Silence {
                        _worker,
                        retry_at: Instant::now() + retry_after,
                        retry_after,
                    })
                }
            },
            silence => Some(silence),
        }
    }

    /// A device if one can be opened, silence otherwise.
    fn connect(&mut self, retry_after: Duration) -> Option<Backend> {
        if self.silent_only {
            return self.silence(retry_after);
        }
        match self.open() {
            Ok(device) => Some(device),
            Err(error) => {
                self.events.send(AudioEvent::DeviceUnavailable {
                    reason: error.to_string(),
                });
                self.silence(retry_after)
            }
        }
    }

    fn open(&mut self) -> Result<Backend, AudioError> {
        let open = device::open(self.wanted.as_deref(), self.block_frames, &self.counters, |rate_hz| {
            self.link(rate_hz)
        })?;
        let OpenDevice {
            stream,
            granted,
            feed,
            monitor,
            reasons_rx,
        } = open;
        self.hand_over(feed, monitor);
        *super::monitor::lock(&self.granted) = Some(granted.clone());
        let name = granted.device.clone();
        self.events.send(AudioEvent::DeviceOpened(granted));
        Ok(Backend::Device {
            open: Box::new(stream),
            name,
            reasons_rx,
            watch: Watch::new(&self.counters),
        })
    }

    fn silence(&mut self, retry_after: Duration) -> Option<Backend> {
        *super::monitor::lock(&self.granted) = None;
        match self.link(silent::RATE_HZ) {
            Ok(Link { feed, output, monitor }) => {
                self.counters.connected(silent::BLOCK_FRAMES);
                self.hand_over(feed, monitor);
                Some(Backend::Silence {
                    _worker: silent::start(output, self.events.clone()),
                    retry_at: Instant::now() + retry_after,
                    retry_after,
                })
            }
            Err(error) => {
                self.events.send(AudioEvent::Died(error.to_string()));
                None
            }
        }
    }

    fn link(&self, rate_hz: u32) -> Result<Link, AudioError> {
        connect(
            self.engine_rate_hz,
            self.hop_len,
            rate_hz,
            &self.controls,
            &self.counters,
        )
    }

    fn hand_over(&mut self, feed: Feed, monitor: MonitorLane) {
        // Full only when the synth is dead, which is reported elsewhere.
        let _ = self.feeds_tx.push(Box::new(feed));
        let _ = self.lanes_tx.send(monitor);
    }
}

impl Watch {
    fn new(counters: &Counters) -> Self {
        let now = Instant::now();
        Self {
            callbacks: counters.callbacks.load(Relaxed),
            alive_at: now,
            xruns: counters.xruns.load(Relaxed),
            xruns_since: now,
            reason: None,
        }
    }

    fn note(&mut self, reason: Option<String>) {
        if let Some(reason) = reason {
            log::debug!("the output device says: {reason}");
            self.reason.get_or_insert(reason);
        }
    }

    fn hangs(&mut self, counters: &Counters) -> bool {
        let callbacks = counters.callbacks.load(Relaxed);
        if callbacks != self.callbacks {
            self.callbacks = callbacks;
            self.alive_at = Instant::now();
            self.reason = None;
        }
        let patience = if self.reason.is_some() { HANG_AFTER_ERROR } else { HANG };
        self.alive_at.elapsed() > patience
    }

    fn stutters(&mut self, counters: &Counters) -> bool {
        let xruns = counters.xruns.load(Relaxed);
        if self.xruns_since.elapsed() > XRUN_WINDOW {
            self.xruns = xruns;
            self.xruns_since = Instant::now();
        }
        xruns - self.xruns >= XRUN_LIMIT
    }
}
