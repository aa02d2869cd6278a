//! The port and what was told through it.

use super::socket::Listener;
use crate::sync::Waker;
use rosc::OscMessage;
use std::time::Instant;

/// The port that is open, and what was told through it last.
pub struct OscState {
    pub(super) waker: Waker,
    pub(super) listener: Option<Listener>,
    pub(super) told: Vec<OscMessage>,
    pub(super) told_at: Option<Instant>,
}

impl OscState {
    /// No port is open.
    pub fn new(waker: Waker) -> Self {
        Self {
            waker,
            listener: None,
            told: Vec::new(),
            told_at: None,
        }
    }
}
