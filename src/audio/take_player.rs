//! Not real-time: a score back to samples: the same calls and knobs at the same hops into a synth without a past.

use super::output::{Fade, SourceSender};
use super::score::{Call, CallKind, Note, Opening, Place, ScoreLane, SoundedPart};
use super::synth::{Controls, Repair, Retirement, Source, Synth, SynthLanes, Workshop};
use crate::dsp::BandAxis;
use crate::values::{ChunkAudio, DecodedChunk, KeyEvent, Recording, RecordingKey};
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Instant;

/// Recordings held at once where all are to be heard: .1 GB.
const MOST_RECORDINGS: usize = 96;

/// Keys on their way at once.
const KEYS: usize = 1_024;

/// Which recordings are heard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// All that there are, from the first moment on.
    #[default]
    Full,
    /// Each from when it came while the take was played.
    AsPlayed,
}

/// A take's score.
#[derive(Clone, Debug, Default)]
pub struct Score {
    /// What was there when it began.
    pub opening: Opening,
    /// In order.
    pub calls: Vec<Call>,
    /// In order.
    pub notes: Vec<Note>,
}

/// Makes again what calls left.
pub trait TakeMaterial {
    /// The chunk of `part`; its generation, moment and course do not matter. `None` where it cannot be made again.
    fn chunk(&mut self, part: &SoundedPart) -> Option<DecodedChunk>;

    /// The recording of `key`; `None` where it is nowhere.
    fn recording(&mut self, key: &RecordingKey) -> Option<Arc<Recording>>;

    /// The original to compare with that came next.
    fn original(&mut self) -> Option<Arc<ChunkAudio>>;
}

/// Plays a score without a device, as fast as it goes. Equal scores and materials are equal samples.
pub struct TakePlayer {
    synth: Synth,
    workshop: Workshop,
    retired: rtrb::Consumer<Arc<Source>>,
    sender: SourceSender,
    controls: Arc<Controls>,
    keys_tx: rtrb::Producer<KeyEvent>,
    fade: Fade,
    detail: Detail,
    calls: VecDeque<Call>,
    row: Vec<Arc<DecodedChunk>>,
    asked_at: Instant,
    hop_len: usize,
    /// Hops made, and whether voices play in them.
    hops: u64,
    plays: bool,
    /// Samples that were made and not handed over yet.
    made: VecDeque<[f32; 2]>,
    level: Level,
    heard: Vec<[f32; 2]>,
}

/// How what is made is handed over.
#[derive(Clone, Copy, Debug, Default)]
struct Level {
    target: f32,
    sounding: bool,
    since: u64,
}

impl TakePlayer {
    /// A player for a score with this beginning and these calls; notes follow one by one.
    pub fn new(opening: &Opening, calls: Vec<Call>, detail: Detail, material: &mut dyn TakeMaterial) -> Self {
        let axis = BandAxis::standard();
        let controls = Arc::new(Controls::of(&axis));
        let (decoded_tx, decoded_inbox) = triple_buffer::triple_buffer(&None);
        let (original_tx, original_inbox) = triple_buffer::triple_buffer(&None);
        let (retirement, retired) = Retirement::lane();
        let (repair, repair_lane) = Repair::lane();
        let (keys_tx, keys) = rtrb::RingBuffer::new(KEYS);
        let lanes = SynthLanes {
            decoded_inbox,
            original_inbox,
            keys,
            retirement,
            repair,
            score: ScoreLane::new().0,
        };
        let sender = SourceSender::new(
            decoded_tx,
            original_tx,
            axis.bands(),
            axis.hop_len(),
            axis.sample_rate_hz(),
        );
        let mut player = Self {
            synth: Synth::new(&axis, opening.seed, Arc::clone(&controls), lanes),
            workshop: Workshop::new(repair_lane, axis.clone(), opening.seed),
            retired,
            sender,
            controls,
            keys_tx,
            fade: Fade::new(axis.sample_rate_hz()),
            detail,
            calls: calls.into(),
            row: Vec::new(),
            asked_at: Instant::now(),
            hop_len: axis.hop_len(),
            hops: 0,
            plays: false,
            made: VecDeque::new(),
            level: Level::default(),
            heard: Vec::new(),
        };
        player.open(opening, material);
        player
    }

