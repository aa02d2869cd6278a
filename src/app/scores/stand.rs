//! How everything stands that a hand can move, and what was done between two such moments.

use crate::decode::{Choice, Place};
use crate::render::{Act, TakeMode};
use crate::session::{PlayMode, PlaybackSource, Session};
use crate::space::LayoutKind;
use crate::values::LoopRegion;

/// Where the point is.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Point {
    layout: LayoutKind,
    view: [f32; 2],
    /// Set where one chunk exactly was chosen.
    chunk: Option<u32>,
}

/// Everything at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Stand {
    point: Option<Point>,
    sample: Option<u64>,
    held: bool,
    playing: bool,
    mode: TakeMode,
    hold: bool,
    original: bool,
    match_loudness: bool,
    as_recorded: bool,
    /// Speed, volume, texture, detail, adventure, strength.
    knobs: [f32; 6],
    region: Option<LoopRegion>,
    start_secs: Option<f32>,
    faders: Vec<f32>,
    mood: Option<(f32, f32)>,
}

const KNOBS: [fn(f32) -> Act; 6] = [
    Act::Speed,
    Act::Volume,
    Act::Texture,
    Act::Detail,
    Act::Adventure,
    Act::Strength,
];

impl Stand {
    /// As everything stands in `session`, with the hand on the map or not, and what it has chosen.
    pub fn of(session: &Session, held: bool, choice: Option<&Choice>) -> Self {
        let transport = &session.transport;
        let point = session
            .layout()
            .zip(session.selection)
            .map(|(layout, selection)| Point {
                layout: layout.kind,
                view: layout.view_from_map(selection.point),
                chunk: choice.and_then(|choice| match choice.place {
                    Place::Chunk(chunk) => Some(chunk.0),
                    Place::At { .. } | Place::Draw { .. } => None,
                }),
            });
        Self {
            point: point.filter(|_| session.sample.is_none()),
            sample: session.sample,
            held,
            playing: transport.playing,
            mode: take_mode(transport.mode),
            hold: transport.hold_content,
            original: transport.source == PlaybackSource::Original,
            match_loudness: transport.match_loudness,
            as_recorded: session.mixer.as_recorded,
            knobs: [
                transport.speed,
                transport.volume,
                transport.texture,
                transport.detail,
                transport.adventure,
                session.mixer.strength,
            ],
            region: transport.region,
            start_secs: transport.start_secs,
            faders: session.mixer.faders.clone(),
            mood: session.mixer.emotion,
        }
    }

    /// What was done since `before`, or all of it where nothing was written down before; `pressed` where a point was pressed.
    pub fn acts_since(&self, before: Option<&Self>, pressed: bool) -> Vec<Act> {
        let mut acts = Vec::new();
        macro_rules! changed {
            ($field:ident, $act:expr) => {
                if before.is_none_or(|before| before.$field != self.$field) {
                    acts.push($act);
                }
            };
        }
        changed!(mode, Act::Mode(self.mode));
        changed!(hold, Act::Hold(self.hold));
        changed!(original, Act::Original(self.original));
        changed!(match_loudness, Act::MatchLoudness(self.match_loudness));
        changed!(as_recorded, Act::AsRecorded(self.as_recorded));
        for (index, act) in KNOBS.into_iter().enumerate() {
            if before.is_none_or(|before| before.knobs[index] != self.knobs[index]) {
                acts.push(act(self.knobs[index]));
            }
        }
        // Without them nothing is said: most takes have none.
        if before.map_or(self.region.is_some(), |before| before.region != self.region) {
            acts.push(Act::Region(self.region));
        }
        if before.map_or(self.start_secs.is_some(), |before| before.start_secs != self.start_secs) {
            acts.push(Act::Start(self.start_secs));
        }
        // Faders that have followed the labels say what they say now.
        let known = before.filter(|before| before.as_recorded == self.as_recorded);
        for (genre, level) in self.faders.iter().copied().enumerate() {
            if known.is_none_or(|before| before.faders.get(genre) != Some(&level)) {
                acts.push(Act::Fader { genre, level });
            }
        }
        if known.is_none_or(|before| before.mood != self.mood) {
            acts.push(Act::Mood(self.mood));
        }
        if let Some(sample) = self.sample
            && before.is_none_or(|before| before.sample != self.sample)
        {
            acts.push(Act::Sample(sample));
        }
        if let Some(point) = self.point
            && (pressed || before.is_none_or(|before| before.point != self.point))
        {
            acts.push(point.act(pressed));
        }
        if before.is_some_and(|before| before.held && !self.held) {
            acts.push(Act::Released);
        }
        changed!(playing, Act::Playing(self.playing));
        acts
    }
}

impl Point {
    fn act(self, pressed: bool) -> Act {
        let [x, y] = self.view;
        match self.chunk {
            Some(chunk) => Act::Chunk { chunk, x, y, pressed },
            None => Act::Place {
                layout: self.layout,
                x,
                y,
                pressed,
            },
        }
    }
}

fn take_mode(mode: PlayMode) -> TakeMode {
    match mode {
        PlayMode::Loop => TakeMode::Loop,
        PlayMode::Song => TakeMode::Song,
        PlayMode::OneShot => TakeMode::Once,
        PlayMode::Freeze => TakeMode::Freeze,
        PlayMode::Endless => TakeMode::Endless,
    }
}
