//! Not real-time: what the engine tells, in the past tense.

use super::device::StreamInfo;
use crate::sync::Waker;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::path::PathBuf;

/// Something happened that a person may want to know.
#[derive(Clone, Debug)]
pub enum AudioEvent {
    /// A device plays.
    DeviceOpened(StreamInfo),
    /// The device went away; the engine goes on silently and tries again by itself.
    DeviceLost {
        /// Name of the device that was playing.
        device: String,
        /// A clause: why, or that it stopped asking for sound.
        reason: String,
    },
    /// No device can be opened now; the engine goes on silently and tries again by itself.
    DeviceUnavailable {
        /// Why the last attempt failed.
        reason: String,
    },
    /// The device that was chosen cannot be used, for this reason; the default one plays until it is back.
    DeviceReplaced {
        /// A sentence about the chosen device.
        reason: String,
        /// Name of the default device that plays instead.
        device: String,
    },
    /// The device could not keep up with its block size and gets larger blocks.
    BlockGrown {
        /// Name of the device that plays.
        device: String,
        /// The size that is asked for from now on.
        block_frames: u32,
    },
    /// A one-shot reached its end.
    Ended,
    /// What is heard goes to this WAV file from now on.
    RecordingStarted(PathBuf),
    /// The recording is complete on disk; `lost_samples` did not reach it because the disk was too slow.
    RecordingStopped {
        /// The finished WAV file.
        path: PathBuf,
        /// Length of what is in the file.
        secs: f64,
        /// 0 when the recording has no gaps.
        lost_samples: u64,
    },
    /// The recording ended early or could not be completed.
    RecordingFailed {
        /// The WAV file, which may be incomplete.
        path: PathBuf,
        /// The error's text, ready to be shown.
        reason: String,
    },
    /// What was published cannot be played; what sounded before goes on.
    Rejected(String),
    /// The synth panicked, with this message, and was replaced: a short silence, then the sound goes on.
    SynthPanicked(String),
    /// A thread of the engine died; start the engine again.
    Died(String),
}

/// Where events come from; cheap to clone.
#[derive(Clone, Debug)]
pub struct EventSender {
    events_tx: Sender<AudioEvent>,
    waker: Waker,
}

impl EventSender {
    /// A sender that wakes `waker`, and the far end.
    pub fn new(waker: Waker) -> (Self, Receiver<AudioEvent>) {
        let (events_tx, events_rx) = unbounded();
        (Self { events_tx, waker }, events_rx)
    }

    /// Tells `event`.
    pub fn send(&self, event: AudioEvent) {
        // Nobody listens any more: the engine is being dropped.
        let _ = self.events_tx.send(event);
        self.waker.wake();
    }
}
