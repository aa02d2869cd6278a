//! Not real-time: chunks come in here, are checked, brought to the engine's rate and left for the synth to take.

use super::sent_row::SentRow;
use crate::audio::AudioError;
use crate::audio::score::{Call, CallKind, Opening, SoundedPart};
use crate::audio::synth::{Origin, Part, Source, SourceKind, attack_of};
use crate::dsp::resample;
use crate::values::{ChunkAudio, DecodedChunk, Recording, RecordingKey};
use crossbeam_channel::Sender;
use std::collections::VecDeque;
use std::sync::Arc;

/// Recordings held for the row that plays, 1 MB each.
const RECORDINGS: usize = Recording::MOST_AHEAD * 3 / 2;

type SourceTray = triple_buffer::Input<Option<Arc<Source>>>;

/// The sending end of the synth's two inboxes. What the synth has not taken yet is replaced, and freed here.
pub struct SourceSender {
    decoded: SourceTray,
    original: SourceTray,
    bands: usize,
    hop_len: usize,
    sample_rate_hz: u32,
    sent: Option<SentRow>,
    /// The newest at the end.
    recordings: VecDeque<Arc<Recording>>,
    /// Whether recordings are to sound at all.
    wants_detail: bool,
    /// Whether notes begin at the attack, which is then looked for.
    wants_attack: bool,
    /// Recordings held at most.
    most_recordings: usize,
    has_original: bool,
    /// Number of the newest call.
    serial: u64,
    /// Where calls are told while a take is scored.
    calls: Option<Sender<Call>>,
}

impl SourceSender {
    /// For a synth with frames of `bands`, `hop_len` samples of `sample_rate_hz` apart.
    pub fn new(decoded: SourceTray, original: SourceTray, bands: usize, hop_len: usize, sample_rate_hz: u32) -> Self {
        Self {
            decoded,
            original,
            bands,
            hop_len,
            sample_rate_hz,
            sent: None,
            recordings: VecDeque::with_capacity(RECORDINGS),
            wants_detail: true,
            wants_attack: false,
            most_recordings: RECORDINGS,
            has_original: false,
            serial: 0,
            calls: None,
        }
    }

    /// Leaves a row of chunks; `timed` when somebody waits to hear it. A row that begins like the last one and goes on is taken
    /// for more of the same.
    ///
    /// # Errors
    /// Nothing in it, or frames of another axis, or a mixture of frames and samples.
    pub fn put_decoded(&mut self, row: &[Arc<DecodedChunk>], timed: bool) -> Result<(), AudioError> {
        self.count(|sent| SentRow::call(sent, row));
        if let Some(course) = row.first().and_then(|chunk| chunk.course) {
            return self.put_course(row, course.number, timed);
        }
        let mut sent = self
            .sent
            .take()
            .filter(|sent| sent.is_beginning_of(row))
            .unwrap_or_default();
        for chunk in &row[sent.parts.len()..] {
            sent.parts.push(self.part(chunk)?);
        }
        sent.origin = sent.origin.or(row.first().map(|chunk| origin(chunk, timed)));
        self.send(sent)
    }

    /// More of a row without end, whose first part has number `first`, or another row that goes on from there.
    fn put_course(&mut self, row: &[Arc<DecodedChunk>], first: u64, timed: bool) -> Result<(), AudioError> {
        let mut sent = match self.sent.take() {
            Some(sent) if row.first().is_some_and(|chunk| sent.answers_as(chunk)) => sent,
            before => SentRow {
                lead: before.map_or(0, |before| before.start_of(first, self.hop_len)),
                ..SentRow::default()
            },
        };
        for chunk in row {
            let part = self.part(chunk)?;
            match chunk.course.and_then(|course| sent.index_of(course.number)) {
                // It comes again once its samples have levels.
                Some(index) if chunk.steering.is_some() && sent.parts[index].0.steering().is_none() => {
                    sent.parts[index] = part;
                    sent.raises.forget(index);
                }
                Some(_) => {}
                None => sent.parts.push(part),
            }
        }
        sent.origin = sent.origin.or(row.first().map(|chunk| origin(chunk, timed)));
        sent.let_go(self.hop_len);
        self.send(sent)
    }

    /// Tells every call to `calls` from now on, and says what was left before.
    pub fn open_score(&mut self, seed: u64, calls: Sender<Call>) -> Opening {
        self.calls = Some(calls);
        let sent = self.sent.as_ref();
        let chunks = sent.into_iter().flat_map(|sent| &sent.parts);
        Opening {
            seed,
            serial: self.serial,
            request: sent.and_then(|sent| sent.origin).map_or(0, |origin| origin.generation),
            lead: sent.map_or(0, |sent| sent.lead),
            row: chunks.filter_map(|(part, _)| sounded(part)).collect(),
            recordings: self
                .recordings
                .iter()
                .map(|recording| recording.key().clone())
                .collect(),
            wants_detail: self.wants_detail,
            wants_attack: self.wants_attack,
            has_original: self.has_original,
        }
    }

