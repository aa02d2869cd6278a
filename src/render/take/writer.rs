//! A take's file as it is written: line by line, handed to the disk with every piece of news.

use super::act::TakeAct;
use super::error::TakeError;
use super::line::{CallLine, CallWhat, FORMAT, Line, OpeningLine, SoundedLine, TakeHeader};
use super::part_line::{FramesLine, PartLine};
use crate::audio::{CallKind, Opening, ScoreNews, SoundedPart};
use crate::values::{DecodeOrder, Frames};
use serde::Serialize;
use std::collections::hash_map::DefaultHasher;
use std::collections::{HashMap, VecDeque};
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Orders that are remembered as written: a row names those of its request again and again.
const REMEMBERED: usize = 1_024;

/// Writes a take.
pub struct TakeWriter {
    out: BufWriter<File>,
    path: PathBuf,
    parts: VecDeque<(Arc<DecodeOrder>, u32)>,
    next_part: u32,
    /// Frames that were written, by a digest.
    frames: HashMap<u64, Vec<(Frames, u32)>>,
    next_frames: u32,
    lost: u64,
}

impl TakeWriter {
    /// Begins the file `path`, its folder if need be, with `header` and what was there at the beginning.
    ///
    /// # Errors
    /// The file cannot be made.
    pub fn create(path: &Path, header: TakeHeader, opening: &Opening) -> Result<Self, TakeError> {
        let failed = |source| TakeError::Append {
            path: path.to_owned(),
            source,
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let file = std::fs::create_dir_all(folder)
            .and_then(|()| File::create(path))
            .map_err(failed)?;
        let mut writer = Self {
            out: BufWriter::new(file),
            path: path.to_owned(),
            parts: VecDeque::new(),
            next_part: 0,
            frames: HashMap::new(),
            next_frames: 0,
            lost: 0,
        };
        writer.line(&TakeHeader {
            format: FORMAT,
            ..header
        })?;
        let row = writer.sounded(&opening.row)?;
        writer.line(&Line::Opening(OpeningLine {
            seed: opening.seed,
            serial: opening.serial,
            request: opening.request,
            lead: opening.lead,
            row,
            recordings: opening.recordings.iter().map(Into::into).collect(),
            wants_detail: opening.wants_detail,
            wants_attack: opening.wants_attack,
            has_original: opening.has_original,
        }))?;
        writer.flush()?;
        Ok(writer)
    }

    /// Where it goes.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes what has come, and hands it to the disk.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write(&mut self, news: &ScoreNews, acts: &[TakeAct]) -> Result<(), TakeError> {
        for call in &news.calls {
            let what = match &call.kind {
                CallKind::Row { request, kept, parts } => CallWhat::Row {
                    request: *request,
                    kept: *kept,
                    parts: self.sounded(parts)?,
                },
                CallKind::Recording(key) => CallWhat::Recording(key.into()),
                CallKind::Detail(wanted) => CallWhat::Detail(*wanted),
                CallKind::Attack(wanted) => CallWhat::Attack(*wanted),
                CallKind::Original(there) => CallWhat::Original(*there),
            };
            let serial = call.serial;
            self.line(&Line::Call(CallLine { serial, what }))?;
        }
        for note in &news.notes {
            self.line(&Line::Note(*note))?;
        }
        for act in acts {
            self.line(&Line::Act(act.clone()))?;
        }
        if news.lost > self.lost {
            self.lost = news.lost;
            self.line(&Line::Lost(news.lost))?;
        }
        self.flush()
    }

    /// The parts of a row, each written before where it is new.
    fn sounded(&mut self, parts: &[SoundedPart]) -> Result<Vec<SoundedLine>, TakeError> {
        let mut lines = Vec::with_capacity(parts.len());
        for part in parts {
            lines.push(SoundedLine {
                part: part.order.as_ref().map(|order| self.part(order)).transpose()?,
                course: part.course,
                steered: part.is_steered,
            });
        }
        Ok(lines)
    }

    fn part(&mut self, order: &Arc<DecodeOrder>) -> Result<u32, TakeError> {
        let known = self.parts.iter().rev().find(|(known, _)| Arc::ptr_eq(known, order));
        if let Some((_, id)) = known {
            return Ok(*id);
        }
        let id = self.next_part;
        self.next_part += 1;
        let part = &order.part;
        for frames in [&part.latent.local, &part.before, &part.after] {
            self.frames(frames)?;
        }
        let names = &self.frames;
        let line = PartLine::new(id, order, |frames| name_of(names, frames).unwrap_or_default());
        self.line(&Line::Part(Box::new(line)))?;
        if self.parts.len() == REMEMBERED {
            self.parts.pop_front();
        }
        self.parts.push_back((Arc::clone(order), id));
        Ok(id)
    }

    /// Writes `frames` unless they were.
    fn frames(&mut self, frames: &Frames) -> Result<(), TakeError> {
        if name_of(&self.frames, frames).is_some() {
            return Ok(());
        }
        let id = self.next_frames;
        self.next_frames += 1;
        self.frames
            .entry(digest(frames))
            .or_default()
            .push((frames.clone(), id));
        self.line(&Line::Frames(FramesLine::new(id, frames)))
    }

    fn line(&mut self, line: &impl Serialize) -> Result<(), TakeError> {
        let written = serde_json::to_writer(&mut self.out, line).map_err(std::io::Error::from);
        written
            .and_then(|()| self.out.write_all(b"\n"))
            .map_err(|source| self.failed(source))
    }

    fn flush(&mut self) -> Result<(), TakeError> {
        self.out.flush().map_err(|source| self.failed(source))
    }

    fn failed(&self, source: std::io::Error) -> TakeError {
        TakeError::Append {
            path: self.path.clone(),
            source,
        }
    }
}

fn name_of(names: &HashMap<u64, Vec<(Frames, u32)>>, frames: &Frames) -> Option<u32> {
    let alike = names.get(&digest(frames))?;
    let bits = |frames: &Frames| {
        frames
            .as_slice()
            .iter()
            .map(|value| value.to_bits())
            .collect::<Vec<_>>()
    };
    let found = alike
        .iter()
        .find(|(known, _)| known.width() == frames.width() && bits(known) == bits(frames));
    found.map(|(_, id)| *id)
}

fn digest(frames: &Frames) -> u64 {
    let mut digest = DefaultHasher::new();
    frames.width().hash(&mut digest);
    for value in frames.as_slice() {
        value.to_bits().hash(&mut digest);
    }
    digest.finish()
}
