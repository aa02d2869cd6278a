//! Open Sound Control: what is asked for, and how it goes.

use serde::{Deserialize, Serialize};

/// Remembered in the settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OscSettings {
    /// Whether messages are listened to.
    pub on: bool,
    /// UDP port that messages are heard on.
    pub port: u16,
    /// Whether other machines are heard too, or this one alone.
    pub from_other_machines: bool,
    /// UDP port, of whoever was heard last, that the state is told to.
    pub answer_port: u16,
}

impl Default for OscSettings {
    fn default() -> Self {
        Self {
            on: false,
            port: 7_770,
            from_other_machines: false,
            answer_port: 7_771,
        }
    }
}

/// How it goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OscStatus {
    /// Why nothing is heard although it should be, in a sentence.
    pub problem: Option<String>,
    /// Messages that were understood.
    pub understood: u64,
    /// Packets and messages that were not.
    pub malformed: u64,
    /// Messages that came faster than they could be followed and were overtaken by newer ones.
    pub overtaken: u64,
}
