//! MIDI out: where it goes, and what it was told.

use crate::audio::with_alsa_logged;
use midir::{MidiOutput, MidiOutputConnection};
use std::collections::BTreeMap;

/// As other programs show it. JACK numbers clients of one name, and `songspace` is the one that sounds.
pub(super) const NAME: &str = if cfg!(feature = "jack-midi") {
    "songspace-midi"
} else {
    "songspace"
};

/// A change of a controller, on the first channel.
const CONTROL: u8 = 0xb0;

/// Where MIDI goes.
pub trait MidiSink: Send {
    /// Sends one message; a device that is gone is no error.
    fn send(&mut self, bytes: &[u8]);
}

impl MidiSink for MidiOutputConnection {
    fn send(&mut self, bytes: &[u8]) {
        if let Err(error) = Self::send(self, bytes) {
            log::debug!("MIDI was not taken: {error}");
        }
    }
}

/// Connects to the output called `name` as `port`; `None` where there is none.
pub(super) fn connect(name: &str, port: &str) -> Option<Box<dyn MidiSink>> {
    let connection = with_alsa_logged(|| {
        let output = MidiOutput::new(NAME).ok()?;
        let mut ports = output.ports().into_iter();
        let found = ports.find(|port| output.port_name(port).is_ok_and(|own| own == name))?;
        output.connect(&found, port).ok()
    })?;
    Some(Box::new(connection))
}

/// The output that is told of gestures.
pub struct GesturesOut {
    pub(super) name: String,
    sink: Option<Box<dyn MidiSink>>,
    told: BTreeMap<u8, u8>,
}

impl GesturesOut {
    /// Tells the output called `name`.
    pub(super) fn to_output(name: &str) -> Self {
        Self::new(name, connect(name, "songspace-gestures"))
    }

    /// Tells `sink`.
    pub(super) fn new(name: &str, sink: Option<Box<dyn MidiSink>>) -> Self {
        Self {
            name: name.to_owned(),
            sink,
            told: BTreeMap::new(),
        }
    }

    /// Sends those of `controls` (number and position, 0..=1) that have moved.
    pub(super) fn tell(&mut self, controls: Vec<(u8, f32)>) {
        let Some(sink) = &mut self.sink else { return };
        for (number, position) in controls {
            let value = (position.clamp(0.0, 1.0) * 127.0).round() as u8;
            if self.told.insert(number, value) != Some(value) {
                sink.send(&[CONTROL, number, value]);
            }
        }
    }
}
