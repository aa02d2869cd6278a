//! How far a set of sounds is from a genre's real music: the squared maximum mean discrepancy of timbre features under a
//! Gaussian kernel (Gretton et al. 2012), times 100.

use super::parties::of_genre;
use crate::eval::features::timbre_of;
use crate::eval::probe::Heard;
use crate::eval::stats::quantile;
use rand::seq::SliceRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{BTreeMap, BTreeSet};

/// Resamples behind an interval, and draws behind the floor.
const RESAMPLES: usize = 300;
const DRAWS: usize = 20;
/// Standardised features are held within this: one artefact must not weigh more than an extreme of real music.
const CLAMP: f32 = 3.0;
/// Fewer real excerpts of a genre say little about how it sounds.
const LEAST_REFERENCE: usize = 12;

/// One sound that was asked to be of a genre.
#[derive(Clone, Debug)]
pub(super) struct AskedFor {
    /// The clip that it was made of.
    pub clip: u32,
    pub genre: u16,
    /// As the feature extractor gives them.
    pub features: Vec<f32>,
}

/// What real music of every genre sounds like.
pub(super) struct Reference {
    mean: Vec<f32>,
    scale: Vec<f32>,
    /// 1 / (2 width^2), the width being the median distance between real excerpts.
    sharpness: f32,
    genres: BTreeMap<u16, RealGenre>,
}

struct RealGenre {
    rows: Vec<Vec<f32>>,
    /// Mean kernel of its excerpts with each other.
    within: f64,
}

impl Reference {
    /// Of `party`; genres with too few excerpts are left out.
    pub fn of(party: &[(u32, Heard)]) -> Self {
        let rows: Vec<&[f32]> = party.iter().map(|(_, heard)| timbre_of(&heard.features)).collect();
        let width = rows.first().map_or(0, |row| row.len());
        let count = rows.len().max(1) as f32;
        let mean: Vec<f32> = (0..width)
            .map(|column| rows.iter().map(|row| row[column]).sum::<f32>() / count)
            .collect();
        let scale = (0..width).map(|column| {
            let variance = rows.iter().map(|row| (row[column] - mean[column]).powi(2)).sum::<f32>() / count;
            if variance > 1e-12 { variance.sqrt().recip() } else { 0.0 }
        });
        let scale = scale.collect();
        let mut reference = Self {
            mean,
            scale,
            sharpness: 0.0,
            genres: BTreeMap::new(),
        };
        let all: Vec<Vec<f32>> = party.iter().map(|(_, heard)| reference.row(&heard.features)).collect();
        let step = (all.len() / 80).max(1);
        let some: Vec<&Vec<f32>> = all.iter().step_by(step).collect();
        let pairs = some
            .iter()
            .enumerate()
            .flat_map(|(i, a)| some[..i].iter().map(move |b| squared(a, b)));
        let median = quantile(&pairs.collect::<Vec<f32>>(), 0.5);
        reference.sharpness = 0.5 / median.max(1e-6);
        let genres: BTreeSet<u16> = party
            .iter()
            .filter_map(|(_, heard)| heard.labels.leading_genre())
            .collect();
        for genre in genres {
            let rows: Vec<Vec<f32>> = of_genre(party, genre)
                .map(|(_, heard)| reference.row(&heard.features))
                .collect();
            if rows.len() >= LEAST_REFERENCE {
                let within = rows.iter().map(|row| reference.mean_kernel(row, &rows)).sum::<f64>() / rows.len() as f64;
                reference.genres.insert(genre, RealGenre { rows, within });
            }
        }
        reference
    }

    /// The genres that can be compared with.
    pub fn genres(&self) -> impl Iterator<Item = u16> {
        self.genres.keys().copied()
    }

    /// The kernels of `sounds`, of which those of unknown genres are left out.
    pub fn compare(&self, sounds: &[AskedFor]) -> Compared {
        let mut genres: BTreeMap<u16, Kernels> = BTreeMap::new();
        for sound in sounds {
            let Some(real) = self.genres.get(&sound.genre) else {
                continue;
            };
            let kernels = genres.entry(sound.genre).or_insert_with(|| Kernels {
                within: real.within,
                ..Kernels::default()
            });
            let row = self.row(&sound.features);
            kernels.to_real.push(self.mean_kernel(&row, &real.rows));
            kernels
                .between
                .push(kernels.rows.iter().map(|other| self.kernel(&row, other)).collect());
            kernels.rows.push(row);
            kernels.clips.push(sound.clip);
        }
        Compared(genres.into_values().collect())
    }

