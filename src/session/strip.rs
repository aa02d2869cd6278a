//! The loop for the eye: how loud it is from moment to moment, and how much of that is bass.

use crate::dsp::BandAxis;
use crate::values::{BeatGrid, ChunkAudio, DecodedChunk, Frames};
use std::sync::Arc;

/// Columns at most; a strip is not wider on any screen that one sits in front of.
const COLUMNS: usize = 768;
/// Frames or samples of a column that are looked at: a whole song has more of them than anybody sees.
const LOOKED_AT: usize = 6;
/// Between amplitude (1) and what is seen of quiet moments: a waveform that is all loud says nothing, one that is all spikes neither.
const EXPONENT: f32 = 0.8;

/// The waveform of what sounds, and where the chunks of a row end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Strip {
    /// From the beginning of what sounds to its end.
    pub columns: Vec<StripColumn>,
    /// Inner borders of the chunks, 0..1.
    pub borders: Vec<f32>,
    /// How long it lasts at the speed it was recorded at, in seconds.
    pub secs: f32,
    /// Its beats, 0..1, where it is one chunk that follows the master clock by them.
    pub beats: Vec<f32>,
}

/// One moment of a [`Strip`].
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StripColumn {
    /// 0 = silence, 1 = the loudest moment.
    pub level: f32,
    /// The same of the lowest third of the bands; 0 where a codec has none.
    pub bass: f32,
}

impl Strip {
    /// Of the chunks of a row, one after the other. Some hundred microseconds, also for a whole song.
    pub fn of_row(row: &[Arc<DecodedChunk>]) -> Self {
        let lengths: Vec<usize> = row.iter().map(|chunk| length(&chunk.audio)).collect();
        let whole: usize = lengths.iter().sum();
        if whole == 0 {
            return Self::default();
        }
        let columns = COLUMNS.min(whole);
        let mut amplitudes = Vec::with_capacity(columns);
        let (mut chunk, mut begin) = (0, 0);
        for column in 0..columns {
            let (from, to) = (column * whole / columns, ((column + 1) * whole / columns).max(1));
            while chunk + 1 < row.len() && from >= begin + lengths[chunk] {
                begin += lengths[chunk];
                chunk += 1;
            }
            let inside = from.saturating_sub(begin)..(to - begin).min(lengths[chunk]).max(from - begin + 1);
            amplitudes.push(amplitude(&row[chunk].audio, inside));
        }
        let loudest = amplitudes.iter().map(|(all, _)| *all).fold(1e-5f32, f32::max);
        let share = |amplitude: f32| (amplitude / loudest).clamp(0.0, 1.0).powf(EXPONENT);
        let mut borders = Vec::new();
        let mut end = 0;
        for length in &lengths[..lengths.len() - 1] {
            end += length;
            borders.push(end as f32 / whole as f32);
        }
        Self {
            columns: amplitudes
                .into_iter()
                .map(|(all, bass)| StripColumn {
                    level: share(all),
                    bass: share(bass),
                })
                .collect(),
            borders,
            secs: row.iter().map(|chunk| secs(&chunk.audio)).sum(),
            beats: match row {
                [chunk] => chunk
                    .timing
                    .grid
                    .map_or_else(Vec::new, |grid| beats(grid, &chunk.audio)),
                _ => Vec::new(),
            },
        }
    }
}

/// In frames of bands, or of samples.
fn length(audio: &ChunkAudio) -> usize {
    match audio {
        ChunkAudio::Spectral { log_amplitude, .. } => log_amplitude.len(),
        ChunkAudio::Pcm { samples, channels, .. } => samples.len() / (*channels).max(1),
    }
}

fn secs(audio: &ChunkAudio) -> f32 {
    match audio {
        ChunkAudio::Spectral { .. } => length(audio) as f32 * hop_secs(),
        ChunkAudio::Pcm { sample_rate_hz, .. } => length(audio) as f32 / (*sample_rate_hz).max(1) as f32,
    }
}

fn hop_secs() -> f32 {
    let axis = BandAxis::standard();
    axis.hop_len() as f32 / axis.sample_rate_hz() as f32
}

