//! What the ear hears, for the eye: levels, waveform, rolling spectrogram, latency.

/// Rows of the spectrogram, lowest pitch first.
pub const TAPE_ROWS: usize = 96;

/// Columns kept; at about 45 columns a second that is some ten seconds.
const TAPE_COLUMNS: usize = 448;

/// Of one channel, in dBFS; `None` when silent.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Level {
    /// The highest of the last moments.
    pub peak_db: Option<f32>,
    /// RMS.
    pub rms_db: Option<f32>,
    /// The highest peak of the last seconds.
    pub held_db: Option<f32>,
}

/// Live readings, refreshed once per frame while something sounds.
#[derive(Clone, Debug, Default)]
pub struct Meters {
    /// Peak of the last moments in dBFS; `None` when silent.
    pub peak_db: Option<f32>,
    /// RMS level in dBFS, of the louder channel; `None` when silent.
    pub rms_db: Option<f32>,
    /// Left and right.
    pub channels: [Level; 2],
    /// Something was cut off at full scale since the light was put out last.
    pub clipped: bool,
    /// The newest samples, oldest first.
    pub scope: Vec<f32>,
    /// Grows only while something plays, so it keeps the last picture.
    pub tape: SpectrogramTape,
    /// From the gesture to handing the first changed sample to the sound card, of the last request.
    pub request_ms: Option<f32>,
    /// From there until it sounded: the sound card's own buffer. `None` where the card does not know.
    pub device_ms: Option<f32>,
    /// What the decoder needed for it.
    pub decode_ms: Option<f32>,
    /// Gaps that were heard.
    pub dropouts: u64,
    /// Position in the chunk, 0..1.
    pub playhead: Option<f32>,
}

/// A rolling picture of the last seconds: columns of levels, each 0 (floor) .. 255 (full scale).
#[derive(Clone, Debug)]
pub struct SpectrogramTape {
    columns: Vec<[u8; TAPE_ROWS]>,
    next: usize,
    written: u64,
}

impl Default for SpectrogramTape {
    fn default() -> Self {
        Self {
            columns: vec![[0; TAPE_ROWS]; TAPE_COLUMNS],
            next: 0,
            written: 0,
        }
    }
}

impl SpectrogramTape {
    /// Appends a column, forgetting the oldest.
    pub fn push(&mut self, column: [u8; TAPE_ROWS]) {
        self.columns[self.next] = column;
        self.next = (self.next + 1) % self.columns.len();
        self.written += 1;
    }

    /// Columns ever written: equal numbers mean an equal picture.
    pub fn version(&self) -> u64 {
        self.written
    }

    /// Columns kept.
    pub fn width(&self) -> usize {
        self.columns.len()
    }

    /// The columns, oldest first.
    pub fn columns(&self) -> impl Iterator<Item = &[u8; TAPE_ROWS]> {
        self.columns[self.next..].iter().chain(&self.columns[..self.next])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_column_is_last() {
        let mut tape = SpectrogramTape::default();
        for i in 0..TAPE_COLUMNS + 3 {
            tape.push([(i % 251) as u8; TAPE_ROWS]);
        }
        let newest = tape.columns().last().unwrap()[0];
        assert_eq!(newest, ((TAPE_COLUMNS + 2) % 251) as u8);
        assert_eq!(tape.columns().count(), tape.width());
    }
}
