//! A question that is open: may what is on screen be left?

use std::path::PathBuf;

/// What was asked for, and what it would end or lose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaving {
    /// What comes then.
    pub next: Next,
    /// What would be ended or lost, in a sentence.
    pub what: String,
}

/// What comes after the space on screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing: the window closes.
    Quit,
    /// The space in this file.
    Open(PathBuf),
    /// An empty window.
    Close,
}
