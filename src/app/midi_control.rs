//! What MIDI moves: controllers what they were taught, notes play the pins.

use super::App;
use super::midi_in::{MidiIn, MidiMessage};
use crate::render::Act;
use crate::session::{Command, Gesture, MidiTarget, PlayPoint, Transport};
use crate::values::{KeyChange, STRENGTHS};

impl App {
    /// Where MIDI is heard: every input's messages come in there.
    pub fn midi_in(&self) -> MidiIn {
        self.midi.hears().clone()
    }

    pub(super) fn listen_to_midi(&mut self) {
        while let Some(message) = self.midi.poll() {
            match message {
                MidiMessage::Inputs(names) => self.session.midi.inputs = names,
                MidiMessage::Controller { number, value } => {
                    let value = f32::from(value) / 127.0;
                    self.take_act(Act::Controller { number, value });
                    self.on_controller(number, value);
                }
                MidiMessage::NoteOn { note } => {
                    self.take_act(Act::Note(note));
                    self.on_note(note);
                }
                MidiMessage::Outputs(names) => self.session.clock.outputs = names,
                MidiMessage::Key(event) => {
                    if let KeyChange::On { note, .. } = event.change {
                        self.take_act(Act::Note(note));
                    }
                    self.on_key(event);
                }
                MidiMessage::Pressure(pressure) => self.on_pressure(pressure),
                MidiMessage::Slide(slide) => self.on_slide(slide),
                MidiMessage::Run(runs) => self.run_with_others(runs),
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
    pub(super) fn turn(&mut self, target: MidiTarget, t: f32) {
        let (valence, arousal) = self.session.mixer.emotion.unwrap_or((0.0, 0.0));
        let both = t * 2.0 - 1.0;
        let command = match target {
            MidiTarget::Genre(genre) => Command::SetFader { genre, level: t },
            MidiTarget::Adventure => Command::SetAdventure(t),
            MidiTarget::Valence => Command::SetEmotion(Some((both, arousal))),
            MidiTarget::Arousal => Command::SetEmotion(Some((valence, both))),
            MidiTarget::Strength => Command::SetStrength(t * STRENGTHS.end()),
            MidiTarget::Speed => {
                let (slowest, fastest) = (*Transport::SPEEDS.start(), *Transport::SPEEDS.end());
                Command::SetSpeed(slowest * (fastest / slowest).powf(t))
            }
            MidiTarget::Texture => Command::SetTexture(2.0 * t),
            MidiTarget::Detail => Command::SetDetail(t),
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
            self.strike_pin(usize::from(note) % count);
        }
    }

    /// Plays the pin with this index in their list, if there is one, as a press that lets go at once.
    pub(super) fn strike_pin(&mut self, index: usize) {
        if let Some(pin) = self.session.pins.get(index) {
            self.strike(PlayPoint::On(pin.layout, pin.point));
        }
    }

    /// A press that lets go at once.
    pub(super) fn strike(&mut self, point: PlayPoint) {
        self.perform(Command::Play(point, Gesture::Begin));
        self.perform(Command::Release);
    }
}
