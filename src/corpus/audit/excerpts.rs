//! A few seconds of a few files, to look at and to hear before anything is learned. Decodes on the caller's thread.

use crate::corpus::Corpus;
use crate::corpus::decode::decode;

/// How far into a file a moment lies...
const PLACE: f32 = 0.4;
/// ...but not farther than this: nobody waits for the middle of an hour.
const LATEST_SECS: f32 = 45.0;

/// Seconds of one clip.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Index into the corpus' clips.
    pub clip: usize,
    /// Mono; fewer than asked for (perhaps none) where the file ends early.
    pub samples: Vec<f32>,
    /// The rate asked for, not the file's own.
    pub sample_rate_hz: u32,
    /// What had to be decoded for it: a file is read from its beginning.
    pub decoded_secs: f32,
}

impl Moment {
    /// Peaks of the wave in 0..1, one per pixel column of its picture, the loudest at 1.
    pub fn peaks(&self, columns: usize) -> Vec<f32> {
        let span = self.samples.len().div_ceil(columns.max(1)).max(1);
        let peak = |part: &[f32]| part.iter().fold(0.0f32, |peak, sample| peak.max(sample.abs()));
        let loudest = peak(&self.samples).max(1e-3);
        self.samples.chunks(span).map(|part| peak(part) / loudest).collect()
    }
}

/// A moment of `secs` from each of `count` clips, spread over the corpus. A file that cannot be decoded is passed over:
/// the import lists it; once `is_stopped`, all that are left are.
pub fn moments(
    corpus: &Corpus,
    count: usize,
    secs: f32,
    sample_rate_hz: u32,
    is_stopped: &dyn Fn() -> bool,
) -> Vec<Moment> {
    let step = (corpus.clips.len() / count.max(1)).max(1);
    let chosen = corpus.clips.iter().enumerate().step_by(step).take(count);
    let moment = |(clip, file): (usize, &crate::corpus::CorpusClip)| {
        let start_secs = (file.duration_secs * PLACE).min(LATEST_SECS);
        let decoded = decode(&file.path.real, sample_rate_hz, start_secs + secs, is_stopped).ok()?;
        let first = ((start_secs * sample_rate_hz as f32) as usize).min(decoded.samples.len());
        Some(Moment {
            clip,
            decoded_secs: decoded.samples.len() as f32 / sample_rate_hz as f32,
            samples: decoded.samples[first..].to_vec(),
            sample_rate_hz,
        })
    };
    chosen.filter_map(moment).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_fill_their_columns_and_silence_stays_flat() {
        let moment = |samples: Vec<f32>| Moment {
            clip: 0,
            samples,
            sample_rate_hz: 8_000,
            decoded_secs: 0.0,
        };
        let rising = moment((0..1_000).map(|i| i as f32 / 4_000.0).collect()).peaks(10);
        assert_eq!((rising.len(), rising[9]), (10, 1.0));
        assert!(rising.is_sorted());
        assert!(moment(vec![0.0; 100]).peaks(10).iter().all(|peak| *peak == 0.0));
        assert!(moment(vec![]).peaks(10).is_empty());
    }
}
