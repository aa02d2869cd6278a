//! What the window holds of takes: the one that is written, and the one that is open.

use super::replaying::Replay;
use super::scribe::{Scribe, ScribeEvent};
use super::stand::Stand;
use crate::render::{ActBy, Take};
use crate::sync::Waker;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::sync::Arc;

/// Both takes.
pub struct Takes {
    /// Writes the score of what is recorded.
    pub(super) scribe: Option<Scribe>,
    pub(super) events_tx: Sender<ScribeEvent>,
    pub(super) events: Receiver<ScribeEvent>,
    /// Who moves what moves now.
    pub(in crate::app) by: ActBy,
    /// A point was pressed, and not yet written down.
    pub(in crate::app) pressed: bool,
    /// As everything was when it was last written down.
    pub(super) stand: Option<Stand>,
    /// The chunks of the original that was loaded last.
    pub(in crate::app) compared: Vec<u32>,
    pub(super) open: Option<Arc<Take>>,
    pub(super) replay: Option<Replay>,
    pub(super) waker: Waker,
}

impl Takes {
    /// None is written, none is open.
    pub fn new(waker: Waker) -> Self {
        let (events_tx, events) = unbounded();
        Self {
            scribe: None,
            events_tx,
            events,
            by: ActBy::Hand,
            pressed: false,
            stand: None,
            compared: Vec::new(),
            open: None,
            replay: None,
            waker,
        }
    }
}
