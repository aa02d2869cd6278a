//! Map point to latent: what a click or a drag asks for. Any thread; microseconds.
//!
//! g is blended by modified Shepard weights (Franke & Nielson 1980): exact at every chunk and continuous in between.
//! l is taken whole from one anchor, because two unaligned rhythms averaged are mush.

use super::grid::{Neighbour, PointGrid};
use crate::space::{LayoutKind, Snapshot};
use crate::values::{ChunkId, Latent, MapPoint};
use std::sync::Arc;

/// Chunks that share in a blend.
const BLENDED: usize = 8;
/// A new anchor must be this much nearer than the old one: no flutter on the border between two chunks.
const HYSTERESIS: f32 = 1.25;
/// Blends shorter than this share of their sources' norm (opposites that cancel) are not stretched any further.
const LEAST_NORM: f32 = 0.1;

/// Where l comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// From the nearest chunk, with hysteresis in favour of the one that plays now.
    Nearest {
        /// The anchor of the last answer.
        playing: Option<ChunkId>,
    },
    /// From this chunk wherever the cursor goes: only the sound changes.
    Held(ChunkId),
}

/// What a map point stands for.
#[derive(Clone, Debug, PartialEq)]
pub struct Located {
    /// A blended g with the l of `anchor`.
    pub latent: Latent,
    /// The chunk whose l it has.
    pub anchor: ChunkId,
    /// The chunks g was blended from, nearest first; weights sum to 1.
    pub blend: Vec<(ChunkId, f32)>,
}

/// Answers for one layout of one snapshot.
#[derive(Clone, Debug)]
pub struct MapInverse {
    snapshot: Arc<Snapshot>,
    grid: PointGrid,
}

impl MapInverse {
    /// Indexes the layout of `kind` (or the first there is); `None` when the snapshot has no chunk or no layout.
    pub fn new(snapshot: Arc<Snapshot>, kind: LayoutKind) -> Option<Self> {
        let layout = snapshot.layout(kind)?;
        let complete = !layout.points.is_empty() && layout.points.len() == snapshot.latents.len();
        let grid = complete.then(|| PointGrid::new(&layout.points))?;
        Some(Self { snapshot, grid })
    }

    /// The index behind it, for hovering and drawing.
    pub fn grid(&self) -> &PointGrid {
        &self.grid
    }

    /// The latent at `at`; `None` for a point that is not finite.
    pub fn locate(&self, at: MapPoint, content: Content) -> Option<Located> {
        self.locate_among(at, content, |_| true)
    }

    /// The same as if there were only the chunks that `keep` lets pass; `None` where it lets none.
    pub fn locate_among(&self, at: MapPoint, content: Content, keep: impl Fn(ChunkId) -> bool) -> Option<Located> {
        let mut near = Vec::with_capacity(BLENDED + 1);
        let kept = |index| keep(ChunkId(index));
        self.grid.nearest_among(at, BLENDED + 1, kept, &mut near);
        let nearest = *near.first()?;
        let anchor = match content {
            Content::Held(chunk) if (chunk.0 as usize) < self.snapshot.latents.len() && keep(chunk) => chunk,
            Content::Held(_) => ChunkId(nearest.index),
            Content::Nearest { playing } => self.anchor(at, nearest, playing.filter(|chunk| keep(*chunk))),
        };
        let blend: Vec<(ChunkId, f32)> = near
            .iter()
            .zip(shepard_weights(&near))
            .filter(|(_, weight)| *weight > 0.0)
            .map(|(found, weight)| (ChunkId(found.index), weight))
            .collect();
        let latent = Latent {
            global: self.blend_global(&blend),
            local: self.snapshot.latents.get(anchor).local,
        };
        Some(Located { latent, anchor, blend })
    }

    fn anchor(&self, at: MapPoint, nearest: Neighbour, playing: Option<ChunkId>) -> ChunkId {
        let keeps = |chunk: &ChunkId| {
            self.grid
                .points()
                .get(chunk.0 as usize)
                .is_some_and(|point| point.distance_squared(at) <= HYSTERESIS * HYSTERESIS * nearest.distance_squared)
        };
        playing.filter(keeps).unwrap_or(ChunkId(nearest.index))
    }

