//! Keys from MIDI and the computer, the clock from taps and from other machines, and what moves by itself.

use super::{Rig, rig};
use songspace::session::{
    ClockSettings, ClockSync, Command, Gesture, KeySettings, MidiTarget, ModulationSource, Modulator, PlayPoint,
    Quantise, RootFrom,
};
use songspace::values::{ChunkId, Scale};
use std::time::{Duration, Instant};

impl Rig {
    fn midi(&self, bytes: &[u8]) {
        self.app().midi_in().hear(bytes, Instant::now());
    }

    fn key(&mut self, key: egui::Key, pressed: bool) {
        self.window.harness.event(egui::Event::Key {
            key,
            physical_key: Some(key),
            pressed,
            repeat: false,
            modifiers: egui::Modifiers::NONE,
        });
        self.frames(2);
    }
}

#[test]
fn notes_strike_pins_until_keys_play_and_then_on_their_own_channel_alone() {
    let mut rig = rig();
    rig.perform(Command::Play(PlayPoint::Chunk(ChunkId(7)), Gesture::Begin));
    rig.perform(Command::Release);
    let point = rig.app().session.selection.unwrap().point;
    rig.perform(Command::AddPin(point));
    rig.perform(Command::Play(PlayPoint::Chunk(ChunkId(90)), Gesture::Begin));
    rig.perform(Command::Release);
    rig.midi(&[0x90, 60, 100]);
    rig.wait_until("the pin is struck", |app| {
        app.session
            .selection
            .is_some_and(|selection| selection.chunk == ChunkId(7))
    });

    rig.perform(Command::PlayKeys(true));
    rig.perform(Command::Play(PlayPoint::Chunk(ChunkId(90)), Gesture::Begin));
    rig.perform(Command::Release);
    rig.midi(&[0x90, 60, 100]);
    rig.wait_until("the key is shown", |app| app.session.keys.held == [60]);
    assert_eq!(
        rig.app().session.selection.unwrap().chunk,
        ChunkId(90),
        "no pin is struck"
    );
    rig.midi(&[0x80, 60, 0]);
    rig.wait_until("the key is let go", |app| app.session.keys.held.is_empty());
    rig.midi(&[0x99, 60, 100]);
    rig.wait_until("pads strike pins", |app| {
        app.session
            .selection
            .is_some_and(|selection| selection.chunk == ChunkId(7))
    });
}

#[test]
fn the_computers_keys_play_notes_while_keys_are_on_and_shortcuts_before_and_after() {
    let mut rig = rig();
    rig.key(egui::Key::H, true);
    rig.key(egui::Key::H, false);
    assert!(rig.app().session.transport.hold_content, "H is a shortcut");
    rig.key(egui::Key::K, true);
    rig.key(egui::Key::K, false);
    assert!(rig.app().session.keys.on);
    assert!(rig.app().session.transport.playing, "a key needs something that plays");
    rig.key(egui::Key::H, true);
    assert_eq!(rig.app().session.keys.held, [68]);
    assert!(rig.app().session.transport.hold_content, "H is a note now");
    rig.key(egui::Key::Q, true);
    rig.key(egui::Key::H, false);
    assert_eq!(rig.app().session.keys.held, [72]);
    rig.key(egui::Key::PageDown, true);
    rig.key(egui::Key::Z, true);
    assert_eq!(rig.app().session.keys.held, [72, 48]);
    rig.key(egui::Key::K, true);
    assert!(!rig.app().session.keys.on && rig.app().session.keys.held.is_empty());
}

