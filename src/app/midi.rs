//! MIDI ports: the inputs and outputs that are there. No device and no MIDI system is no error.

use super::midi_in::{MidiIn, MidiMessage};
use super::midi_out::NAME;
use crate::audio::{AudioEngine, with_alsa_logged};
use crate::sync::{Waker, Worker};
use crossbeam_channel::{Receiver, unbounded};
use midir::{Ignore, MidiInput, MidiInputConnection, MidiOutput};
use std::time::{Duration, Instant};

/// The listener; it looks for new ports every few seconds.
pub struct Midi {
    hears: MidiIn,
    messages: Receiver<MidiMessage>,
    worker: Option<Worker>,
}

/// The connections of one listener and what it told last.
#[derive(Default)]
struct Ports {
    inputs: Vec<(String, MidiInputConnection<()>)>,
    outputs: Vec<String>,
}

impl Midi {
    /// Not listening yet; keys will play on `audio`.
    pub fn new(audio: AudioEngine, waker: Waker) -> Self {
        let (messages_tx, messages) = unbounded();
        Self {
            hears: MidiIn::new(audio, messages_tx, waker),
            messages,
            worker: None,
        }
    }

    /// Where every input's messages go.
    pub fn hears(&self) -> &MidiIn {
        &self.hears
    }

    /// The next message, if there is one.
    pub fn poll(&self) -> Option<MidiMessage> {
        self.messages.try_recv().ok()
    }

    /// Listens to every input there is and will be.
    pub fn connect(&mut self) {
        let hears = self.hears.clone();
        self.worker = Some(Worker::spawn(
            "midi",
            move |stop| {
                const POLL: Duration = Duration::from_millis(200);
                const LOOK_EVERY: u32 = 15;
                let mut ports = Ports::default();
                let mut polls = 0;
                while !stop.is_stopped() {
                    if polls % LOOK_EVERY == 0 {
                        with_alsa_logged(|| ports.refresh(&hears));
                    }
                    polls += 1;
                    std::thread::sleep(POLL);
                }
            },
            |message| log::error!("MIDI died: {message}"),
        ));
    }
}

impl Ports {
    fn refresh(&mut self, hears: &MidiIn) {
        self.refresh_inputs(hears);
        let Ok(scan) = MidiOutput::new(NAME) else { return };
        let ports = scan.ports();
        let names = ports.iter().filter_map(|port| scan.port_name(port).ok());
        let outputs: Vec<String> = names.filter(|name| is_foreign(name)).collect();
        if outputs != self.outputs {
            hears.tell(MidiMessage::Outputs(outputs.clone()));
            self.outputs = outputs;
        }
    }

    fn refresh_inputs(&mut self, hears: &MidiIn) {
        let Ok(scan) = MidiInput::new(NAME) else {
            return;
        };
        let named: Vec<_> = scan
            .ports()
            .into_iter()
            .filter_map(|port| Some((scan.port_name(&port).ok()?, port)))
            .filter(|(name, _)| is_foreign(name))
            .collect();
        let before: Vec<String> = self.inputs.iter().map(|(name, _)| name.clone()).collect();
        self.inputs
            .retain(|(name, _)| named.iter().any(|(there, _)| there == name));
        for (name, port) in named {
            if self.inputs.iter().any(|(known, _)| *known == name) {
                continue;
            }
            let Ok(mut input) = MidiInput::new(NAME) else {
                continue;
            };
            input.ignore(Ignore::SysexAndActiveSense);
            let hears = hears.clone();
            let listen = move |_: u64, bytes: &[u8], (): &mut ()| hears.hear(bytes, Instant::now());
            match input.connect(&port, "songspace-in", listen, ()) {
                Ok(connection) => self.inputs.push((name, connection)),
                Err(error) => log::warn!("the MIDI input {name} cannot be used: {error}"),
            }
        }
        let after: Vec<String> = self.inputs.iter().map(|(name, _)| name.clone()).collect();
        if before != after {
            hears.tell(MidiMessage::Inputs(after));
        }
    }
}

/// Neither the system's own loop nor a port of this program.
fn is_foreign(name: &str) -> bool {
    !name.contains("Midi Through") && !name.contains(NAME)
}
