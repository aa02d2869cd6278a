//! Where a walk jumps to: of all beats the ones that continue as what sounds would, in the place and under the labels that are
//! asked for.

use super::index::{EndlessIndex, SUMMARY, local_distance, square_distance};
use super::steering::EndlessSteering;
use crate::values::{ChunkId, Condition, Groove, tempo_match};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Candidates whose l is compared exactly, and those of them among which chance decides.
const SHORTLIST: usize = 48;
const DRAWN_FROM: usize = 8;
/// Cost at which a candidate is drawn 1/e times as often as the best.
const TEMPERATURE: f32 = 0.15;
/// Most octaves that a recording is stretched by to fit the tempo: 6 %.
pub(super) const MOST_STRETCH: f32 = 0.084;
/// A stretch so small is none: nobody hears it, and the recording stays as it is.
const NO_STRETCH: f32 = 0.004;
/// Weights of the terms; squared distances count as shares of those of two moments by chance.
const LABELS: f32 = 6.0;
/// Share of the genre where a mood is wanted too: no mood makes up for another genre.
const GENRE_FIRST: f32 = 0.75;
const TEMPO: f32 = 0.5;
const KEY: f32 = 0.4;
const SMOOTH: f32 = 0.3;
const NEAR: f32 = 3.0;
/// At this adventure and below, the walk stays in its clip.
const STAYS_BELOW: f32 = 0.05;

/// What sounds, and would go on.
pub(super) struct Leaving<'a> {
    pub(super) chunk: u32,
    /// What would follow.
    pub(super) moment: usize,
    /// Tempo that is heard.
    pub(super) tempo_bpm: Option<f32>,
    pub(super) steering: &'a EndlessSteering,
    /// Further cost of a chunk for what was heard of it already; infinite where it must not be heard again yet.
    pub(super) heard: &'a dyn Fn(u32) -> f32,
}

/// A jump.
#[derive(Clone, Copy, Debug)]
pub(super) struct Jump {
    pub(super) chunk: u32,
    pub(super) frame: usize,
    pub(super) pace: f32,
    /// How different what follows is, as a share of two moments by chance.
    pub(super) roughness: f32,
}

/// How far `labels` are from what is `wanted`, 0..=1: the mix, and the mood where it was asked for.
pub(in crate::decode) fn label_distance(wanted: &Condition, labels: &Condition) -> f32 {
    let genre = if wanted.genre_known() {
        let apart = wanted.genre.iter().zip(&labels.genre).map(|(a, b)| (a - b).abs());
        0.5 * apart.sum::<f32>() + if labels.genre_known() { 0.0 } else { 0.5 }
    } else {
        0.0
    };
    let apart = |wanted: Option<f32>, own: Option<f32>| match (wanted, own) {
        (Some(wanted), Some(own)) => (wanted - own).powi(2),
        (Some(wanted), None) => wanted.powi(2),
        (None, _) => 0.0,
    };
    let mood = apart(wanted.valence, labels.valence) + apart(wanted.arousal, labels.arousal);
    match wanted.genre_known() {
        true => GENRE_FIRST * genre.min(1.0) + (1.0 - GENRE_FIRST) * mood.sqrt().min(1.0),
        false => mood.sqrt().min(1.0),
    }
}

/// Factor on the speed, and how much worse a match it is, of what has `own` tempo where `heard` sounds.
pub(in crate::decode) fn pace(own: Option<f32>, heard: Option<f32>) -> (f32, f32) {
    match (own, heard) {
        (Some(own), Some(heard)) => match tempo_match(own, heard, MOST_STRETCH) {
            Some(pace) if (pace - 1.0).abs() < NO_STRETCH => (1.0, 0.0),
            Some(pace) => (pace, (pace.log2() / MOST_STRETCH).powi(2)),
            None => (1.0, 2.0),
        },
        (None, None) => (1.0, 0.0),
        _ => (1.0, 1.0),
    }
}

