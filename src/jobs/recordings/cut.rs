//! Cuts the wanted stretches out of a recording that flows by. Pure.

use crate::dsp::{BandAxis, BandPowerMeter};
use crate::values::{Recording, RecordingKey};
use std::collections::VecDeque;
use std::ops::ControlFlow;
use std::sync::Arc;

/// What is to be done with a stretch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Admit {
    /// It is cut.
    Take,
    /// It is not to come yet: the recording waits as soon as nothing else is being cut.
    Hold,
    /// It goes by.
    Skip,
    /// Nothing more is wanted.
    Stop,
}

/// Whoever waits for stretches of one recording.
pub(super) trait Audience {
    /// Asked when a stretch begins, and again while it is held. When the recording `waits` for the answer, it comes when it
    /// is another one than [`Admit::Hold`].
    fn admit(&mut self, key: &RecordingKey, waits: bool) -> Admit;

    /// Takes a stretch.
    fn deliver(&mut self, piece: Arc<Recording>);

    /// The recording ends before this stretch begins.
    fn lacks(&mut self, key: &RecordingKey);
}

/// Takes the samples of one recording from its beginning.
pub(super) struct Cutter {
    /// Samples that have gone by.
    at: i64,
    gain: f32,
    /// In the order in which they begin.
    upcoming: VecDeque<RecordingKey>,
    open: Vec<Stretch>,
    meter: BandPowerMeter,
}

/// A stretch that has begun.
struct Stretch {
    key: RecordingKey,
    samples: Vec<[f32; 2]>,
    held: bool,
}

impl Stretch {
    fn is_whole(&self) -> bool {
        self.samples.len() == whole_len(&self.key)
    }
}

impl Cutter {
    /// Cuts the stretches of `keys` and changes their level by `gain_db`.
    pub(super) fn new(mut keys: Vec<RecordingKey>, gain_db: f32) -> Self {
        keys.sort_by_key(|key| (key.start, key.len));
        keys.dedup();
        Self {
            at: 0,
            gain: 10f32.powf(gain_db / 20.0),
            upcoming: keys.into(),
            open: Vec::new(),
            meter: BandPowerMeter::new(&BandAxis::standard()),
        }
    }

    /// Takes the next samples; breaks off when nothing more is wanted.
    pub(super) fn feed(&mut self, block: &[[f32; 2]], audience: &mut dyn Audience) -> ControlFlow<()> {
        let end = self.at + block.len() as i64;
        while let Some(key) = self.upcoming.pop_front_if(|key| begin(key) < end) {
            match audience.admit(&key, false) {
                Admit::Stop => return ControlFlow::Break(()),
                Admit::Skip => {}
                admit => self.begin(key, admit == Admit::Hold),
            }
        }
        let (at, gain) = (self.at, self.gain);
        for Stretch { key, samples, .. } in &mut self.open {
            // Where the next sample of the stretch lies in this block; what has begun earlier goes on at its beginning.
            let from = (begin(key) + samples.len() as i64 - at).max(0) as usize;
            let missing = whole_len(key) - samples.len();
            let part = block.get(from..).unwrap_or_default();
            samples.extend(
                part.iter()
                    .take(missing)
                    .map(|[left, right]| [left * gain, right * gain]),
            );
        }
        self.at = end;
        self.hand_out(audience)?;
        if self.open.is_empty() && self.upcoming.is_empty() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }

    /// The recording has ended: silence follows.
    pub(super) fn end(mut self, audience: &mut dyn Audience) {
        for Stretch { key, samples, .. } in &mut self.open {
            samples.resize(whole_len(key), [0.0; 2]);
        }
        if self.hand_out(audience).is_continue() {
            for key in &self.upcoming {
                audience.lacks(key);
            }
        }
    }

    fn begin(&mut self, key: RecordingKey, held: bool) {
        let silent = usize::try_from(-begin(&key)).unwrap_or(0).min(whole_len(&key));
        let mut samples = Vec::with_capacity(whole_len(&key));
        samples.resize(silent, [0.0; 2]);
        self.open.push(Stretch { key, samples, held });
    }

    /// Hands out what is whole; waits while everything that has begun is held.
    fn hand_out(&mut self, audience: &mut dyn Audience) -> ControlFlow<()> {
        let mut place = 0;
        while let Some(stretch) = self.open.get_mut(place) {
            // It may have become wanted meanwhile, and comes before what was let in since.
            if stretch.held && stretch.is_whole() {
                match audience.admit(&stretch.key, false) {
                    Admit::Take => stretch.held = false,
                    Admit::Hold => {}
                    Admit::Skip => {
                        self.open.remove(place);
                        continue;
                    }
                    Admit::Stop => return ControlFlow::Break(()),
                }
            }
            place += 1;
        }
        loop {
            let ready = |stretch: &mut Stretch| stretch.is_whole() && !stretch.held;
            for Stretch { key, samples, .. } in self.open.extract_if(.., ready) {
                if let Some(piece) = Recording::new(key, samples) {
                    audience.deliver(Arc::new(measured(piece, &mut self.meter)));
                }
            }
            if self.open.is_empty() || self.open.iter().any(|stretch| !stretch.held) {
                return ControlFlow::Continue(());
            }
            match audience.admit(&self.open[0].key, true) {
                Admit::Take => self.open[0].held = false,
                Admit::Skip => {
                    self.open.remove(0);
                }
                Admit::Hold | Admit::Stop => return ControlFlow::Break(()),
            }
        }
    }
}

