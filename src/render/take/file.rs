//! A take's file read back.

use super::act::TakeAct;
use super::error::TakeError;
use super::line::{CallWhat, FORMAT, Line, SoundedLine, TakeHeader, Trim};
use crate::audio::{Call, CallKind, Note, Opening, Score, SoundedPart};
use crate::files::write_whole;
use crate::space::Snapshot;
use crate::values::{DecodeOrder, Frames};
use serde::Deserialize;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

/// The ending of a take's file.
pub const TAKE_ENDING: &str = "songspace-take";

/// Longest first line of a file that may be a take.
const MOST_HEADER_BYTES: u64 = 1 << 20;

/// A take.
#[derive(Clone, Debug, Default)]
pub struct Take {
    /// The first line.
    pub header: TakeHeader,
    /// What decided what was heard.
    pub score: Score,
    /// What was done, in order.
    pub acts: Vec<TakeAct>,
    /// Notes that were lost: where there are any, it sounds otherwise than it did.
    pub lost: u64,
    /// Which part is meant; `None` = all of it.
    pub trim: Option<Trim>,
}

/// What tells formats apart before anything else is read.
#[derive(Deserialize)]
struct Format {
    songspace_take: u32,
}

impl Take {
    /// Reads the take at `path`. One that a crash cut short is read as far as it goes.
    ///
    /// # Errors
    /// When it cannot be read, is no take, is of a newer program, or is damaged.
    pub fn open(path: &Path) -> Result<Self, TakeError> {
        let failed = |source| TakeError::Read {
            path: path.to_owned(),
            source,
        };
        let mut reader = BufReader::new(File::open(path).map_err(failed)?);
        let mut first = Vec::new();
        reader
            .by_ref()
            .take(MOST_HEADER_BYTES)
            .read_until(b'\n', &mut first)
            .map_err(failed)?;
        let no_take = |_| TakeError::NoTake(path.to_owned());
        let Format { songspace_take } = serde_json::from_slice(&first).map_err(no_take)?;
        if songspace_take > FORMAT {
            return Err(TakeError::Newer {
                path: path.to_owned(),
                found: songspace_take,
                known: FORMAT,
            });
        }
        let header = serde_json::from_slice(&first).map_err(no_take)?;
        let mut reading = Reading::new(header);
        let mut line = Vec::new();
        for number in 2.. {
            line.clear();
            if reader.read_until(b'\n', &mut line).map_err(failed)? == 0 {
                break;
            }
            let is_whole = line.ends_with(b"\n");
            match reading.line(&line) {
                Ok(()) => {}
                // What a crash leaves behind.
                Err(_) if !is_whole => break,
                Err(reason) => {
                    return Err(TakeError::Damaged {
                        path: path.to_owned(),
                        line: number,
                        reason,
                    });
                }
            }
        }
        Ok(reading.take)
    }

    /// Writes the take at `path` anew with `trim` as the part that is meant.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn write_trim(path: &Path, trim: Trim) -> Result<(), TakeError> {
        let failed = |source| TakeError::Read {
            path: path.to_owned(),
            source,
        };
        let mut bytes = std::fs::read(path).map_err(failed)?;
        // A line that a crash cut short goes.
        let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        bytes.truncate(whole);
        let line = serde_json::to_vec(&Line::Trim(trim)).map_err(|error| failed(error.into()))?;
        bytes.extend(line);
        bytes.push(b'\n');
        Ok(write_whole(path, &bytes)?)
    }

    /// Whether it was played with `snapshot`.
    ///
    /// # Errors
    /// When it was not.
    pub fn check(&self, snapshot: &Snapshot) -> Result<(), TakeError> {
        if self.header.hash == snapshot.hash {
            return Ok(());
        }
        Err(TakeError::OtherSpace {
            asked: self.header.space.clone(),
            open: snapshot.meta.name.clone(),
        })
    }

    /// How long it is, in seconds.
    pub fn secs(&self) -> f64 {
        let last = self.score.notes.iter().rev().find_map(|note| match note {
            Note::Level { place, .. } | Note::Ended { place } => Some(place.sample),
            _ => None,
        });
        last.unwrap_or(0) as f64 / f64::from(self.header.rate_hz.max(1))
    }

    /// The part that is meant in samples, `trim` before its own.
    ///
    /// # Errors
    /// When nothing is left.
    pub fn range(&self, trim: Option<Trim>) -> Result<Range<usize>, TakeError> {
        let secs = self.secs();
        let Trim { from, to } = trim.or(self.trim).unwrap_or(Trim { from: 0.0, to: secs });
        let (from, to) = (from.max(0.0), to.min(secs));
        let sample = |secs: f64| (secs * f64::from(self.header.rate_hz)).round() as usize;
        if sample(from) < sample(to) {
            return Ok(sample(from)..sample(to));
        }
        Err(TakeError::Empty { from, to, secs })
    }
}

/// A take as far as it was read.
struct Reading {
    take: Take,
    frames: HashMap<u32, Frames>,
    parts: HashMap<u32, Arc<DecodeOrder>>,
}

impl Reading {
    fn new(header: TakeHeader) -> Self {
        Self {
            take: Take {
                header,
                ..Take::default()
            },
            frames: HashMap::new(),
            parts: HashMap::new(),
        }
    }

    fn line(&mut self, line: &[u8]) -> Result<(), String> {
        let line: Line = serde_json::from_slice(line).map_err(|error| error.to_string())?;
        match line {
            Line::Frames(line) => {
                let id = line.id;
                let frames = line.frames().ok_or("its frames are not whole")?;
                self.frames.insert(id, frames);
            }
            Line::Part(line) => {
                let id = line.id;
                let order = line.order(|name| self.frames.get(&name).cloned());
                self.parts.insert(id, Arc::new(order.ok_or("its frames are missing")?));
            }
            Line::Opening(line) => {
                self.take.score.opening = Opening {
                    seed: line.seed,
                    serial: line.serial,
                    request: line.request,
                    lead: line.lead,
                    row: self.sounded(line.row)?,
                    recordings: line.recordings.into_iter().map(Into::into).collect(),
                    wants_detail: line.wants_detail,
                    wants_attack: line.wants_attack,
                    has_original: line.has_original,
                };
            }
            Line::Call(line) => {
                let kind = match line.what {
                    CallWhat::Row { request, kept, parts } => CallKind::Row {
                        request,
                        kept,
                        parts: self.sounded(parts)?,
                    },
                    CallWhat::Recording(key) => CallKind::Recording(key.into()),
                    CallWhat::Detail(wanted) => CallKind::Detail(wanted),
                    CallWhat::Attack(wanted) => CallKind::Attack(wanted),
                    CallWhat::Original(there) => CallKind::Original(there),
                };
                self.take.score.calls.push(Call {
                    serial: line.serial,
                    kind,
                });
            }
            Line::Note(note) => self.take.score.notes.push(note),
            Line::Act(act) => self.take.acts.push(act),
            Line::Lost(lost) => self.take.lost = lost,
            Line::Trim(trim) => self.take.trim = Some(trim),
        }
        Ok(())
    }

    fn sounded(&self, lines: Vec<SoundedLine>) -> Result<Vec<SoundedPart>, String> {
        let part = |line: SoundedLine| {
            let order = match line.part {
                Some(id) => Some(Arc::clone(self.parts.get(&id).ok_or("a part of its row is missing")?)),
                None => None,
            };
            Ok(SoundedPart {
                order,
                course: line.course,
                is_steered: line.steered,
            })
        };
        lines.into_iter().map(part).collect()
    }
}
