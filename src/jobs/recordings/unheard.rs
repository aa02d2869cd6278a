//! Why a recording cannot be heard.

use crate::corpus::shown;
use crate::space::{Clip, Snapshot};
use std::fmt::Display;
use std::path::Path;

/// A sentence each, with the path where there is one and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unheard {
    /// It is nowhere; a person may know where.
    Missing(String),
    /// It was found but cannot be decoded, or the chunk belongs to no clip.
    Broken(String),
    /// A file of its name is there, but it is another one than the space was learned from.
    Changed(String),
    /// Nobody waits for it any more.
    Stopped,
}

impl Display for Unheard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Missing(sentence) | Self::Broken(sentence) | Self::Changed(sentence) => f.write_str(sentence),
            Self::Stopped => f.write_str("The recording was no longer waited for."),
        }
    }
}

impl Unheard {
    pub(super) fn no_clip() -> Self {
        Self::Broken("This point belongs to no recording.".into())
    }

    pub(super) fn too_short() -> Self {
        Self::Broken("The recording ends before this moment; you hear the model.".into())
    }

    pub(super) fn missing(clip: &Clip, snapshot: &Snapshot) -> Self {
        let (title, root) = (&clip.title, &snapshot.meta.corpus_root);
        let inside = match snapshot.embedded_audio.len() {
            0 => String::new(),
            count => format!(" {count} clips of this space carry theirs with them."),
        };
        Self::Missing(format!(
            "The recording of \"{title}\" is neither in this space nor in {root}, where the space was learned from. You hear \
             the model.{inside} If the music lies elsewhere now, choose its folder with Music > Find moved recordings…"
        ))
    }

    pub(super) fn broken(clip: &Clip, reason: &dyn Display) -> Self {
        Self::Broken(format!(
            "The recording of \"{}\" cannot be heard, you hear the model: {reason}.",
            clip.title
        ))
    }

    pub(super) fn changed(path: &Path) -> Self {
        Self::Changed(format!(
            "{} has changed since this space learned it, so you hear the model. Put the earlier file back, or learn the \
             music again.",
            shown(path)
        ))
    }
}
