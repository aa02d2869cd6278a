//! The port and what was told through it.

use super::socket::Listener;
use crate::sync::Waker;
use rosc::OscMessage;
use std::time::{Duration, Instant};

/// Between two tellings of the state.
pub(super) const TELL_EVERY: Duration = Duration::from_millis(33);

/// The port that is open, and what was told through it last.
pub struct OscState {
    pub(super) waker: Waker,
    pub(super) listener: Option<Listener>,
    pub(super) told: Vec<OscMessage>,
    pub(super) told_at: Option<Instant>,
    pub(super) is_behind: bool,
}

impl OscState {
    /// No port is open.
    pub fn new(waker: Waker) -> Self {
        Self {
            waker,
            listener: None,
            told: Vec::new(),
            told_at: None,
            is_behind: false,
        }
    }

    /// How long the next frame may be away, where something is still to be told.
    pub fn due_in(&self) -> Option<Duration> {
        self.is_behind.then_some(TELL_EVERY)
    }
}