/// `piece` with what its bands add to its loudness.
fn measured(piece: Recording, meter: &mut BandPowerMeter) -> Recording {
    let (left, right): (Vec<f32>, Vec<f32>) = piece.samples().iter().map(|[left, right]| (left, right)).unzip();
    let rows = piece.key().len / Recording::POWER_STRIDE;
    let power = meter.measure([&left, &right], Recording::MARGIN, Recording::POWER_STRIDE, rows);
    piece.with_band_power(power)
}

/// The first sample of a stretch with its margin; negative near the recording's beginning.
fn begin(key: &RecordingKey) -> i64 {
    key.start as i64 - Recording::MARGIN as i64
}

fn whole_len(key: &RecordingKey) -> usize {
    key.len + 2 * Recording::MARGIN
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Default)]
    struct Everything {
        pieces: Vec<Arc<Recording>>,
        lacking: Vec<u64>,
        skip: Option<u64>,
        /// From here on it is held until the recording waits; how many pieces were there then.
        hold: Option<u64>,
        held_at: Option<usize>,
    }

    impl Audience for Everything {
        fn admit(&mut self, key: &RecordingKey, waits: bool) -> Admit {
            let is_held = self.held_at.is_none() && self.hold.is_some_and(|from| key.start >= from);
            if is_held && waits {
                self.held_at = Some(self.pieces.len());
            }
            match () {
                () if self.skip == Some(key.start) => Admit::Skip,
                () if is_held && !waits => Admit::Hold,
                () => Admit::Take,
            }
        }

        fn deliver(&mut self, piece: Arc<Recording>) {
            self.pieces.push(piece);
        }

        fn lacks(&mut self, key: &RecordingKey) {
            self.lacking.push(key.start);
        }
    }

    fn key(start: u64, len: usize) -> RecordingKey {
        RecordingKey {
            clip: "a".into(),
            start,
            len,
        }
    }

    fn cut(keys: Vec<RecordingKey>, len: usize, block_len: usize, mut audience: Everything) -> (Everything, usize) {
        let wave: Vec<[f32; 2]> = (0..len).map(|i| [i as f32 + 1.0, -(i as f32) - 1.0]).collect();
        let mut cutter = Cutter::new(keys, 6.0);
        let mut fed = 0;
        for block in wave.chunks(block_len) {
            fed += block.len();
            if cutter.feed(block, &mut audience).is_break() {
                return (audience, fed);
            }
        }
        cutter.end(&mut audience);
        (audience, fed)
    }

    proptest! {
        #[test]
        fn every_stretch_holds_the_samples_of_its_place(
            starts in prop::collection::vec(0u64..12_000, 1..6), len in 1usize..3_000, block_len in 1usize..5_000,
        ) {
            let all = 10_000;
            let (audience, _) = cut(starts.iter().map(|start| key(*start, len)).collect(), all, block_len, Everything::default());
            let gain = 10f32.powf(0.3);
            let mut wanted = starts.clone();
            wanted.sort_unstable();
            wanted.dedup();
            prop_assert_eq!(audience.pieces.len() + audience.lacking.len(), wanted.len());
            for piece in &audience.pieces {
                for index in -(Recording::MARGIN as i64)..(piece.key().len + Recording::MARGIN) as i64 {
                    let place = piece.key().start as i64 + index;
                    let there = (0..all as i64).contains(&place);
                    let value = if there { (place as f32 + 1.0) * gain } else { 0.0 };
                    prop_assert_eq!(piece.at(index), [value, if there { -value } else { 0.0 }]);
                }
            }
        }
    }

    #[test]
    fn it_breaks_off_as_soon_as_all_is_cut_and_leaves_out_what_is_skipped() {
        let skipping = Everything {
            skip: Some(5_000),
            ..Everything::default()
        };
        let (audience, fed) = cut(vec![key(5_000, 100), key(3_000, 100)], 100_000, 100, skipping);
        assert_eq!(audience.pieces.len(), 1);
        assert_eq!(fed, 5_200, "the block in which the stretch and its margin end");
    }

    #[test]
    fn what_is_held_does_not_hold_up_what_comes_before_it() {
        let holding = Everything {
            hold: Some(8_000),
            ..Everything::default()
        };
        let (audience, _) = cut(
            vec![key(4_000, 4_000), key(8_000, 4_000), key(12_000, 4_000)],
            100_000,
            512,
            holding,
        );
        let starts: Vec<u64> = audience.pieces.iter().map(|piece| piece.key().start).collect();
        assert_eq!(starts, [4_000, 8_000, 12_000]);
        assert_eq!(
            audience.held_at,
            Some(1),
            "the piece before was out when the recording waited"
        );
        assert_eq!(
            audience.pieces[1].at(3_999),
            [12_000.0 * 10f32.powf(0.3), -12_000.0 * 10f32.powf(0.3)]
        );
    }
}
