//! A stretch of a recording on its way to the player.

use std::sync::Arc;

/// Which stretch of which recording: the seconds of one chunk.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct RecordingKey {
    /// Hex digest of the clip's file, as the space keeps it.
    pub clip: Arc<str>,
    /// The chunk's first sample, counted from the beginning of the clip at the player's rate; on the grid of its frames.
    pub start: u64,
    /// The chunk's length in samples.
    pub len: usize,
}

impl RecordingKey {
    /// The sample behind the chunk's last one.
    pub fn end(&self) -> u64 {
        self.start + self.len as u64
    }
}

/// The samples of one chunk, left and right, as loud as its space holds them.
#[derive(Clone, Debug, PartialEq)]
pub struct Recording {
    key: RecordingKey,
    samples: Vec<[f32; 2]>,
}

impl Recording {
    /// Samples before and after the chunk's own that come with it, so that windows at its ends see what is there.
    pub const MARGIN: usize = 2_048;

    /// Takes over `samples`, which begin [`MARGIN`](Self::MARGIN) before the stretch of `key` and end as much behind it; `None`
    /// when their number is another.
    pub fn new(key: RecordingKey, samples: Vec<[f32; 2]>) -> Option<Self> {
        (samples.len() == key.len + 2 * Self::MARGIN).then_some(Self { key, samples })
    }

    /// Which stretch it is.
    pub fn key(&self) -> &RecordingKey {
        &self.key
    }

    /// Left and right at `index`, counted from the chunk's first sample; negative within the margin before it. Silence
    /// beyond the margins.
    pub fn at(&self, index: i64) -> [f32; 2] {
        usize::try_from(index + Self::MARGIN as i64)
            .ok()
            .and_then(|place| self.samples.get(place).copied())
            .unwrap_or_default()
    }

    /// Bytes that it takes.
    pub fn bytes(&self) -> usize {
        self.samples.len() * size_of::<[f32; 2]>()
    }
}