    /// The distance of real excerpts of `party`, drawn at random, as many of each genre as there are among `sounds`, of different
    /// clips as far as there are clips: what chance leaves. `None` where a genre has none.
    pub fn floor(&self, party: &[(u32, Heard)], sounds: &[AskedFor]) -> Option<f64> {
        self.floor_of(party, sounds, None)
    }

    /// The same drawn from as many clips of each genre as `clips` says.
    pub fn floor_of(
        &self,
        party: &[(u32, Heard)],
        sounds: &[AskedFor],
        clips: Option<&BTreeMap<u16, usize>>,
    ) -> Option<f64> {
        let mut rng = ChaCha8Rng::seed_from_u64(0xf100);
        let mut total = 0.0;
        for _ in 0..DRAWS {
            let mut drawn = Vec::new();
            for genre in self.genres() {
                let wanted = sounds.iter().filter(|sound| sound.genre == genre).count();
                let mut pool: Vec<&(u32, Heard)> = of_genre(party, genre).collect();
                if pool.is_empty() && wanted > 0 {
                    return None;
                }
                pool.shuffle(&mut rng);
                if let Some(most) = clips.and_then(|clips| clips.get(&genre)) {
                    let mut drawn_from = BTreeSet::new();
                    pool.retain(|(clip, _)| {
                        drawn_from.contains(clip) || (drawn_from.len() < *most && drawn_from.insert(*clip))
                    });
                }
                let mut seen: BTreeMap<u32, usize> = BTreeMap::new();
                let mut turns: Vec<(usize, &(u32, Heard))> = Vec::with_capacity(pool.len());
                for excerpt in pool {
                    let turn = seen.entry(excerpt.0).or_default();
                    turns.push((*turn, excerpt));
                    *turn += 1;
                }
                turns.sort_by_key(|(turn, _)| *turn);
                drawn.extend(turns.iter().cycle().take(wanted).map(|(_, (clip, heard))| AskedFor {
                    clip: *clip,
                    genre,
                    features: heard.features.clone(),
                }));
            }
            total += self.compare(&drawn).distance(None);
        }
        Some(total / DRAWS as f64)
    }

    fn row(&self, features: &[f32]) -> Vec<f32> {
        let columns = timbre_of(features).iter().zip(&self.mean).zip(&self.scale);
        columns
            .map(|((value, mean), scale)| ((value - mean) * scale).clamp(-CLAMP, CLAMP))
            .collect()
    }

    fn kernel(&self, a: &[f32], b: &[f32]) -> f64 {
        f64::from((-self.sharpness * squared(a, b)).exp())
    }

    fn mean_kernel(&self, row: &[f32], others: &[Vec<f32>]) -> f64 {
        others.iter().map(|other| self.kernel(row, other)).sum::<f64>() / others.len().max(1) as f64
    }
}

/// Sounds against the genres they were asked to be of, a genre after the other.
pub(super) struct Compared(Vec<Kernels>);

#[derive(Default)]
struct Kernels {
    rows: Vec<Vec<f32>>,
    clips: Vec<u32>,
    /// Of every sound with those before it.
    between: Vec<Vec<f64>>,
    /// Mean of every sound with the real excerpts.
    to_real: Vec<f64>,
    within: f64,
}

impl Compared {
    /// 100 times the squared discrepancy, averaged over the sounds; `weights` say how often each clip counts.
    pub fn distance(&self, weights: Option<&BTreeMap<u32, f64>>) -> f64 {
        let (mut sum, mut count) = (0.0, 0.0);
        for kernels in &self.0 {
            let weight = |index: usize| {
                weights.map_or(1.0, |weights| {
                    weights.get(&kernels.clips[index]).copied().unwrap_or(0.0)
                })
            };
            let (mut total, mut between, mut to_real) = (0.0, 0.0, 0.0);
            for index in 0..kernels.clips.len() {
                let own = weight(index);
                total += own;
                to_real += own * kernels.to_real[index];
                between += own * own;
                let earlier = kernels.between[index].iter().enumerate();
                between += 2.0 * own * earlier.map(|(other, kernel)| weight(other) * kernel).sum::<f64>();
            }
            if total > 0.0 {
                sum += total * (between / (total * total) - 2.0 * to_real / total + kernels.within);
                count += total;
            }
        }
        100.0 * sum / count
    }

