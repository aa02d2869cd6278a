//! What OSC moves, and what it is told: the newest of each once a frame.

use super::order::{GenreName, OscOrder, ROOT};
use super::socket::Listener;
use super::state::TELL_EVERY;
use crate::app::App;
use crate::render::Act;
use crate::session::{Banner, Command, Gesture, OscSettings, PlayMode, PlayPoint};
use crate::values::ChunkId;
use rosc::{OscMessage, OscPacket, OscType};
use std::time::Instant;

impl App {
    /// Opens and closes the port as `settings` say, and remembers them.
    pub(in crate::app) fn set_osc(&mut self, settings: OscSettings) {
        self.session.settings.osc = settings;
        self.osc.listener = None;
        self.osc.told.clear();
        self.session.osc = Default::default();
        if !settings.on {
            return;
        }
        match Listener::open(&settings, self.osc.waker.clone()) {
            Ok(listener) => self.osc.listener = Some(listener),
            Err(error) => {
                let text = format!(
                    "OSC cannot use port {}: {}. Another program may have it; choose another port in Play > OSC.",
                    settings.port,
                    crate::files::in_words(&error)
                );
                self.session.osc.problem = Some(text.clone());
                self.session.announce(Banner::warning(text));
            }
        }
    }

    /// Once a frame: does what was asked for, and tells what has changed.
    pub(in crate::app) fn listen_to_osc(&mut self) {
        let Some(listener) = &self.osc.listener else { return };
        let orders = {
            let mut inbox = listener.inbox();
            let status = &mut self.session.osc;
            (status.understood, status.malformed, status.overtaken) =
                (inbox.understood, inbox.malformed, inbox.overtaken);
            if let Some(problem) = inbox.problem.take() {
                status.problem = Some(problem);
            }
            inbox.empty()
        };
        for order in orders {
            self.take_act(Act::Message(format!("{order:?}")));
            self.follow_osc(order);
        }
        self.tell_osc();
    }

    fn follow_osc(&mut self, order: OscOrder) {
        let (valence, arousal) = self.session.mixer.emotion.unwrap_or((0.0, 0.0));
        let command = match order {
            OscOrder::Position(x, y) => {
                let Some(layout) = self.session.layout() else { return };
                let place = layout.map_from_view([x.clamp(-1.0, 1.0), y.clamp(-1.0, 1.0)]);
                Command::Play(PlayPoint::At(place), Gesture::Continue)
            }
            OscOrder::Clip(number) => {
                let Some(view) = &self.session.space else { return };
                let chunks = &view.snapshot.chunks;
                let Some(first) = chunks.iter().position(|chunk| chunk.clip.0 == number) else {
                    return;
                };
                return self.strike(PlayPoint::Chunk(ChunkId(first as u32)));
            }
            OscOrder::Chunk(number) => {
                let Some(view) = &self.session.space else { return };
                if number as usize >= view.snapshot.chunks.len() {
                    return;
                }
                return self.strike(PlayPoint::Chunk(ChunkId(number)));
            }
            OscOrder::Pin(number) => {
                return self.strike_pin(number as usize - 1);
            }
            OscOrder::Genre(name, level) => {
                let Some(genre) = self.genre_called(&name) else { return };
                Command::SetFader { genre, level }
            }
            OscOrder::Valence(valence) => Command::SetEmotion(Some((valence, arousal))),
            OscOrder::Arousal(arousal) => Command::SetEmotion(Some((valence, arousal))),
            OscOrder::AsRecorded => Command::AsRecorded,
            OscOrder::Strength(strength) => Command::SetStrength(strength),
            OscOrder::Detail(detail) => Command::SetDetail(detail),
            OscOrder::Speed(speed) => Command::SetSpeed(speed),
            OscOrder::Texture(texture) => Command::SetTexture(texture),
            OscOrder::Volume(volume) => Command::SetVolume(volume),
            OscOrder::Mode(name) => {
                let Some(mode) = mode_called(&name) else { return };
                Command::SetMode(mode)
            }
            OscOrder::Play(on) if on != self.session.transport.playing => Command::TogglePlay,
            OscOrder::Record(on) if on != self.session.transport.recording => Command::ToggleRecording,
            OscOrder::Play(_) | OscOrder::Record(_) => return,
        };
        self.perform(command);
    }

    fn genre_called(&self, name: &GenreName) -> Option<usize> {
        let genres = &self.session.space.as_ref()?.snapshot.meta.genres;
        match name {
            GenreName::Number(number) => Some(*number as usize).filter(|number| *number < genres.len()),
            GenreName::Name(name) => genres.iter().position(|genre| genre.eq_ignore_ascii_case(name)),
        }
    }

    fn tell_osc(&mut self) {
        let now = self.osc_state();
        self.osc.is_behind = self.osc.told_at.is_some_and(|at| at.elapsed() < TELL_EVERY) && now != self.osc.told;
        if self.osc.is_behind {
            return;
        }
        let changed: Vec<OscPacket> = now
            .iter()
            .filter(|message| !self.osc.told.contains(message))
            .map(|message| OscPacket::Message(message.clone()))
            .collect();
        if let Some(listener) = self.osc.listener.as_ref().filter(|_| !changed.is_empty()) {
            for packet in &changed {
                listener.tell(self.session.settings.osc.answer_port, packet);
            }
            (self.osc.told, self.osc.told_at) = (now, Some(Instant::now()));
        }
    }

    /// The state as messages, one for each part of it.
    fn osc_state(&self) -> Vec<OscMessage> {
        let session = &self.session;
        let tell = |address: &str, arguments: Vec<OscType>| OscMessage {
            addr: format!("{ROOT}now/{address}"),
            args: arguments,
        };
        let flag = |on: bool| vec![OscType::Int(on.into())];
        let float = |value: Option<f32>| OscType::Float(value.unwrap_or(-100.0));
        let mut messages = vec![
            tell("playing", flag(session.transport.playing)),
            tell("recording", flag(session.transport.recording)),
            tell(
                "level",
                vec![float(session.meters.peak_db), float(session.meters.rms_db)],
            ),
        ];
        messages.extend(
            session
                .meters
                .playhead
                .map(|place| tell("playhead", vec![OscType::Float(place)])),
        );
        messages.extend(self.sounding_beat().map(|beat| {
            let arguments = vec![OscType::Int(beat.number), OscType::Float(beat.tempo_bpm)];
            tell("beat", arguments)
        }));
        if let (Some(selection), Some(view)) = (&session.selection, &session.space) {
            if let Some(layout) = session.layout() {
                let [x, y] = layout.view_from_map(selection.point);
                messages.push(tell("position", vec![OscType::Float(x), OscType::Float(y)]));
            }
            let snapshot = &view.snapshot;
            if let Some(chunk) = snapshot.chunks.get(selection.chunk.0 as usize) {
                let title = snapshot.clips[chunk.clip.0 as usize].title.clone();
                messages.push(tell(
                    "clip",
                    vec![
                        OscType::Int(chunk.clip.0 as i32),
                        OscType::String(title),
                        OscType::Float(chunk.start_secs),
                    ],
                ));
            }
        }
        messages
    }
}

fn mode_called(name: &str) -> Option<PlayMode> {
    Some(match name.to_lowercase().as_str() {
        "loop" => PlayMode::Loop,
        "song" => PlayMode::Song,
        "endless" => PlayMode::Endless,
        "once" => PlayMode::OneShot,
        "freeze" => PlayMode::Freeze,
        _ => return None,
    })
}