    /// Goes on to `note`; what sounded until then is there to be [taken](Self::take).
    pub fn play(&mut self, note: &Note, material: &mut dyn TakeMaterial) {
        match *note {
            Note::Begun { left, gain } => {
                self.fade.set(gain);
                // What is left of a hop from before the take is not known.
                self.made.extend(std::iter::repeat_n([0.0; 2], left as usize));
            }
            Note::Fresh { hop, serial, head } => {
                self.make_until(hop);
                self.catch_up(serial, material);
                self.workshop.tend();
                self.synth.begin_anew(head.map(f64::from_bits));
                self.plays = true;
            }
            Note::Took { hop, serial } => {
                self.make_until(hop);
                self.catch_up(serial, material);
            }
            Note::Turned { hop, knobs } => {
                self.make_until(hop);
                self.controls.turn(knobs);
            }
            Note::Sought { hop, fraction } => {
                self.make_until(hop);
                self.controls.seek.set(fraction);
            }
            Note::Started { hop, secs } => {
                self.make_until(hop);
                self.controls.start.set(secs, 0);
            }
            Note::Keys { hop, play } => {
                self.make_until(hop);
                self.controls.keys.set(play);
            }
            Note::Key { hop, event } => {
                self.make_until(hop);
                // The lane has room for more keys than voices take in a hop.
                let _ = self.keys_tx.push(event);
            }
            Note::Clock { hop, play, beat } => {
                self.make_until(hop);
                self.controls.clock.set(play);
                self.controls.clock.set_beat(f64::from_bits(beat));
            }
            Note::Level {
                place,
                target,
                sounding,
            } => {
                self.hear_until(place, sounding);
                self.level = Level {
                    target,
                    sounding,
                    since: place.sample,
                };
            }
            Note::Ended { place } => self.hear_until(place, false),
        }
    }

    /// What was handed over since the last call, left and right.
    pub fn take(&mut self) -> Vec<[f32; 2]> {
        std::mem::take(&mut self.heard)
    }

    fn open(&mut self, opening: &Opening, material: &mut dyn TakeMaterial) {
        self.sender.open_again(opening, self.most_recordings());
        for key in &opening.recordings {
            self.bring(key, material);
        }
        if !opening.row.is_empty() {
            self.put_row(opening.request, 0, &opening.row, material);
        }
        if opening.has_original {
            self.put_original(material.original());
        }
    }

    fn most_recordings(&self) -> Option<usize> {
        (self.detail == Detail::Full).then_some(MOST_RECORDINGS)
    }

    /// Makes all calls up to number `serial`.
    fn catch_up(&mut self, serial: u64, material: &mut dyn TakeMaterial) {
        while let Some(call) = self.calls.pop_front_if(|call| call.serial <= serial) {
            match &call.kind {
                CallKind::Row { request, kept, parts } => self.put_row(*request, *kept, parts, material),
                CallKind::Recording(key) => self.bring(key, material),
                CallKind::Detail(wanted) => self.sender.set_detail(*wanted),
                CallKind::Attack(wanted) => self.sender.set_attack(*wanted),
                CallKind::Original(true) => self.put_original(material.original()),
                CallKind::Original(false) => self.put_original(None),
            }
        }
    }

    fn put_row(&mut self, request: u64, kept: usize, parts: &[SoundedPart], material: &mut dyn TakeMaterial) {
        self.row.truncate(kept);
        for part in parts {
            let Some(chunk) = material.chunk(part) else { continue };
            if self.detail == Detail::Full
                && let Some(steering) = &chunk.steering
                && !self.sender.has_recording(&steering.recording)
            {
                let key = steering.recording.clone();
                self.bring(&key, material);
            }
            self.row.push(Arc::new(DecodedChunk {
                generation: request,
                asked_at: self.asked_at,
                course: part.course,
                ..chunk
            }));
        }
        if self.row.is_empty() {
            return;
        }
        let is_timed = false;
        // What the engine refused was not heard: the score goes on as it did.
        let _ = self.sender.put_decoded(&self.row, is_timed);
    }

    fn put_original(&mut self, original: Option<Arc<ChunkAudio>>) {
        let _ = self.sender.put_original(original);
    }

    fn bring(&mut self, key: &RecordingKey, material: &mut dyn TakeMaterial) {
        if let Some(recording) = material.recording(key) {
            self.sender.put_recording(recording);
        }
    }

    /// Makes all hops before number `hop`.
    fn make_until(&mut self, hop: u64) {
        while self.hops < hop {
            self.hops += 1;
            if self.plays {
                let (samples, _) = self.synth.hop();
                self.made.extend(samples);
                while self.retired.pop().is_ok() {}
                self.workshop.tend();
            } else {
                self.made.extend(std::iter::repeat_n([0.0; 2], self.hop_len));
            }
        }
    }

    /// Hands over what was made until `place`, or silence; what is left of a hop that is broken off is gone.
    fn hear_until(&mut self, place: Place, goes_on: bool) {
        self.make_until(place.hop);
        let Level {
            target,
            sounding,
            since,
        } = self.level;
        if sounding {
            while self.made.len() > place.left as usize
                && let Some(frame) = self.made.pop_front()
            {
                let frame = self.fade.next(frame, target);
                self.heard.push(frame);
            }
        } else {
            let silence = place.sample.saturating_sub(since) as usize;
            self.heard.extend(std::iter::repeat_n([0.0; 2], silence));
            self.fade.set(0.0);
        }
        if !goes_on {
            self.made.clear();
        }
    }
}