    /// Nobody is told any more.
    pub fn close_score(&mut self) {
        self.calls = None;
    }

    /// As an engine was whose score begins so, before its row is left again; holds as many recordings, or `most_recordings`.
    pub fn open_again(&mut self, opening: &Opening, most_recordings: Option<usize>) {
        (self.wants_detail, self.wants_attack) = (opening.wants_detail, opening.wants_attack);
        self.serial = opening.serial;
        self.most_recordings = most_recordings.unwrap_or(RECORDINGS);
        self.sent = Some(SentRow {
            lead: opening.lead,
            ..SentRow::default()
        });
    }

    /// One more call; it is told where a take is scored.
    fn count(&mut self, kind: impl FnOnce(Option<&SentRow>) -> CallKind) {
        self.serial += 1;
        if let Some(calls) = &self.calls {
            // Whoever kept the score is gone: it is not scored any more.
            let _ = calls.send(Call {
                serial: self.serial,
                kind: kind(self.sent.as_ref()),
            });
        }
    }

    /// Generation and number of the last part of the row without end that was sent last.
    pub fn course_end(&self) -> Option<(u64, u64)> {
        let sent = self.sent.as_ref()?;
        Some((sent.origin?.generation, sent.end()?))
    }

    fn part(&self, chunk: &Arc<DecodedChunk>) -> Result<(Part, SourceKind), AudioError> {
        let (converted, kind) = self.playable(&chunk.audio)?;
        let part = match converted {
            Some(audio) => Part::Instead(Arc::clone(chunk), audio),
            None => Part::Decoded(Arc::clone(chunk)),
        };
        Ok((part, kind))
    }

    fn send(&mut self, mut sent: SentRow) -> Result<(), AudioError> {
        let source = self.source(&mut sent)?;
        self.decoded.write(Some(Arc::new(source)));
        self.sent = Some(sent);
        Ok(())
    }

    /// Lets the row sent last, and those to come, play `recording` where it is theirs.
    pub fn put_recording(&mut self, recording: Arc<Recording>) {
        self.count(|_| CallKind::Recording(recording.key().clone()));
        self.recordings.retain(|known| known.key() != recording.key());
        if self.recordings.len() >= self.most_recordings {
            self.recordings.pop_front();
        }
        let is_wanted = self.sent.as_ref().is_some_and(|sent| sent.wants(&recording));
        self.recordings.push_back(recording);
        if is_wanted {
            self.send_again();
        }
    }

    /// Whether the recording of `key` is at hand.
    pub fn has_recording(&self, key: &RecordingKey) -> bool {
        self.recordings.iter().any(|known| known.key() == key)
    }

    /// What was sent once can be sent again.
    fn send_again(&mut self) {
        let Some(mut sent) = self.sent.take() else {
            return;
        };
        if let Ok(source) = self.source(&mut sent) {
            self.decoded.write(Some(Arc::new(source)));
        }
        self.sent = Some(sent);
    }

    /// `parts` by the levels that their samples have, where one of their recordings is here to be mixed with.
    fn by_levels(&self, parts: &[(Part, SourceKind)]) -> Option<Vec<(Part, SourceKind)>> {
        let is_here = |part: &Part| {
            part.steering()
                .is_some_and(|steering| self.recordings.iter().any(|held| *held.key() == steering.recording))
        };
        if !self.wants_detail || !parts.iter().any(|(part, _)| is_here(part)) {
            return None;
        }
        let levels = |(part, _): &(Part, SourceKind)| match part {
            Part::Decoded(chunk) | Part::Instead(chunk, _) => {
                let levels = chunk.steering.as_ref()?.levels.as_ref()?;
                Some((
                    Part::Instead(Arc::clone(chunk), Arc::clone(levels)),
                    SourceKind::Spectral,
                ))
            }
            Part::Shared(_) => None,
        };
        parts.iter().map(levels).collect()
    }

    /// Whether recordings are to sound: chunks of samples sound by themselves where not.
    pub fn set_detail(&mut self, wanted: bool) {
        if std::mem::replace(&mut self.wants_detail, wanted) != wanted {
            self.count(|_| CallKind::Detail(wanted));
            self.send_again();
        }
    }

    /// Whether notes begin at the attack of what was sent, from now on.
    pub fn set_attack(&mut self, wanted: bool) {
        let wanted_before = std::mem::replace(&mut self.wants_attack, wanted);
        if wanted != wanted_before {
            self.count(|_| CallKind::Attack(wanted));
        }
        if wanted && !wanted_before {
            self.send_again();
        }
    }

