//! MIDI in: controllers move what they were taught, notes play the pins. No device and no MIDI system is no error.

use super::App;
use crate::session::{Command, Gesture, MidiTarget, PlayPoint, Transport};
use crate::sync::{Waker, Worker};
use crate::values::STRENGTHS;
use crossbeam_channel::{Receiver, Sender, unbounded};
use midir::{Ignore, MidiInput, MidiInputConnection};
use std::time::Duration;

/// What an input said.
#[derive(Clone, Debug, PartialEq, Eq)]
enum MidiMessage {
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
                        refresh(&mut connections, &tx, &waker);
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

impl App {
    pub(super) fn listen_to_midi(&mut self) {
        while let Ok(message) = self.midi.messages.try_recv() {
            match message {
                MidiMessage::Inputs(names) => self.session.midi.inputs = names,
                MidiMessage::Controller { number, value } => self.on_controller(number, f32::from(value) / 127.0),
                MidiMessage::NoteOn { note } => self.on_note(note),
            }
        }
    }

    fn on_controller(&mut self, number: u8, t: f32) {
        if let Some(target) = self.session.midi.learning.take() {
            let bindings = &mut self.session.midi.bindings;
            bindings.retain(|(other, bound)| *other != number && *bound != target);
            bindings.push((number, target));
            self.session.settings.midi.clone_from(bindings);
        }
        let bound = self.session.midi.bindings.iter().find(|(other, _)| *other == number);
        if let Some((_, target)) = bound {
            self.turn(*target, t);
        }
    }

    /// Sets `target` to `t` (0..1) of its range.
    fn turn(&mut self, target: MidiTarget, t: f32) {
        let (valence, arousal) = self.session.mixer.emotion.unwrap_or((0.0, 0.0));
        let both = t * 2.0 - 1.0;
        let command = match target {
            MidiTarget::Genre(genre) => Command::SetFader { genre, level: t },
            MidiTarget::Valence => Command::SetEmotion(Some((both, arousal))),
            MidiTarget::Arousal => Command::SetEmotion(Some((valence, both))),
            MidiTarget::Strength => Command::SetStrength(t * STRENGTHS.end()),
            MidiTarget::Speed => {
                let (slowest, fastest) = (*Transport::SPEEDS.start(), *Transport::SPEEDS.end());
                Command::SetSpeed(slowest * (fastest / slowest).powf(t))
            }
            MidiTarget::Texture => Command::SetTexture(2.0 * t),
            MidiTarget::Volume => Command::SetVolume(t),
            MidiTarget::MapX | MidiTarget::MapY => {
                let Some(layout) = self.session.layout() else {
                    return;
                };
                let mut place = self
                    .session
                    .selection
                    .map_or([0.0, 0.0], |selection| layout.view_from_map(selection.point));
                place[usize::from(target == MidiTarget::MapY)] = both;
                Command::Play(PlayPoint::At(layout.map_from_view(place)), Gesture::Continue)
            }
        };
        self.perform(command);
    }

    /// White and black keys alike go through the pins in order.
    fn on_note(&mut self, note: u8) {
        let count = self.session.pins.len();
        if count > 0 {
            let pin = &self.session.pins[usize::from(note) % count];
            let point = PlayPoint::At(pin.point);
            self.perform(Command::Play(point, Gesture::Begin));
            self.perform(Command::Release);
        }
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
