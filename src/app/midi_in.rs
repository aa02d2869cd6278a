//! What MIDI says, on the thread that hears it: keys and clocks go to the engine at once, the rest to the window.

use super::clock_follower::ClockFollower;
use crate::audio::AudioEngine;
use crate::session::KeySettings;
use crate::sync::Waker;
use crate::values::{KeyChange, KeyEvent};
use crossbeam_channel::Sender;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What the window is told.
#[derive(Clone, Debug, PartialEq)]
pub enum MidiMessage {
    Inputs(Vec<String>),
    Outputs(Vec<String>),
    Controller {
        number: u8,
        value: u8,
    },
    /// On the pins' channel, or while keys do not play.
    NoteOn {
        note: u8,
    },
    /// The engine has it already.
    Key(KeyEvent),
    /// 0..=1.
    Pressure(f32),
    /// 0..=1.
    Slide(f32),
    /// Another machine starts or stops.
    Run(bool),
}

/// One message as it came.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Heard {
    Controller {
        channel: u8,
        number: u8,
        value: u8,
    },
    Key(KeyEvent),
    Pressure(f32),
    Tick,
    /// From the beginning, or from where it stopped.
    Start {
        anew: bool,
    },
    Stop,
}

/// The hearing end; every input has a clone of it.
#[derive(Clone)]
pub struct MidiIn {
    audio: AudioEngine,
    route: Arc<Route>,
    messages_tx: Sender<MidiMessage>,
    waker: Waker,
}

#[derive(Default)]
struct Route {
    keys_on: AtomicBool,
    mpe: AtomicBool,
    slides: AtomicBool,
    pins_channel: AtomicU8,
    follows: AtomicBool,
    follower: Mutex<ClockFollower>,
}

impl MidiIn {
    /// Plays on `audio` and tells `messages_tx`.
    pub(super) fn new(audio: AudioEngine, messages_tx: Sender<MidiMessage>, waker: Waker) -> Self {
        Self {
            audio,
            route: Arc::default(),
            messages_tx,
            waker,
        }
    }

    /// Where notes go from now on.
    pub(super) fn route_keys(&self, on: bool, settings: &KeySettings) {
        self.route.keys_on.store(on, Relaxed);
        self.route.mpe.store(settings.mpe, Relaxed);
        self.route.slides.store(settings.slide.is_some(), Relaxed);
        self.route.pins_channel.store(settings.pins_channel, Relaxed);
    }

    /// Whether the clock follows MIDI from now on.
    pub(super) fn follow_clock(&self, follows: bool) {
        self.route.follows.store(follows, Relaxed);
        *self.follower() = ClockFollower::default();
    }

    /// The tempo that comes in; `None` where none does.
    pub(super) fn followed_bpm(&self, now: Instant) -> Option<f32> {
        self.route
            .follows
            .load(Relaxed)
            .then(|| self.follower().bpm(now))
            .flatten()
    }

    /// Hears the bytes of one message, which came `at`.
    pub fn hear(&self, bytes: &[u8], at: Instant) {
        let Some(heard) = parse(bytes) else { return };
        let message = match heard {
            Heard::Key(event) => self.on_key(event),
            Heard::Controller { channel, number, value } => self.on_controller(channel, number, value),
            Heard::Pressure(pressure) => Some(MidiMessage::Pressure(pressure)),
            Heard::Tick | Heard::Start { .. } | Heard::Stop => self.on_clock(heard, at),
        };
        if let Some(message) = message {
            self.tell(message);
        }
    }

    pub(super) fn tell(&self, message: MidiMessage) {
        // A window that is gone needs no messages.
        let _ = self.messages_tx.send(message);
        self.waker.wake();
    }

    fn on_key(&self, event: KeyEvent) -> Option<MidiMessage> {
        let is_key = self.route.keys_on.load(Relaxed) && event.channel != self.route.pins_channel.load(Relaxed);
        if is_key {
            self.audio.key(event);
            return Some(MidiMessage::Key(event));
        }
        match event.change {
            KeyChange::On { note, .. } => Some(MidiMessage::NoteOn { note }),
            _ => None,
        }
    }

