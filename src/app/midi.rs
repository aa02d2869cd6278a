//! MIDI in: the inputs that are there and what they say. No device and no MIDI system is no error.

use crate::audio::with_alsa_logged;
use crate::sync::{Waker, Worker};
use crossbeam_channel::{Receiver, Sender, unbounded};
use midir::{Ignore, MidiInput, MidiInputConnection};
use std::time::Duration;

/// What an input said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MidiMessage {
    Inputs(Vec<String>),
    Controller { number: u8, value: u8 },
    NoteOn { note: u8 },
}

/// The listener; it looks for new inputs every few seconds.
pub struct Midi {
    messages_tx: Sender<MidiMessage>,
    messages: Receiver<MidiMessage>,
    waker: Waker,
    worker: Option<Worker>,
}

impl Midi {
    /// Not listening yet.
    pub fn new(waker: Waker) -> Self {
        let (messages_tx, messages) = unbounded();
        Self {
            messages_tx,
            messages,
            waker,
            worker: None,
        }
    }

    /// The next message, if there is one.
    pub fn poll(&self) -> Option<MidiMessage> {
        self.messages.try_recv().ok()
    }

    /// Listens to every input there is and will be.
    pub fn connect(&mut self) {
        let (tx, waker) = (self.messages_tx.clone(), self.waker.clone());
        self.worker = Some(Worker::spawn(
            "midi",
            move |stop| {
                const POLL: Duration = Duration::from_millis(200);
                const LOOK_EVERY: u32 = 15;
                let mut connections: Vec<(String, MidiInputConnection<()>)> = Vec::new();
                let mut polls = 0;
                while !stop.is_stopped() {
                    if polls % LOOK_EVERY == 0 {
                        with_alsa_logged(|| refresh(&mut connections, &tx, &waker));
                    }
                    polls += 1;
                    std::thread::sleep(POLL);
                }
            },
            |message| log::error!("MIDI died: {message}"),
        ));
    }
}

fn refresh(connections: &mut Vec<(String, MidiInputConnection<()>)>, tx: &Sender<MidiMessage>, waker: &Waker) {
    let Ok(scan) = MidiInput::new("songspace") else {
        return;
    };
    let named: Vec<_> = scan
        .ports()
        .into_iter()
        .filter_map(|port| Some((scan.port_name(&port).ok()?, port)))
        .filter(|(name, _)| !name.contains("Midi Through"))
        .collect();
    let before: Vec<String> = connections.iter().map(|(name, _)| name.clone()).collect();
    connections.retain(|(name, _)| named.iter().any(|(there, _)| there == name));
    for (name, port) in named {
        if connections.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let Ok(mut input) = MidiInput::new("songspace") else {
            continue;
        };
        input.ignore(Ignore::All);
        let (tx, waker) = (tx.clone(), waker.clone());
        let listen = move |_: u64, bytes: &[u8], (): &mut ()| {
            if let Some(message) = parse(bytes) {
                // A window that is gone needs no messages.
                let _ = tx.send(message);
                waker.wake();
            }
        };
        match input.connect(&port, "songspace-in", listen, ()) {
            Ok(connection) => connections.push((name, connection)),
            Err(error) => log::warn!("the MIDI input {name} cannot be used: {error}"),
        }
    }
    let after: Vec<String> = connections.iter().map(|(name, _)| name.clone()).collect();
    if before != after {
        let _ = tx.send(MidiMessage::Inputs(after));
        waker.wake();
    }
}

/// Channel messages only (MIDI 1.0, table 1); a note with velocity 0 is a note off.
fn parse(bytes: &[u8]) -> Option<MidiMessage> {
    match *bytes {
        [status, number, value] if status & 0xf0 == 0xb0 => Some(MidiMessage::Controller { number, value }),
        [status, note, velocity] if status & 0xf0 == 0x90 && velocity > 0 => Some(MidiMessage::NoteOn { note }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_controllers_and_struck_notes_are_heard() {
        assert_eq!(
            parse(&[0xb3, 7, 100]),
            Some(MidiMessage::Controller { number: 7, value: 100 })
        );
        assert_eq!(parse(&[0x90, 60, 64]), Some(MidiMessage::NoteOn { note: 60 }));
        assert_eq!(parse(&[0x90, 60, 0]), None);
        assert_eq!(parse(&[0xf8]), None);
    }
}
