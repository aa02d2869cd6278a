//! What a look at a file's bytes found, for its demuxer. Plain values.

use super::container::Container;
use super::view::FileView;

/// A file as the demuxer is to see it.
pub(super) struct Shown {
    pub(super) view: FileView,
    pub(super) container: Container,
    /// Sample frames that it holds (or, cut short, should hold), where that is better known than the demuxer can.
    pub(super) frames: Option<u64>,
}

impl Shown {
    /// From the beginning, with nothing known beyond what the demuxer finds.
    pub(super) fn as_it_is(mut view: FileView, container: Container) -> Self {
        view.restart();
        Self {
            view,
            container,
            frames: None,
        }
    }
}
