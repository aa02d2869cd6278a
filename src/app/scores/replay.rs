//! A take played again in the window: what was done is done again, when it was done.

use super::replaying::Replay;
use crate::app::App;
use crate::render::{Act, TakeAct, TakeMode};
use crate::session::{Command, Gesture, PlayMode, PlayPoint, PlaybackSource};
use crate::values::ChunkId;
use std::collections::HashMap;
use std::mem::Discriminant;

impl App {
    /// Plays the open take from its first handle to its last, or stops that.
    pub(in crate::app) fn toggle_replay(&mut self) {
        if self.takes.replay.is_some() {
            self.end_replay();
            return;
        }
        let (Some(take), Some(view)) = (self.takes.open.clone(), &self.session.take) else {
            return;
        };
        if view.why_not.is_some() {
            return;
        }
        let (from, to) = (view.from, view.to);
        let rate = f64::from(take.header.rate_hz.max(1));
        let next = take.acts.partition_point(|act| act.at as f64 / rate < from);
        self.session.motion = None;
        let mut replay = Replay {
            zero_secs: self.now_secs - from,
            next,
            as_recorded: false,
            end_secs: to,
        };
        for act in newest_of_each(&take.acts[..next]) {
            self.do_again(&act, &mut replay);
        }
        self.takes.replay = Some(replay);
        self.advance_replay();
    }

    /// Whether a take is played again.
    pub(in crate::app) fn is_replaying(&self) -> bool {
        self.takes.replay.is_some()
    }

    /// What plays of the take stops; the sound goes on where it is.
    pub(in crate::app) fn end_replay(&mut self) {
        if self.takes.replay.take().is_some() && self.session.transport.playing {
            self.perform(Command::TogglePlay);
        }
        if let Some(view) = &mut self.session.take {
            view.playhead = None;
        }
    }

    /// Does what is due.
    pub(super) fn advance_replay(&mut self) {
        let (Some(take), Some(mut replay)) = (self.takes.open.clone(), self.takes.replay.take()) else {
            return;
        };
        let now = self.now_secs - replay.zero_secs;
        let due = (now.min(replay.end_secs) * f64::from(take.header.rate_hz)) as u64;
        while let Some(act) = take.acts.get(replay.next).filter(|act| act.at <= due) {
            replay.next += 1;
            self.do_again(&act.act, &mut replay);
        }
        let is_over = now >= replay.end_secs;
        self.takes.replay = Some(replay);
        if is_over {
            self.end_replay();
        } else if let Some(view) = &mut self.session.take {
            view.playhead = Some(now);
        }
    }

    fn do_again(&mut self, act: &Act, replay: &mut Replay) {
        if let Act::AsRecorded(on) = act {
            replay.as_recorded = *on;
        }
        if let Some(command) = self.command_of(act, replay.as_recorded) {
            self.perform(command);
        }
    }

    /// What `act` is in the window as it stands; `None` where it is so already or was only noted.
    fn command_of(&self, act: &Act, as_recorded: bool) -> Option<Command> {
        let gesture = |pressed: bool| if pressed { Gesture::Begin } else { Gesture::Continue };
        let transport = &self.session.transport;
        Some(match *act {
            Act::Place { layout, x, y, pressed } => {
                let layout = self.session.space.as_ref()?.layout(layout)?;
                let point = PlayPoint::On(layout.kind, layout.map_from_view([x, y]));
                Command::Play(point, gesture(pressed))
            }
            Act::Chunk { chunk, pressed, .. } => Command::Play(PlayPoint::Chunk(ChunkId(chunk)), gesture(pressed)),
            Act::Sample(number) => {
                let place = self.session.samples.iter().position(|sample| *sample == number)?;
                Command::PlaySample(place)
            }
            Act::Released => Command::Release,
            Act::Playing(on) if on != transport.playing => Command::TogglePlay,
            Act::Mode(mode) => Command::SetMode(match mode {
                TakeMode::Loop => PlayMode::Loop,
                TakeMode::Song => PlayMode::Song,
                TakeMode::Once => PlayMode::OneShot,
                TakeMode::Freeze => PlayMode::Freeze,
                TakeMode::Endless => PlayMode::Endless,
            }),
            Act::Hold(on) => Command::SetHoldContent(on),
            Act::Original(on) => Command::SetSource(if on {
                PlaybackSource::Original
            } else {
                PlaybackSource::Model
            }),
            Act::MatchLoudness(on) => Command::SetMatchLoudness(on),
            Act::Speed(value) => Command::SetSpeed(value),
            Act::Volume(value) => Command::SetVolume(value),
            Act::Texture(value) => Command::SetTexture(value),
            Act::Detail(value) => Command::SetDetail(value),
            Act::Adventure(value) => Command::SetAdventure(value),
            Act::Region(region) => Command::SetRegion(region),
            Act::Start(secs) => Command::SetStart(secs),
            Act::Strength(value) => Command::SetStrength(value),
            Act::Fader { genre, level } if !as_recorded => Command::SetFader { genre, level },
            Act::Mood(mood) if !as_recorded => Command::SetEmotion(mood),
            Act::AsRecorded(true) => Command::AsRecorded,
            Act::Global { dim, value } => Command::SetGlobal { dim, value },
            Act::Playing(_)
            | Act::Fader { .. }
            | Act::Mood(_)
            | Act::AsRecorded(false)
            | Act::Compared(_)
            | Act::Controller { .. }
            | Act::Note(_)
            | Act::Message(_) => return None,
        })
    }
}

/// The newest of `acts` of each kind, in order: how everything stood after them.
fn newest_of_each(acts: &[TakeAct]) -> Vec<Act> {
    let mut newest: HashMap<(Discriminant<Act>, usize), usize> = HashMap::new();
    for (index, TakeAct { act, .. }) in acts.iter().enumerate() {
        let which = match act {
            Act::Fader { genre, .. } => *genre,
            Act::Global { dim, .. } => *dim,
            _ => 0,
        };
        newest.insert((std::mem::discriminant(act), which), index);
    }
    let mut indices: Vec<usize> = newest.into_values().collect();
    indices.sort_unstable();
    indices.into_iter().map(|index| acts[index].act.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::ActBy;

    #[test]
    fn before_its_first_handle_only_how_things_stood_counts() {
        let acts = [
            Act::Detail(0.1),
            Act::Fader { genre: 0, level: 0.2 },
            Act::Fader { genre: 1, level: 0.3 },
            Act::Detail(0.4),
            Act::Fader { genre: 0, level: 0.5 },
        ];
        let acts = acts.map(|act| TakeAct {
            at: 0,
            by: ActBy::Hand,
            act,
        });
        let left = newest_of_each(&acts);
        assert_eq!(
            left,
            [
                Act::Fader { genre: 1, level: 0.3 },
                Act::Detail(0.4),
                Act::Fader { genre: 0, level: 0.5 }
            ]
        );
    }
}