    /// The weighted mean of g, stretched to the weighted mean of the norms: a plain mean shrinks towards the bland centre.
    fn blend_global(&self, blend: &[(ChunkId, f32)]) -> Vec<f32> {
        let dims = self.snapshot.latents.global_dims();
        let mut mean = vec![0.0f32; dims];
        let mut norm = 0.0;
        for (chunk, weight) in blend {
            let start = chunk.0 as usize * dims;
            let mut power = 0.0;
            for (sum, half) in mean
                .iter_mut()
                .zip(&self.snapshot.latents.globals()[start..start + dims])
            {
                let value = half.to_f32();
                *sum += weight * value;
                power += value * value;
            }
            norm += weight * power.sqrt();
        }
        let blended = mean.iter().map(|value| value * value).sum::<f32>().sqrt();
        if blend.len() > 1 && norm > 0.0 {
            let stretch = norm / blended.max(LEAST_NORM * norm);
            for value in &mut mean {
                *value *= stretch;
            }
        }
        mean
    }
}

/// `w_i = ((R - d_i)+ / (R d_i))^2`, normalised, with R the distance of the ninth; on a map of eight or fewer R is
/// infinite. A distance of 0 takes all (coincident chunks share equally).
fn shepard_weights(near: &[Neighbour]) -> Vec<f32> {
    let reach = near
        .get(BLENDED)
        .map_or(f32::INFINITY, |ninth| ninth.distance_squared.sqrt());
    // Relative to the nearest, so that no square leaves the range of f32 however small the map.
    let least = near.first().map_or(0.0, |first| first.distance_squared.sqrt());
    let raw = |found: &Neighbour| {
        let distance = found.distance_squared.sqrt();
        if least <= 0.0 {
            f32::from(u8::from(distance <= 0.0))
        } else {
            let fade = if reach.is_finite() {
                ((reach - distance) / reach).max(0.0)
            } else {
                1.0
            };
            (fade * least / distance).powi(2)
        }
    };
    let mut weights: Vec<f32> = near.iter().take(BLENDED).map(raw).collect();
    let sum: f32 = weights.iter().sum();
    if sum > 0.0 {
        for weight in &mut weights {
            *weight /= sum;
        }
    } else if let Some(first) = weights.first_mut() {
        // Nine or more at one distance: any choice is as near as another.
        *first = 1.0;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::{gaussian_points, small_snapshot};
    use crate::space::Layout;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    const ANY: Content = Content::Nearest { playing: None };

    fn on_map(points: Vec<MapPoint>, seed: u64) -> Arc<Snapshot> {
        let mut snapshot = small_snapshot(points.len(), seed);
        snapshot.layouts = vec![Layout {
            kind: LayoutKind::Tsne,
            points,
            quality: BTreeMap::new(),
        }];
        Arc::new(snapshot)
    }

    fn distance(a: &[f32], b: &[f32]) -> f32 {
        a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum::<f32>().sqrt()
    }

    proptest! {
        #[test]
        fn exact_at_every_point(n in 1usize..60, scale in 1e-3f32..1e3, seed: u64) {
            let mut points = gaussian_points(n, seed);
            for p in &mut points {
                p.x *= scale;
                p.y *= scale;
            }
            let snapshot = on_map(points.clone(), seed);
            let inverse = MapInverse::new(Arc::clone(&snapshot), LayoutKind::Tsne).unwrap();
            for (i, point) in points.iter().enumerate() {
                let located = inverse.locate(*point, ANY).unwrap();
                let truth = snapshot.latents.get(located.anchor);
                prop_assert!(located.anchor == ChunkId(i as u32) || points[located.anchor.0 as usize] == *point);
                prop_assert_eq!(located.latent, truth);
            }
        }

        #[test]
        fn continuous_everywhere(n in 2usize..80, x in -2.5f32..2.5, y in -2.5f32..2.5, angle in 0.0f32..6.3, seed: u64) {
            // Along a line that crosses many changes of the nearest nine, halving the step must at last halve the jump:
            // a jump that stays is a break.
            let inverse = MapInverse::new(on_map(gaussian_points(n, seed), seed), LayoutKind::Tsne).unwrap();
            let g = |t: f32| inverse.locate(MapPoint { x: x + t * angle.cos(), y: y + t * angle.sin() }, ANY).unwrap().latent.global;
            let (mut low, mut high) = (0.0f32, 1.0f32);
            for _ in 0..14 {
                let middle = 0.5 * (low + high);
                let (a, b, c) = (g(low), g(middle), g(high));
                if distance(&a, &b) >= distance(&b, &c) { high = middle } else { low = middle }
            }
            let jump = distance(&g(low), &g(high));
            prop_assert!(jump < 0.5, "a jump of {jump} within {}", high - low);
        }

        #[test]
        fn blends_keep_the_norm_of_their_sources(x in -1.5f32..1.5, y in -1.5f32..1.5, seed: u64) {
            let snapshot = on_map(gaussian_points(50, seed), seed);
            let located = MapInverse::new(Arc::clone(&snapshot), LayoutKind::Tsne).unwrap().locate(MapPoint { x, y }, ANY).unwrap();
            let norm = |g: &[f32]| g.iter().map(|v| v * v).sum::<f32>().sqrt();
            let wanted: f32 = located.blend.iter().map(|(chunk, w)| w * norm(&snapshot.latents.get(*chunk).global)).sum();
            let found = norm(&located.latent.global);
            prop_assert!(found <= wanted * 1.001 && found > wanted * 0.2, "{found} for {wanted}");
            prop_assert!((located.blend.iter().map(|b| b.1).sum::<f32>() - 1.0).abs() < 1e-4);
        }
    }

    #[test]
    fn the_anchor_holds_on_near_a_border_and_lets_go_at_a_chunk() {
        let points = vec![MapPoint { x: 0.0, y: 0.0 }, MapPoint { x: 1.0, y: 0.0 }];
        let inverse = MapInverse::new(on_map(points, 1), LayoutKind::Tsne).unwrap();
        let anchor = |x: f32, content| inverse.locate(MapPoint { x, y: 0.0 }, content).unwrap().anchor;
        let playing = Content::Nearest {
            playing: Some(ChunkId(0)),
        };
        assert_eq!(anchor(0.52, ANY), ChunkId(1));
        assert_eq!(anchor(0.52, playing), ChunkId(0));
        assert_eq!(anchor(0.7, playing), ChunkId(1));
        assert_eq!(anchor(1.0, playing), ChunkId(1));
        assert_eq!(anchor(1.0, Content::Held(ChunkId(0))), ChunkId(0));
        assert_eq!(anchor(1.0, Content::Held(ChunkId(99))), ChunkId(1));
    }

    #[test]
    fn coincident_chunks_give_a_finite_answer() {
        let inverse = MapInverse::new(on_map(vec![MapPoint { x: 1.0, y: 1.0 }; 20], 2), LayoutKind::Tsne).unwrap();
        for x in [1.0, 2.0] {
            let located = inverse.locate(MapPoint { x, y: 1.0 }, ANY).unwrap();
            assert!(located.latent.global.iter().all(|v| v.is_finite()));
        }
        assert!(inverse.locate(MapPoint { x: f32::NAN, y: 0.0 }, ANY).is_none());
    }

    #[test]
    fn a_place_is_as_if_there_were_only_the_chunks_that_are_shown() {
        let points = gaussian_points(40, 3);
        let all = MapInverse::new(on_map(points.clone(), 3), LayoutKind::Tsne).unwrap();
        let odd = |chunk: ChunkId| chunk.0 % 2 == 1;
        for at in [points[0], points[8], MapPoint { x: 0.3, y: -0.2 }] {
            for content in [
                ANY,
                Content::Held(ChunkId(4)),
                Content::Nearest {
                    playing: Some(ChunkId(2)),
                },
            ] {
                let located = all.locate_among(at, content, odd).unwrap();
                assert!(odd(located.anchor), "a hidden chunk is no anchor");
                assert!(
                    located.blend.iter().all(|(chunk, _)| odd(*chunk)),
                    "nor part of a blend"
                );
            }
        }
        assert!(all.locate_among(points[0], ANY, |_| false).is_none());
    }
}