/// Where `audio` beats, 0..1.
fn beats(grid: BeatGrid, audio: &ChunkAudio) -> Vec<f32> {
    const MOST: usize = 256;
    let whole = secs(audio) / hop_secs();
    let first = grid.first.rem_euclid(grid.period);
    let beats = (0..MOST).map(|beat| (first + beat as f32 * grid.period) / whole);
    beats.take_while(|place| *place < 1.0).collect()
}

/// Of everything and of the bass, in the loudest of the moments that are looked at.
fn amplitude(audio: &ChunkAudio, inside: std::ops::Range<usize>) -> (f32, f32) {
    match audio {
        ChunkAudio::Spectral { log_amplitude, .. } => {
            let step = (inside.len() / LOOKED_AT).max(1);
            let frames = inside.step_by(step).filter(|frame| *frame < log_amplitude.len());
            frames.fold((0.0, 0.0), |(all, bass), frame| {
                let (here, low) = root_of_power(log_amplitude, frame);
                (here.max(all), low.max(bass))
            })
        }
        ChunkAudio::Pcm { samples, channels, .. } => {
            let channels = (*channels).max(1);
            let part = &samples[inside.start * channels..(inside.end * channels).min(samples.len())];
            let step = (part.len() / 512).max(1);
            let peak = part
                .iter()
                .step_by(step)
                .fold(0.0f32, |peak, sample| peak.max(sample.abs()));
            (peak, 0.0)
        }
    }
}

fn root_of_power(log_amplitude: &Frames, frame: usize) -> (f32, f32) {
    let row = log_amplitude.row(frame);
    let power = |bands: &[f32]| bands.iter().map(|level| (2.0 * level).exp()).sum::<f32>();
    let low = power(&row[..row.len() / 3]);
    ((low + power(&row[row.len() / 3..])).sqrt(), low.sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(audio: ChunkAudio) -> Arc<DecodedChunk> {
        Arc::new(DecodedChunk::of(audio))
    }

    fn spectral(frames: usize, loud: impl Fn(usize) -> bool) -> Arc<DecodedChunk> {
        let mut levels = Frames::from_vec(12, vec![-9.0; 12 * frames]);
        for frame in (0..frames).filter(|frame| loud(*frame)) {
            levels.row_mut(frame)[1] = -1.0;
        }
        chunk(ChunkAudio::Spectral {
            texture: Frames::zeros(frames, 12),
            log_amplitude: levels,
        })
    }

    #[test]
    fn a_loud_moment_stands_where_it_sounds_and_chunks_have_borders() {
        let row = [spectral(200, |_| false), spectral(200, |frame| frame >= 100)];
        let strip = Strip::of_row(&row);
        assert_eq!(strip.borders, [0.5]);
        let at = |part: f32| strip.columns[(part * (strip.columns.len() - 1) as f32) as usize];
        assert!(at(0.25).level < 0.1 && at(0.6).level < 0.1);
        assert!(at(0.9).level > 0.95 && at(0.9).bass > 0.95, "{:?}", at(0.9));
    }

    #[test]
    fn what_follows_the_clock_has_its_beats_and_frames_have_a_length() {
        let mut chunk = DecodedChunk::clone(&spectral(400, |_| true));
        chunk.timing.grid = Some(BeatGrid {
            first: 150.0,
            period: 100.0,
        });
        let strip = Strip::of_row(&[Arc::new(chunk)]);
        assert_eq!(strip.beats, [0.125, 0.375, 0.625, 0.875]);
        assert!((strip.secs - 400.0 * 256.0 / 44_100.0).abs() < 1e-3, "{}", strip.secs);
        assert!(Strip::of_row(&[spectral(400, |_| true)]).beats.is_empty());
    }

    #[test]
    fn a_long_recording_has_no_more_columns_than_one_sees_and_its_length_in_seconds() {
        let samples: Vec<f32> = (0..96_000).map(|i| if i < 48_000 { 0.5 } else { 0.0 }).collect();
        let strip = Strip::of_row(&[chunk(ChunkAudio::Pcm {
            samples,
            channels: 2,
            sample_rate_hz: 48_000,
        })]);
        assert_eq!((strip.columns.len(), strip.secs), (COLUMNS, 1.0));
        assert!(strip.columns[10].level > 0.9 && strip.columns[COLUMNS - 10].level < 0.1);
        assert_eq!(Strip::of_row(&[]), Strip::default());
    }
}
