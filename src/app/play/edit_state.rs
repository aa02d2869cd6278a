//! What undo brings back, as a plain value that the window's history holds.

use crate::decode::Choice;
use crate::session::Mixer;
use crate::space::LayoutKind;
use crate::values::LoopRegion;

/// What was chosen, on which layout, under which condition, and what of it loops.
#[derive(Clone, Debug, PartialEq)]
pub struct EditState {
    pub choice: Option<Choice>,
    pub layout: LayoutKind,
    pub mixer: Mixer,
    pub region: Option<LoopRegion>,
    pub start_secs: Option<f32>,
}