    /// The pedal, the slide and "all notes off" are the keys' while they play.
    fn on_controller(&self, channel: u8, number: u8, value: u8) -> Option<MidiMessage> {
        const PEDAL: u8 = 64;
        const SLIDE: u8 = 74;
        const ALL_OFF: [u8; 2] = [120, 123];
        let is_pins = channel == self.route.pins_channel.load(Relaxed);
        if self.route.keys_on.load(Relaxed) && !is_pins {
            let change = match number {
                PEDAL => Some(KeyChange::Sustain(value >= 64)),
                number if ALL_OFF.contains(&number) => Some(KeyChange::AllOff),
                _ => None,
            };
            if let Some(change) = change {
                return self.on_key(KeyEvent { channel, change });
            }
            if number == SLIDE && self.route.slides.load(Relaxed) {
                return Some(MidiMessage::Slide(f32::from(value) / 127.0));
            }
        }
        Some(MidiMessage::Controller { number, value })
    }

    fn on_clock(&self, heard: Heard, at: Instant) -> Option<MidiMessage> {
        if !self.route.follows.load(Relaxed) {
            return None;
        }
        let mut follower = self.follower();
        match heard {
            Heard::Tick => {
                if let Some(beat) = follower.tick(at) {
                    beat.steer(&self.audio);
                }
                None
            }
            Heard::Start { anew } => {
                follower.start(anew);
                Some(MidiMessage::Run(true))
            }
            _ => {
                follower.stop();
                Some(MidiMessage::Run(false))
            }
        }
    }

    fn follower(&self) -> std::sync::MutexGuard<'_, ClockFollower> {
        self.route.follower.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Channel messages and real-time messages (MIDI 1.0, tables 1 and 5); a note with velocity 0 is a note off.
fn parse(bytes: &[u8]) -> Option<Heard> {
    let share = |value: u8| f32::from(value.min(127)) / 127.0;
    let (&status, data) = bytes.split_first()?;
    let channel = status & 0x0f;
    let key = |change: KeyChange| Some(Heard::Key(KeyEvent { channel, change }));
    match (status & 0xf0, data) {
        (0x80, [note, _]) | (0x90, [note, 0]) => key(KeyChange::Off { note: note & 0x7f }),
        (0x90, [note, velocity]) => key(KeyChange::On {
            note: note & 0x7f,
            velocity: share(*velocity),
        }),
        (0xa0, [_, pressure]) | (0xd0, [pressure]) => Some(Heard::Pressure(share(*pressure))),
        (0xb0, [number, value]) => Some(Heard::Controller {
            channel,
            number: *number,
            value: *value,
        }),
        (0xe0, [fine, coarse]) => {
            let bend = i32::from(*coarse & 0x7f) << 7 | i32::from(*fine & 0x7f);
            key(KeyChange::Bend((bend - 8_192) as f32 / 8_192.0))
        }
        _ => match status {
            0xf8 => Some(Heard::Tick),
            0xfa => Some(Heard::Start { anew: true }),
            0xfb => Some(Heard::Start { anew: false }),
            0xfc => Some(Heard::Stop),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn notes_bends_controllers_and_clocks_are_understood() {
        let on = |note, velocity| KeyChange::On { note, velocity };
        let key = |channel, change| Some(Heard::Key(KeyEvent { channel, change }));
        assert_eq!(parse(&[0x93, 60, 127]), key(3, on(60, 1.0)));
        assert_eq!(parse(&[0x90, 60, 0]), key(0, KeyChange::Off { note: 60 }));
        assert_eq!(parse(&[0x80, 60, 90]), key(0, KeyChange::Off { note: 60 }));
        assert_eq!(parse(&[0xe1, 0, 64]), key(1, KeyChange::Bend(0.0)));
        assert_eq!(parse(&[0xe1, 0, 0]), key(1, KeyChange::Bend(-1.0)));
        assert_eq!(parse(&[0xd2, 127]), Some(Heard::Pressure(1.0)));
        let (number, value) = (7, 100);
        assert_eq!(
            parse(&[0xb3, 7, 100]),
            Some(Heard::Controller {
                channel: 3,
                number,
                value
            })
        );
        assert_eq!(parse(&[0xf8]), Some(Heard::Tick));
        assert_eq!(parse(&[0xfa]), Some(Heard::Start { anew: true }));
        assert_eq!(parse(&[0xf0, 1, 2]), None);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_message_or_nothing(bytes in prop::collection::vec(any::<u8>(), 0..6)) {
            let _ = parse(&bytes);
        }
    }
}
