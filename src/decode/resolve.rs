//! From a choice to what is decoded: the one rule for window, command line and recipes.
//!
//! What is not asked for (the genre mix, valence, arousal) is as the labels of the anchor say, the chunk whose events
//! sound. A new sound's anchor is the chunk nearest to it; a draw of an older recipe has none: there it is unknown to the model.

use super::choice::{Asked, Choice, MayBe, Place, Relative, Relatives, Resolved, Span, Standing};
use super::formula::Formula;
use super::map_index::MapIndex;
use super::prior::{new_sound, normal_draw};
use super::relative::{RelativeFinder, share, timing};
use super::song::song;
use crate::atlas::{Content, Located};
use crate::space::{LayoutKind, Snapshot};
use crate::values::{ChunkId, Condition, DecodePart, Latent, LoudnessMatch, MapPoint, strength_in_range};
use std::sync::Arc;

/// Why there is nothing to decode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The layout is missing or has no points.
    #[error("the space has no map point to play there")]
    NowhereOnMap,
    /// A chunk number beyond the last one.
    #[error("the space has {chunks} chunks, numbered from 0; there is no chunk {asked}")]
    NoChunk {
        /// The number that was given, counted from 0.
        asked: u32,
        /// How many the space has.
        chunks: usize,
    },
    /// The g set by hand has the wrong length.
    #[error("the space's global latent has {expected} values; {found} were set")]
    GlobalSize {
        /// Length of the g that was given.
        found: usize,
        /// Length of the space's own.
        expected: usize,
    },
}

/// Answers for one snapshot; keeps the index of the layout that was asked for last.
pub struct Resolver {
    snapshot: Arc<Snapshot>,
    formula: Formula,
    index: Option<MapIndex>,
    relatives: Option<RelativeFinder>,
}

/// A latent with what is known about it.
struct Found {
    latent: Latent,
    anchor: Option<ChunkId>,
    standing: Standing,
}

impl Asked {
    /// What is heard of a chunk with `labels`.
    pub(super) fn over(&self, labels: &Condition) -> Condition {
        self.condition
            .as_ref()
            .map_or_else(|| labels.clone(), |asked| asked.over(labels))
    }

    /// How loud a chunk with `labels` is to be where `span` of its clip sounds: a clip keeps its own course of loudness.
    pub fn loudness(&self, labels: &Condition, span: Span) -> Option<LoudnessMatch> {
        let asked = self.condition.as_ref().and_then(|asked| asked.arousal);
        let travel = asked.map_or(0.0, |asked| asked - labels.arousal.unwrap_or(0.0));
        self.match_loudness.then(|| {
            LoudnessMatch::new(
                !matches!(span, Span::Song | Span::Endless),
                travel,
                strength_in_range(self.strength),
            )
        })
    }
}

