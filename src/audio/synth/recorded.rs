//! Real-time: the recordings behind a row of chunks, read as one wave.
//!
//! Where one part's recording goes on where the one before it ends, nothing is done to it; elsewhere, the end of a loop
//! among them, the wave melts into what comes before the next part's beginning, so that it arrives there by itself.

use super::sanitize::sanitize;
use crate::dsp::lufs_of_filtered;
use crate::values::{Recording, Steering};
use std::f32::consts::FRAC_PI_2;
use std::sync::Arc;

/// Samples over which one wave melts into another: 23 ms.
const SEAM_LEN: usize = 1_024;

/// One part's stretch of a recording.
#[derive(Debug)]
struct Piece {
    /// `None` while it has not arrived.
    recording: Option<Arc<Recording>>,
    /// Samples of the recording's stretch before the part's first.
    skip: usize,
    /// First sample of the part within the row, and the next part's.
    start: usize,
    end: usize,
    /// The next part's recording goes on where this one ends.
    goes_on: bool,
    /// Nats that bring the filtered recording to its loudness.
    raise: f32,
}

/// Nats that bring the parts of one row to their loudness, as far as they were measured.
#[derive(Clone, Debug, Default)]
pub struct Raises(Vec<Option<f32>>);

impl Raises {
    /// The row has let go of its first part.
    pub fn let_go(&mut self) {
        if !self.0.is_empty() {
            self.0.remove(0);
        }
    }

    /// The parts from number `index` on are others.
    pub fn forget(&mut self, index: usize) {
        if let Some(raise) = self.0.get_mut(index) {
            *raise = None;
        }
    }
}

/// What a typical recording measures: the median of 24 clips of real music.
const TYPICAL_LUFS: f32 = -17.2;

/// Nats that bring `recording`, filtered as `steering` says, to its loudness.
fn raise_of(steering: &Steering, recording: &Recording) -> f32 {
    let power = recording.band_power();
    let Some(loudness) = steering.loudness.as_ref().filter(|_| !power.is_empty()) else {
        return 0.0;
    };
    let own = lufs_of_filtered(power, |_| None);
    let heard = match &loudness.gain {
        Some(gain) => {
            let row = |row: usize| row.saturating_sub(loudness.first_row).min(gain.len().saturating_sub(1));
            lufs_of_filtered(power, |at| (!gain.is_empty()).then(|| gain.row(row(at))))
        }
        None => own,
    };
    loudness.rule.gain(heard, own, TYPICAL_LUFS)
}

/// The stretches of a row of parts, in the order they sound; empty where no part was ever recorded.
#[derive(Debug, Default)]
pub struct RecordedParts {
    pieces: Vec<Piece>,
}

impl RecordedParts {
    /// The stretches that `steerings` name, of parts that begin at frames `starts`, `hop_len` samples apart, as far as they are
    /// among `recordings`. `raises` keeps what was measured of the row's parts for a row that goes on.
    pub fn new<'a, 'b>(
        steerings: impl Iterator<Item = Option<&'b Steering>>,
        starts: &[usize],
        hop_len: usize,
        recordings: impl Iterator<Item = &'a Arc<Recording>> + Clone,
        raises: &mut Raises,
    ) -> Self {
        raises.0.resize(starts.len().saturating_sub(1), None);
        let mut pieces: Vec<Piece> = steerings
            .zip(starts.windows(2))
            .zip(&mut raises.0)
            .map(|((steering, ends), raise)| {
                let recording = steering.and_then(|steering| {
                    let is_its = |recording: &&Arc<Recording>| *recording.key() == steering.recording;
                    recordings.clone().find(is_its).cloned()
                });
                let raise = steering
                    .zip(recording.as_ref())
                    .map(|(steering, recording)| *raise.get_or_insert_with(|| raise_of(steering, recording)));
                Piece {
                    recording,
                    skip: steering.map_or(0, |steering| steering.skip_samples),
                    start: ends[0] * hop_len,
                    end: ends[1] * hop_len,
                    goes_on: false,
                    raise: raise.unwrap_or(0.0),
                }
            })
            .collect();
        if pieces.iter().all(|piece| piece.recording.is_none()) {
            pieces.clear();
        }
        for index in 0..pieces.len() {
            let next = &pieces[(index + 1) % pieces.len()];
            pieces[index].goes_on = pieces[index].is_followed_by(next);
        }
        Self { pieces }
    }

    /// Nats that bring part `index` to its loudness; none where its recording is not there.
    pub fn raise(&self, index: usize) -> f32 {
        self.pieces.get(index).map_or(0.0, |piece| piece.raise)
    }

    /// Whether the recording at `sample` of the row is there.
    pub fn is_there(&self, sample: i64) -> bool {
        self.piece_at(sample)
            .is_some_and(|index| self.pieces[index].recording.is_some())
    }

