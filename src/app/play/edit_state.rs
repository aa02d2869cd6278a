//! What undo brings back, as a plain value that the window's history holds.

use crate::decode::Choice;
use crate::session::{Mixer, Selection};
use crate::space::LayoutKind;

/// What was chosen, where it was seen, under which condition.
#[derive(Clone, Debug, PartialEq)]
pub struct EditState {
    pub choice: Option<Choice>,
    pub selection: Option<Selection>,
    pub layout: LayoutKind,
    pub mixer: Mixer,
}