impl Resolver {
    /// Answers by the current rules.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        Self::by(Formula::Current, snapshot)
    }

    /// Answers by the rules of `formula`.
    pub fn by(formula: Formula, snapshot: Arc<Snapshot>) -> Self {
        Self {
            snapshot,
            formula,
            index: None,
            relatives: None,
        }
    }

    /// The latents and conditions that `choice` means.
    ///
    /// # Errors
    /// When it names a chunk or a place that the snapshot does not have.
    pub fn resolve(&mut self, choice: &Choice, asked: &Asked, span: Span) -> Result<Resolved, ResolveError> {
        let mut found = self.find(choice, asked)?;
        if let Some(global) = &choice.global {
            let expected = found.latent.global.len();
            if global.len() != expected {
                return Err(ResolveError::GlobalSize {
                    found: global.len(),
                    expected,
                });
            }
            found.latent.global.clone_from(global);
            found.standing = Standing::Moved;
        }
        // A draw is as asked by itself.
        let relative = match choice.place {
            Place::Draw { .. } => None,
            Place::Chunk(_) | Place::At { .. } => self.relative(&found, asked),
        };
        let home = found.anchor;
        if let (Some(own), Some(relative)) = (home, relative) {
            self.walk_to(&mut found, own, relative);
        }
        let mut row = match (span, found.anchor) {
            (Span::Song, Some(anchor)) => song(&self.snapshot, self.formula, anchor, &found.latent, asked),
            (_, recorded) => {
                let recorded = recorded.map(|chunk| self.snapshot.anchor(chunk));
                let unknown = || Condition::unknown(self.snapshot.meta.genres.len());
                let labels = recorded.as_ref().map_or_else(unknown, |own| own.labels.clone());
                let mut part = DecodePart::alone(found.latent, asked.over(&labels));
                part.loudness = asked.loudness(&labels, span);
                if self.formula.anchors_strength() && recorded.is_some() {
                    part.base = labels;
                }
                part.anchor = recorded;
                vec![part]
            }
        };
        if let (Some(own), Some(_), Some(sounding)) = (home, relative, found.anchor) {
            let timing = timing(&self.snapshot, own, sounding);
            for part in &mut row {
                part.timing = timing;
            }
        }
        Ok(Resolved {
            row,
            strength: strength_in_range(asked.strength),
            context: span.context(),
            anchor: home,
            standing: found.standing,
            relative,
        })
    }

    /// From now on only those chunks are found as relatives; `None` = all.
    pub fn set_may_be_relative(&mut self, may_be: Option<MayBe>) {
        self.finder().set_may_be(may_be);
    }

    fn finder(&mut self) -> &mut RelativeFinder {
        let snapshot = &self.snapshot;
        self.relatives
            .get_or_insert_with(|| RelativeFinder::new(Arc::clone(snapshot)))
    }

    /// Where the condition leads to.
    fn relative(&mut self, found: &Found, asked: &Asked) -> Option<Relative> {
        let (own, condition) = (found.anchor?, asked.condition.as_ref()?);
        let share = share(&self.snapshot.labels(own), condition);
        let chunk = match asked.relatives {
            Relatives::Off => return None,
            Relatives::Nearest => self.finder().find(own, condition)?,
            Relatives::Pinned(chunk) if (chunk.0 as usize) < self.snapshot.chunks.len() => chunk,
            Relatives::Pinned(_) => return None,
        };
        (share > 0.0).then_some(Relative { chunk, share })
    }

    /// Moves `found` from its `own` chunk towards `relative`: g all the way along, the events at once where half of it is done.
    fn walk_to(&self, found: &mut Found, own: ChunkId, relative: Relative) {
        let latents = &self.snapshot.latents;
        let (here, there) = (latents.global(own), latents.global(relative.chunk));
        for ((g, here), there) in found.latent.global.iter_mut().zip(here).zip(there) {
            *g += relative.share * (there - here);
        }
        if relative.sounds() {
            found.latent.local = latents.get(relative.chunk).local;
            found.anchor = Some(relative.chunk);
        }
        found.standing = Standing::Moved;
    }

    /// What `point` of `layout` means while only the chunks that `keep` lets pass are on the map, and how it stands to that
    /// place. Content and g are named in the choice: it is the same sound wherever it is asked for again, whatever is on the
    /// map then.
    ///
    /// # Errors
    /// When there is no such place, or no chunk on the map.
    pub fn choose_among(
        &mut self,
        (layout, point): (LayoutKind, MapPoint),
        content: Content,
        keep: impl Fn(ChunkId) -> bool,
    ) -> Result<(Choice, Standing), ResolveError> {
        let index = self.index(layout).ok_or(ResolveError::NowhereOnMap)?;
        let (located, on_plane) = index
            .locate_among(point, content, keep)
            .ok_or(ResolveError::NowhereOnMap)?;
        let standing = standing(&located, on_plane);
        let choice = Choice {
            place: Place::At { layout, point },
            content: Content::Held(located.anchor),
            global: Some(located.latent.global),
        };
        Ok((choice, standing))
    }

    fn find(&mut self, choice: &Choice, asked: &Asked) -> Result<Found, ResolveError> {
        match choice.place {
            Place::Chunk(chunk) => self.chunk(chunk, choice.content),
            Place::At { layout, point } => self.point(layout, point, choice.content),
            Place::Draw { seed, index } => Ok(self.draw(asked, seed, index)),
        }
    }

    fn draw(&self, asked: &Asked, seed: u64, index: u64) -> Found {
        let among_the_real = self.formula.draws_among_the_real();
        let drawn = among_the_real
            .then(|| new_sound(&self.snapshot, asked, seed, index))
            .flatten();
        let (latent, anchor) = match drawn {
            Some((latent, anchor)) => (latent, Some(anchor)),
            None => (normal_draw(&self.snapshot, seed, index), None),
        };
        Found {
            latent,
            anchor,
            standing: Standing::Moved,
        }
    }

    fn chunk(&self, chunk: ChunkId, content: Content) -> Result<Found, ResolveError> {
        let chunks = self.snapshot.latents.len();
        let has = |chunk: ChunkId| (chunk.0 as usize) < chunks;
        if !has(chunk) {
            return Err(ResolveError::NoChunk { asked: chunk.0, chunks });
        }
        let mut latent = self.snapshot.latents.get(chunk);
        Ok(match content {
            Content::Held(held) if has(held) && held != chunk => {
                latent.local = self.snapshot.latents.get(held).local;
                Found {
                    latent,
                    anchor: Some(held),
                    standing: Standing::Blend,
                }
            }
            _ => Found {
                latent,
                anchor: Some(chunk),
                standing: Standing::Chunk,
            },
        })
    }

    fn point(&mut self, layout: LayoutKind, point: MapPoint, content: Content) -> Result<Found, ResolveError> {
        let index = self.index(layout).ok_or(ResolveError::NowhereOnMap)?;
        let (located, on_plane) = index.locate(point, content).ok_or(ResolveError::NowhereOnMap)?;
        let standing = standing(&located, on_plane);
        Ok(Found {
            latent: located.latent,
            anchor: Some(located.anchor),
            standing,
        })
    }

    fn index(&mut self, layout: LayoutKind) -> Option<&MapIndex> {
        if self.index.as_ref().map(MapIndex::asked_kind) != Some(layout) {
            self.index = MapIndex::new(Arc::clone(&self.snapshot), layout, self.formula);
        }
        self.index.as_ref()
    }
}

fn standing(located: &Located, on_plane: bool) -> Standing {
    match located.blend[..] {
        [(only, _)] if only == located.anchor => Standing::Chunk,
        _ if on_plane => Standing::Exact,
        _ => Standing::Blend,
    }
}