impl EndlessIndex {
    /// A jump away from `leaving`; `None` when there is nowhere to go. Takes the time of one look at every beat.
    pub(super) fn jump(&self, leaving: &Leaving<'_>, rng: &mut ChaCha8Rng) -> Option<Jump> {
        let costs = self.chunk_costs(leaving);
        let own = self.summary(leaving.moment.min(self.moments.len().checked_sub(1)?));
        let scale = self.typical.summary.recip();
        let mut shortlist: Vec<(f32, usize)> = Vec::with_capacity(SHORTLIST + 1);
        for (moment, (row, summary)) in self
            .moments
            .iter()
            .zip(self.summaries.chunks_exact(SUMMARY))
            .enumerate()
        {
            let base = costs[row.chunk as usize];
            let worst = if shortlist.len() == SHORTLIST {
                shortlist[SHORTLIST - 1].0
            } else {
                f32::MAX
            };
            if base >= worst || !row.is_entry {
                continue;
            }
            let cost = base + square_distance(own, summary) * scale;
            if cost < worst {
                let place = shortlist.partition_point(|(known, _)| *known <= cost);
                shortlist.insert(place, (cost, moment));
                shortlist.truncate(SHORTLIST);
            }
        }
        let follows = {
            let here = self.moments[leaving.moment.min(self.moments.len() - 1)];
            self.follows(here.chunk, usize::from(here.frame))
        };
        let mut exact: Vec<(f32, Jump)> = shortlist
            .into_iter()
            .map(|(_, moment)| {
                let row = self.moments[moment];
                let frame = usize::from(row.frame);
                let roughness = local_distance(&follows, &self.follows(row.chunk, frame)) / self.typical.local;
                let own_tempo = self.groove(row.chunk).and_then(Groove::steady_tempo_bpm);
                let jump = Jump {
                    chunk: row.chunk,
                    frame,
                    pace: pace(own_tempo, leaving.tempo_bpm).0,
                    roughness,
                };
                (costs[row.chunk as usize] + roughness, jump)
            })
            .collect();
        exact.sort_by(|a, b| a.0.total_cmp(&b.0));
        exact.truncate(DRAWN_FROM);
        let best = exact.first()?.0;
        let weights: Vec<f32> = exact
            .iter()
            .map(|(cost, _)| ((best - cost) / TEMPERATURE).exp())
            .collect();
        let mut drawn = rng.random_range(0.0..weights.iter().sum::<f32>());
        let index = weights.iter().position(|weight| {
            drawn -= weight;
            drawn < 0.0
        });
        Some(exact[index.unwrap_or(0)].1)
    }

    /// What speaks against each chunk whatever its beat; infinite for those that must not be heard.
    fn chunk_costs(&self, leaving: &Leaving<'_>) -> Vec<f32> {
        let steering = leaving.steering;
        let chunks = &self.snapshot.chunks;
        let adventure = steering.adventure.clamp(0.0, 1.0);
        let stays = adventure < STAYS_BELOW && steering.wanted.is_none();
        let own_clip = chunks[leaving.chunk as usize].clip;
        let cursor = self.global_in_bytes(&steering.cursor);
        let here = self.global(leaving.chunk);
        let scale = self.typical.global.recip();
        let near = NEAR * (1.0 - adventure).powi(2);
        let own_key = self.groove(leaving.chunk).map(|groove| groove.key);
        // By clip: tempo, key and genre are the clip's.
        let of_clips: Vec<f32> = self
            .snapshot
            .clips
            .iter()
            .map(|clip| {
                let groove = clip.groove.as_ref();
                let tempo = pace(groove.and_then(Groove::steady_tempo_bpm), leaving.tempo_bpm).1;
                let key = groove
                    .zip(own_key)
                    .map_or(0.0, |(groove, own)| groove.key.distance(&own));
                TEMPO * tempo + KEY * key
            })
            .collect();
        (0..chunks.len() as u32)
            .map(|chunk| {
                let clip = chunks[chunk as usize].clip;
                let is_hidden = steering.shown.as_ref().is_some_and(|shown| !shown(ChunkId(chunk)));
                if (stays && clip != own_clip) || is_hidden {
                    return f32::INFINITY;
                }
                let labels = steering.wanted.as_ref().map_or(0.0, |wanted| {
                    LABELS * label_distance(wanted, &self.snapshot.labels(ChunkId(chunk)))
                });
                let global = self.global(chunk);
                let place = near * square_distance(global, &cursor) + SMOOTH * square_distance(global, here);
                of_clips[clip.0 as usize] + labels + place * scale + (leaving.heard)(chunk)
            })
            .collect()
    }
}
