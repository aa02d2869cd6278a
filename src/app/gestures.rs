//! What the hand does on the map and the sliders, sent as MIDI controllers.

use super::App;
use super::midi_out::GesturesOut;
use crate::session::Session;

const VOLUME: u8 = 7;
/// Undefined by MIDI; from here on in this order: x, y, valence, arousal, strength, detail, texture, speed.
const FIRST: u8 = 20;
/// The first genre's fader. Undefined as well, 18 of them.
const FIRST_GENRE: u8 = 102;
const MOST_GENRES: usize = 18;

impl App {
    /// Once a frame: opens and closes the output that is told of gestures, and tells it what has moved.
    pub(super) fn send_gestures(&mut self) {
        let wanted = self.session.settings.gestures_to.as_ref();
        let wanted = wanted.filter(|name| self.session.clock.outputs.contains(name));
        if self.gestures_out.as_ref().map(|out| &out.name) != wanted {
            self.gestures_out = wanted.map(|name| GesturesOut::to_output(name));
        }
        if let Some(out) = &mut self.gestures_out {
            out.tell(controls(&self.session));
        }
    }
}

/// Where everything stands that a hand moves.
fn controls(session: &Session) -> Vec<(u8, f32)> {
    let (mixer, transport) = (&session.mixer, &session.transport);
    let both_ways = |value: f32| 0.5 * (value + 1.0);
    let point = session.selection.zip(session.layout());
    let place = point.map(|(selection, layout)| layout.view_from_map(selection.point));
    let mood = mixer.emotion;
    let positions = [
        place.map(|[x, _]| both_ways(x)),
        place.map(|[_, y]| both_ways(y)),
        mood.map(|(valence, _)| both_ways(valence)),
        mood.map(|(_, arousal)| both_ways(arousal)),
        Some(mixer.strength / 3.0),
        Some(transport.detail),
        Some(transport.texture / 2.0),
        // 0.25 to 4 times, once in the middle.
        Some(both_ways(0.5 * transport.speed.max(0.25).log2())),
    ];
    let numbered = (FIRST..).zip(positions);
    let genres = (FIRST_GENRE..).zip(mixer.faders.iter().take(MOST_GENRES).copied());
    numbered
        .filter_map(|(number, position)| Some((number, position?)))
        .chain([(VOLUME, transport.volume)])
        .chain(genres)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::MidiSink;
    use crate::session::Mixer;
    use std::sync::{Arc, Mutex};

    #[derive(Clone, Default)]
    struct Heard(Arc<Mutex<Vec<Vec<u8>>>>);

    impl MidiSink for Heard {
        fn send(&mut self, bytes: &[u8]) {
            self.0.lock().unwrap().push(bytes.to_vec());
        }
    }

    #[test]
    fn what_moves_is_told_once_in_a_position_of_seven_bits() {
        let heard = Heard::default();
        let mut out = GesturesOut::new("a synthesiser", Some(Box::new(heard.clone())));
        let mut session = Session {
            mixer: Mixer::for_genres(30),
            ..Session::default()
        };
        out.tell(controls(&session));
        heard.0.lock().unwrap().clear();
        out.tell(controls(&session));
        assert!(heard.0.lock().unwrap().is_empty(), "nothing has moved");
        session.mixer.emotion = Some((1.0, -1.0));
        session.mixer.faders[2] = 0.5;
        session.mixer.faders[25] = 0.5;
        session.transport.speed = 2.0;
        out.tell(controls(&session));
        let mut told = heard.0.lock().unwrap().clone();
        told.sort();
        assert_eq!(
            told,
            [[0xb0, 22, 127], [0xb0, 23, 0], [0xb0, 27, 95], [0xb0, 104, 64]].map(Vec::from)
        );
    }
}