    /// Whether both would sound the same at these samples of their rows: the same moment of the same recording.
    pub fn is_at_the_moment_of(&self, sample: i64, other: &Self, other_sample: i64) -> bool {
        match (self.moment(sample), other.moment(other_sample)) {
            (Some((clip, place)), Some((other_clip, other_place))) => place == other_place && clip == other_clip,
            _ => false,
        }
    }

    /// Fills `window` (left and right) with the samples of the row from `start` on. Beyond the row's ends it goes round when
    /// `circular`, and otherwise on in the recording as far as its margin reaches.
    pub fn read(&self, start: i64, circular: bool, window: &mut [Vec<f32>; 2]) {
        let len = window[0].len();
        let mut done = 0;
        while done < len {
            let Some((index, offset, run)) = self.run(start + done as i64, circular) else {
                for channel in window.iter_mut() {
                    channel[done..].fill(0.0);
                }
                return;
            };
            let run = run.min(len - done);
            for step in 0..run {
                let [left, right] = self.sample(index, offset + step as i64, circular);
                window[0][done + step] = left;
                window[1][done + step] = right;
            }
            done += run;
        }
    }

    fn begin(&self) -> usize {
        self.pieces.first().map_or(0, |piece| piece.start)
    }

    fn end(&self) -> usize {
        self.pieces.last().map_or(0, |piece| piece.end)
    }

    /// The piece at `place`, the sample within it, and how many samples follow in it.
    fn run(&self, place: i64, circular: bool) -> Option<(usize, i64, usize)> {
        let (begin, end) = (self.begin() as i64, self.end() as i64);
        if end == begin {
            return None;
        }
        let place = if circular {
            begin + (place - begin).rem_euclid(end - begin)
        } else {
            place
        };
        let index = self.piece_at(place.clamp(begin, end - 1))?;
        let piece = &self.pieces[index];
        let (offset, border) = (place - piece.start as i64, piece.end as i64);
        let run = if place < begin {
            begin - place
        } else if place < border {
            border - place
        } else {
            i64::MAX
        };
        Some((index, offset, usize::try_from(run).unwrap_or(usize::MAX)))
    }

    fn piece_at(&self, sample: i64) -> Option<usize> {
        let sample = usize::try_from(sample).ok()?;
        let index = self.pieces.partition_point(|piece| piece.end <= sample);
        (index < self.pieces.len()).then_some(index)
    }

    fn moment(&self, sample: i64) -> Option<(&Arc<str>, i64)> {
        let piece = &self.pieces[self.piece_at(sample)?];
        let key = piece.recording.as_ref()?.key();
        let place = key.start as i64 + piece.skip as i64 + sample - piece.start as i64;
        Some((&key.clip, place))
    }

    fn sample(&self, index: usize, offset: i64, circular: bool) -> [f32; 2] {
        let piece = &self.pieces[index];
        let own = piece.at(offset);
        let left = piece.len() as i64 - offset;
        let next = index + 1;
        if piece.goes_on || left > SEAM_LEN as i64 || left <= 0 || (next == self.pieces.len() && !circular) {
            return own;
        }
        let next = &self.pieces[next % self.pieces.len()];
        if next.recording.is_none() {
            return own;
        }
        let before_next = next.at(-left);
        let (kept, taken) = (FRAC_PI_2 * left as f32 / SEAM_LEN as f32).sin_cos();
        [0, 1].map(|channel| kept * own[channel] + taken.max(0.0) * before_next[channel])
    }
}

impl Piece {
    fn len(&self) -> usize {
        self.end - self.start
    }

    /// Left and right at `offset` samples behind the part's first.
    fn at(&self, offset: i64) -> [f32; 2] {
        self.recording.as_ref().map_or([0.0; 2], |recording| {
            recording.at(self.skip as i64 + offset).map(sanitize)
        })
    }