    /// The 95 % interval of how much farther these are than `other`, clips being drawn again with replacement, the same for both.
    pub fn interval_beside(&self, other: Option<&Self>) -> Option<[f32; 2]> {
        let clips: BTreeSet<u32> = self.0.iter().flat_map(|kernels| &kernels.clips).copied().collect();
        let clips: Vec<u32> = clips.into_iter().collect();
        if clips.len() < 2 {
            return None;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(0x0b00_7577);
        let mut drawn = Vec::with_capacity(RESAMPLES);
        for _ in 0..RESAMPLES {
            let mut weights: BTreeMap<u32, f64> = BTreeMap::new();
            for _ in 0..clips.len() {
                *weights.entry(clips[rng.random_range(0..clips.len())]).or_default() += 1.0;
            }
            let own = self.distance(Some(&weights));
            drawn.push((own - other.map_or(0.0, |other| other.distance(Some(&weights)))) as f32);
        }
        Some([quantile(&drawn, 0.025), quantile(&drawn, 0.975)])
    }
}

fn squared(a: &[f32], b: &[f32]) -> f32 {
    a.iter().zip(b).map(|(a, b)| (a - b) * (a - b)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::features::FeatureExtractor;
    use crate::values::Condition;

    /// Real excerpts of two genres, apart by `apart` along every feature.
    fn excerpts(count: u32, first_clip: u32, apart: f32, seed: u64) -> Vec<(u32, Heard)> {
        let width = FeatureExtractor::default().listen(&[]).len();
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        (0..count)
            .map(|index| {
                let genre = index % 2;
                let features = (0..width)
                    .map(|_| apart * genre as f32 + rng.random_range(-1.0f32..1.0))
                    .collect();
                let labels = Condition {
                    genre: vec![f32::from(u8::from(genre == 0)), f32::from(u8::from(genre == 1))],
                    ..Condition::default()
                };
                (first_clip + index, Heard { features, labels })
            })
            .collect()
    }

    fn asked(party: &[(u32, Heard)], swapped: bool) -> Vec<AskedFor> {
        let sound = |(clip, heard): &(u32, Heard)| AskedFor {
            clip: *clip,
            genre: heard.labels.leading_genre().unwrap() ^ u16::from(swapped),
            features: heard.features.clone(),
        };
        party.iter().map(sound).collect()
    }

    #[test]
    fn real_music_of_the_genre_is_at_the_floor_and_of_another_far_from_it() {
        let reference = Reference::of(&excerpts(80, 0, 0.6, 1));
        let others = excerpts(40, 1_000, 0.6, 2);
        let own = reference.compare(&asked(&others, false));
        let foreign = reference.compare(&asked(&others, true));
        let floor = reference
            .floor(&excerpts(60, 2_000, 0.6, 3), &asked(&others, false))
            .unwrap();
        assert!(
            (own.distance(None) / floor - 1.0).abs() < 0.3,
            "{} against {floor}",
            own.distance(None)
        );
        assert!(
            foreign.distance(None) > 2.0 * floor,
            "{} against {floor}",
            foreign.distance(None)
        );
        let [low, high] = foreign.interval_beside(Some(&own)).unwrap();
        assert!(0.0 < low && low < high, "{low}..{high}");
        let [low, high] = own.interval_beside(Some(&own)).unwrap();
        assert!(low == 0.0 && high == 0.0);
    }

    #[test]
    fn genres_with_too_few_excerpts_are_left_out() {
        let few: Vec<(u32, Heard)> = excerpts(80, 0, 0.6, 1)
            .into_iter()
            .filter(|(clip, heard)| heard.labels.leading_genre() == Some(0) || *clip < 10)
            .collect();
        let reference = Reference::of(&few);
        assert_eq!(reference.genres().collect::<Vec<_>>(), [0]);
    }
}
