//! What is on the map and what is found: the legend's switches and the search field together, worked out only when something
//! they depend on changes.

use super::looks::category;
use crate::session::{ColourBy, SearchIn, Shown, SpaceView, is_shown};
use crate::values::{ChunkId, ClipId};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Everything it depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct VisibleKey {
    /// Version of the view: a new snapshot is a new space.
    pub space: u64,
    /// What the categories are.
    pub colour_by: ColourBy,
    /// Switched-off categories of the legend.
    pub hidden: BTreeSet<usize>,
    /// Search text in lower case, without spaces around it.
    pub query: String,
    /// Which words are searched.
    pub within: SearchIn,
    /// What is not found is not on the map.
    pub only: bool,
}

/// A clip that was found, and its first moment that is on the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Index into the clips of the snapshot.
    pub clip: ClipId,
    /// What a choice of the clip plays.
    pub chunk: ChunkId,
}

/// The answer and what it was made for.
#[derive(Debug, Default)]
pub struct Visible {
    key: Option<VisibleKey>,
    /// What is on the map; `None` for everything.
    pub shown: Option<Shown>,
    /// For every clip whether it is found; `None` while nothing is searched.
    pub found: Option<Arc<[bool]>>,
    /// The clips found, those first whose title holds the text.
    pub hits: Vec<Hit>,
    /// Changes with all of it.
    pub version: u64,
}

impl Visible {
    /// Works everything out for `key`.
    pub fn update(&mut self, view: &SpaceView, key: VisibleKey) {
        let clip_of = |i: usize| view.snapshot.chunks[i].clip;
        let found: Option<Arc<[bool]>> =
            (!key.query.is_empty()).then(|| view.clips_matching(&key.query, key.within).into());
        let is_found = |i: usize| {
            let clip = clip_of(i).0 as usize;
            found
                .as_ref()
                .is_none_or(|found| found.get(clip).copied().unwrap_or(false))
        };
        let in_legend = |i: usize| category(view, key.colour_by, i).is_none_or(|c| !key.hidden.contains(&c));
        let chunks: Arc<[bool]> = (0..view.genre_of.len())
            .map(|i| in_legend(i) && (!key.only || is_found(i)))
            .collect();
        self.hits.clear();
        if found.is_some() {
            let mut seen = vec![false; view.snapshot.clips.len()];
            for i in (0..chunks.len()).filter(|i| chunks[*i] && is_found(*i)) {
                let clip = clip_of(i);
                if let Some(seen) = seen.get_mut(clip.0 as usize)
                    && !std::mem::replace(seen, true)
                {
                    self.hits.push(Hit {
                        clip,
                        chunk: ChunkId(i as u32),
                    });
                }
            }
            let titled = |hit: &Hit| {
                let title = view.snapshot.clips[hit.clip.0 as usize].title.to_lowercase();
                title.contains(&key.query)
            };
            self.hits.sort_by_cached_key(|hit| !titled(hit));
        }
        self.shown = Shown::new(key.space, chunks);
        self.found = found;
        self.key = Some(key);
        self.version += 1;
    }

    /// Whether it was made for something else than `key`.
    pub fn is_stale(&self, key: &VisibleKey) -> bool {
        self.key.as_ref() != Some(key)
    }

    /// Whether `chunk` is on the map.
    pub fn has(&self, chunk: ChunkId) -> bool {
        is_shown(self.shown.as_ref(), chunk)
    }
}