    fn is_followed_by(&self, next: &Self) -> bool {
        let (Some(own), Some(next_recording)) = (&self.recording, &next.recording) else {
            return false;
        };
        let end = own.key().start + (self.skip + self.len()) as u64;
        own.key().clip == next_recording.key().clip && end == next_recording.key().start + next.skip as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::values::{Frames, LoudnessMatch, RecordingKey, SteeredLoudness};

    const HOP: usize = 256;
    const FRAMES: usize = 40;
    const LEN: usize = HOP * FRAMES;

    /// A clip whose samples are their own places.
    fn recording(clip: &str, start: u64) -> Arc<Recording> {
        let key = RecordingKey {
            clip: clip.into(),
            start,
            len: LEN,
        };
        let first = start as f32 - Recording::MARGIN as f32;
        let samples = (0..LEN + 2 * Recording::MARGIN).map(|i| {
            let place = (first + i as f32) / 100_000.0;
            [place, -place]
        });
        Arc::new(Recording::new(key, samples.collect()).unwrap())
    }

    fn row(recordings: &[Arc<Recording>], skips: &[usize]) -> RecordedParts {
        let steerings: Vec<Steering> = recordings
            .iter()
            .zip(skips)
            .map(|(recording, skip)| Steering {
                recording: recording.key().clone(),
                skip_samples: skip * HOP,
                gain: None::<Frames>,
                loudness: None,
                levels: None,
            })
            .collect();
        let mut starts = vec![0];
        for skip in skips {
            starts.push(starts[starts.len() - 1] + FRAMES - skip);
        }
        RecordedParts::new(
            steerings.iter().map(Some),
            &starts,
            HOP,
            recordings.iter(),
            &mut Raises::default(),
        )
    }

    fn read(parts: &RecordedParts, start: i64, circular: bool) -> Vec<f32> {
        let mut window = [vec![9.0; 2_048], vec![9.0; 2_048]];
        parts.read(start, circular, &mut window);
        assert!(window[0].iter().zip(&window[1]).all(|(left, right)| *left == -right));
        window[0].iter().map(|sample| sample * 100_000.0).collect()
    }

    #[test]
    fn parts_that_follow_each_other_are_the_recording_itself() {
        let start = 20 * LEN as u64;
        let overlap = 10;
        let second = start + ((FRAMES - overlap) * HOP) as u64;
        let parts = row(&[recording("a", start), recording("a", second)], &[0, overlap]);
        let wave = read(&parts, LEN as i64 - 1_000, true);
        for (i, sample) in wave.iter().enumerate() {
            let wanted = (start + LEN as u64 - 1_000) as f32 + i as f32;
            assert!((sample - wanted).abs() < 0.1, "{i}: {sample} instead of {wanted}");
        }
    }

    #[test]
    fn a_loop_arrives_at_its_beginning_without_a_step() {
        let start = 3 * LEN as u64;
        let parts = row(&[recording("a", start)], &[0]);
        let wave = read(&parts, LEN as i64 - 1_500, true);
        assert!((wave[0] - (start as f32 + LEN as f32 - 1_500.0)).abs() < 0.1);
        let first = wave[1_500];
        assert!((first - start as f32).abs() < 0.1, "the loop begins at {first}");
        let step = (wave[1_499] - (first - 1.0)).abs() / first;
        assert!(step < 0.003, "{} comes before {first}", wave[1_499]);
    }

    #[test]
    fn once_through_it_goes_on_in_the_margin_and_ends_in_silence() {
        let start = 3 * LEN as u64;
        let parts = row(&[recording("a", start)], &[0]);
        let before = read(&parts, -1_000, false);
        assert!((before[0] - (start as f32 - 1_000.0)).abs() < 0.1);
        let after = read(&parts, (LEN + Recording::MARGIN) as i64, false);
        assert!(after.iter().all(|sample| *sample == 0.0));
    }

    #[test]
    fn a_filtered_recording_is_raised_to_its_loudness_and_measured_once() {
        let bands = 4;
        // -20.7 LUFS as it is, at one moment as loud as at all others.
        let power = Frames::from_vec(bands, vec![0.0025; 10 * bands]);
        let recording = recording("a", 3 * LEN as u64);
        let recording = Arc::new(Recording::clone(&recording).with_band_power(power));
        let steered = |nats: f32| Steering {
            recording: recording.key().clone(),
            skip_samples: 0,
            gain: None,
            loudness: Some(SteeredLoudness {
                rule: LoudnessMatch::new(true, 0.0, 1.0),
                first_row: 0,
                gain: Some(Arc::new(Frames::from_vec(bands, vec![nats; 10 * bands]))),
            }),
            levels: None,
        };
        let mut raises = Raises::default();
        let mut raise = |nats: f32| {
            let steering = steered(nats);
            let parts = RecordedParts::new(
                [Some(&steering)].into_iter(),
                &[0, FRAMES],
                HOP,
                [&recording].into_iter(),
                &mut raises,
            );
            parts.raise(0)
        };
        let first = raise(0.5);
        let wanted = (-16.0 + 20.691) * std::f32::consts::LN_10 / 20.0 - 0.5;
        assert!((first - wanted).abs() < 1e-3, "{first} instead of {wanted}");
        assert_eq!(raise(9.0), first, "a row that goes on is not measured again");
    }

    #[test]
    fn two_rows_know_when_they_are_at_the_same_moment() {
        let start = 3 * LEN as u64;
        let a = row(&[recording("a", start)], &[0]);
        let later = row(&[recording("a", start + 2 * HOP as u64)], &[0]);
        let other = row(&[recording("b", start)], &[0]);
        assert!(a.is_at_the_moment_of(5 * HOP as i64, &later, 3 * HOP as i64));
        assert!(!a.is_at_the_moment_of(5 * HOP as i64, &later, 5 * HOP as i64));
        assert!(!a.is_at_the_moment_of(0, &other, 0));
        assert!(a.is_there(0) && !a.is_there(LEN as i64));
    }
}