#[test]
fn the_root_is_found_or_chosen_and_settings_are_kept_in_range() {
    let mut rig = rig();
    rig.perform(Command::PlayKeys(true));
    rig.frames(3);
    assert_ne!(rig.app().session.keys.root.from, RootFrom::Chosen);
    rig.perform(Command::SetKeys(KeySettings {
        root: Some(50),
        scale: Scale::Dorian,
        attack_secs: 900.0,
        octave: 200,
        ..KeySettings::default()
    }));
    rig.frames(2);
    let session = &rig.app().session;
    assert_eq!(
        (session.keys.root.key, session.keys.root.from),
        (50.0, RootFrom::Chosen)
    );
    assert_eq!(
        (session.settings.keys.attack_secs, session.settings.keys.octave),
        (5.0, 8)
    );
}

#[test]
fn pressure_and_slide_move_what_they_are_told_to() {
    let mut rig = rig();
    rig.perform(Command::PlayKeys(true));
    rig.midi(&[0xd1, 127]);
    rig.frames(2);
    assert!(
        (rig.app().session.mixer.strength - 1.0).abs() < 1e-6,
        "pressure moves nothing yet"
    );
    rig.perform(Command::SetKeys(KeySettings {
        mpe: true,
        pressure: true,
        slide: Some(MidiTarget::Volume),
        ..KeySettings::default()
    }));
    rig.midi(&[0xd1, 127]);
    rig.midi(&[0xb1, 74, 0]);
    rig.wait_until("both have moved", |app| {
        app.session.mixer.strength > 2.5 && app.session.transport.volume < 0.01
    });
}

#[test]
fn taps_are_a_tempo_and_another_machine_leads_and_starts() {
    let mut rig = rig();
    rig.perform(Command::FollowClock(true));
    rig.perform(Command::SetClock(ClockSettings {
        quantise: Quantise::Bar,
        bpm: 9_000.0,
        ..ClockSettings::default()
    }));
    assert_eq!(rig.app().session.settings.clock.bpm, 400.0);
    for _ in 0..5 {
        rig.perform(Command::TapTempo);
        rig.frames(30);
    }
    let bpm = rig.app().session.settings.clock.bpm;
    assert!((bpm - 120.0).abs() < 1.0, "30 frames are half a second: {bpm}");

    let settings = rig.app().session.settings.clock.clone();
    rig.perform(Command::SetClock(ClockSettings {
        sync: ClockSync::Midi,
        ..settings
    }));
    let begun = Instant::now();
    let midi = rig.app().midi_in();
    midi.hear(&[0xfa], begun);
    for tick in 0..96u32 {
        // 150 BPM, whenever the messages are handed over.
        midi.hear(&[0xf8], begun + Duration::from_micros(16_667) * tick);
    }
    rig.wait_until("it plays", |app| app.session.transport.playing);
    midi.hear(&[0xf8], Instant::now());
    let bpm = rig.app().session.clock.followed_bpm;
    assert!(bpm.is_none_or(|bpm| (bpm - 150.0).abs() < 3.0), "{bpm:?}");
    midi.hear(&[0xfc], Instant::now());
    rig.wait_until("it stops", |app| !app.session.transport.playing);
}

#[test]
fn a_wave_moves_the_point_and_the_mood_while_something_plays() {
    let mut rig = rig();
    let wave = |target: MidiTarget| Modulator {
        source: ModulationSource::Wave {
            shape: Default::default(),
            beats: 1.0,
        },
        target,
        ..Modulator::default()
    };
    rig.perform(Command::SetModulators(vec![
        wave(MidiTarget::MapX),
        wave(MidiTarget::Arousal),
    ]));
    rig.frames(5);
    assert!(rig.app().session.selection.is_none(), "nothing plays yet");
    rig.perform(Command::Play(PlayPoint::Chunk(ChunkId(7)), Gesture::Begin));
    rig.perform(Command::Release);
    let before = rig.app().session.selection.unwrap().point;
    rig.wait_until("both have moved", |app| {
        let moved = app.session.selection.is_some_and(|selection| selection.point != before);
        moved
            && app
                .session
                .mixer
                .emotion
                .is_some_and(|(_, arousal)| arousal.abs() > 0.1)
    });
}