    /// Leaves `source` as it is.
    #[cfg(test)]
    pub fn put(&mut self, source: Source) {
        self.decoded.write(Some(Arc::new(source)));
    }

    /// Leaves the original to compare with, or takes it away.
    ///
    /// # Errors
    /// As [`put_decoded`](Self::put_decoded).
    pub fn put_original(&mut self, original: Option<Arc<ChunkAudio>>) -> Result<(), AudioError> {
        self.count(|_| CallKind::Original(original.is_some()));
        self.has_original = original.is_some();
        let source = match original {
            None => None,
            Some(audio) => {
                let (converted, kind) = self.playable(&audio)?;
                let part = Part::Shared(converted.unwrap_or(audio));
                Some(Arc::new(self.source(&mut SentRow {
                    parts: vec![(part, kind)],
                    ..SentRow::default()
                })?))
            }
        };
        self.original.write(source);
        Ok(())
    }

    fn source(&self, sent: &mut SentRow) -> Result<Source, AudioError> {
        let unplayable = |reason: &str| AudioError::Unplayable(reason.to_owned());
        let parts = self.by_levels(&sent.parts).unwrap_or_else(|| sent.parts.clone());
        let kind = parts
            .first()
            .map(|(_, kind)| *kind)
            .ok_or_else(|| unplayable("the row is empty"))?;
        if parts.iter().any(|(_, other)| *other != kind) {
            return Err(unplayable("frames and samples cannot share a row"));
        }
        let parts = parts.into_iter().map(|(part, _)| part).collect();
        let lead = match kind {
            SourceKind::Spectral => sent.lead,
            SourceKind::Pcm => sent.lead * self.hop_len,
        };
        let source = Source::after(lead, parts, kind, self.hop_len, sent.origin);
        let source = source.ok_or_else(|| unplayable("it holds no sound"))?;
        let mut source = source.with_recordings(self.recordings.iter(), &mut sent.raises);
        source.serial = self.serial;
        if self.wants_attack && sent.parts.len() == 1 {
            source.attack = attack_of(&source, self.hop_len);
        }
        Ok(source)
    }

    /// `audio` at the engine's rate, `None` where it is that already, and the voice that it needs.
    fn playable(&self, audio: &ChunkAudio) -> Result<(Option<Arc<ChunkAudio>>, SourceKind), AudioError> {
        match audio {
            ChunkAudio::Spectral { log_amplitude, texture } => {
                if log_amplitude.width() != self.bands || texture.width() != self.bands {
                    return Err(AudioError::Unplayable(format!(
                        "its frames have {} and {} bands, the engine has {}",
                        log_amplitude.width(),
                        texture.width(),
                        self.bands
                    )));
                }
                Ok((None, SourceKind::Spectral))
            }
            ChunkAudio::Pcm { channels, .. } if !(1..=2).contains(channels) => Err(AudioError::Unplayable(format!(
                "it has {channels} channels, the engine plays one or two"
            ))),
            ChunkAudio::Pcm { sample_rate_hz, .. } if *sample_rate_hz == self.sample_rate_hz => {
                Ok((None, SourceKind::Pcm))
            }
            ChunkAudio::Pcm {
                samples,
                channels,
                sample_rate_hz,
            } => {
                let converted = ChunkAudio::Pcm {
                    samples: self.converted(samples, *channels, *sample_rate_hz)?,
                    channels: *channels,
                    sample_rate_hz: self.sample_rate_hz,
                };
                Ok((Some(Arc::new(converted)), SourceKind::Pcm))
            }
        }
    }

    /// Interleaved `samples` of `from_hz` at the engine's rate.
    fn converted(&self, samples: &[f32], channels: usize, from_hz: u32) -> Result<Vec<f32>, AudioError> {
        let channel = |channel: usize| {
            let own: Vec<f32> = samples.iter().skip(channel).step_by(channels).copied().collect();
            resample(&own, from_hz, self.sample_rate_hz).map_err(|reason| AudioError::Rate {
                rate_hz: self.sample_rate_hz,
                reason,
            })
        };
        let left = channel(0)?;
        if channels == 1 {
            return Ok(left);
        }
        let right = channel(1)?;
        Ok(left
            .into_iter()
            .zip(right)
            .flat_map(|(left, right)| [left, right])
            .collect())
    }
}

fn sounded(part: &Part) -> Option<SoundedPart> {
    match part {
        Part::Decoded(chunk) | Part::Instead(chunk, _) => Some(SoundedPart::of(chunk)),
        Part::Shared(_) => None,
    }
}

fn origin(chunk: &DecodedChunk, timed: bool) -> Origin {
    Origin {
        generation: chunk.generation,
        asked_at: chunk.asked_at,
        is_timed: timed,
    }
}
