//! The exact inverse of a linear layout (PCA): what g changes by when one moves in the plane of the map. Any thread.
//!
//! The neighbours' blend ([`super::MapInverse`]) answers everywhere, but its own place is only near the cursor; on PCA the
//! rest of the way is known, so the answer can be put exactly where the hand is.

use super::Located;
use crate::space::{Layout, LayoutKind, Snapshot};
use crate::values::MapPoint;

/// The exact inverse of a linear layout (PCA): the point of the plane spanned by the layout that lies at a map point.
#[derive(Clone, Debug)]
pub struct PlaneInverse {
    /// Change of g per map unit in x and in y.
    slopes: [Vec<f32>; 2],
}

impl PlaneInverse {
    /// Least squares of g on the map's coordinates. For principal components this gives the components' own axes however
    /// the layout was turned or scaled, so nothing but the layout has to be stored. `None` without chunks or layout.
    pub fn new(snapshot: &Snapshot, kind: LayoutKind) -> Option<Self> {
        let layout = snapshot.layouts.iter().find(|layout| layout.kind == kind)?;
        let dims = snapshot.latents.global_dims();
        let n = snapshot.latents.len();
        if n == 0 || layout.points.len() != n {
            return None;
        }
        let g = |i: usize, j: usize| f64::from(snapshot.latents.globals()[i * dims + j].to_f32());
        let (mut cx, mut cy, mut mean) = (0.0f64, 0.0f64, vec![0.0f64; dims]);
        for (i, point) in layout.points.iter().enumerate() {
            cx += f64::from(point.x) / n as f64;
            cy += f64::from(point.y) / n as f64;
            mean.iter_mut()
                .enumerate()
                .for_each(|(j, sum)| *sum += g(i, j) / n as f64);
        }
        let (mut xx, mut xy, mut yy) = (0.0f64, 0.0, 0.0);
        let mut cross = [vec![0.0f64; dims], vec![0.0f64; dims]];
        for (i, point) in layout.points.iter().enumerate() {
            let (x, y) = (f64::from(point.x) - cx, f64::from(point.y) - cy);
            xx += x * x;
            xy += x * y;
            yy += y * y;
            for j in 0..dims {
                let value = g(i, j) - mean[j];
                cross[0][j] += x * value;
                cross[1][j] += y * value;
            }
        }
        // A layout on a line has one slope only; the tiny ridge gives the other as zero.
        let ridge = 1e-9 * (xx + yy) + f64::MIN_POSITIVE;
        let (a, d) = (xx + ridge, yy + ridge);
        let determinant = a * d - xy * xy;
        let slope = |j: usize| {
            let (x, y) = (cross[0][j], cross[1][j]);
            [
                ((d * x - xy * y) / determinant) as f32,
                ((a * y - xy * x) / determinant) as f32,
            ]
        };
        Some(Self {
            slopes: [0, 1].map(|axis| (0..dims).map(|j| slope(j)[axis]).collect()),
        })
    }

    /// Moves a blend to the very place that was asked for: its mean place `sum w_i p_i` lies off `at` by a step in the
    /// plane, and the same step is taken in g. Nothing changes at a chunk, so the answer stays exact there and continuous
    /// everywhere. `layout` is the one this inverse was made of.
    pub fn settle(&self, located: &mut Located, at: MapPoint, layout: &Layout) {
        let (mut x, mut y) = (at.x, at.y);
        for (chunk, weight) in &located.blend {
            if let Some(point) = layout.points.get(chunk.0 as usize) {
                x -= weight * point.x;
                y -= weight * point.y;
            }
        }
        let [along_x, along_y] = &self.slopes;
        for (value, (a, b)) in located.latent.global.iter_mut().zip(along_x.iter().zip(along_y)) {
            *value += a * x + b * y;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::{gaussian_points, small_snapshot};
    use crate::atlas::{Content, MapInverse, Pca};
    use crate::values::ChunkId;
    use std::collections::BTreeMap;
    use std::sync::Arc;

    /// A snapshot whose layout is its first two components, turned and scaled as an aligned layout is; and the projection.
    fn projected() -> (Snapshot, impl Fn(&[f32]) -> MapPoint) {
        let mut snapshot = small_snapshot(90, 8);
        let dims = snapshot.latents.global_dims();
        let rows =
            ndarray::Array2::from_shape_fn((90, dims), |(i, j)| snapshot.latents.globals()[i * dims + j].to_f32());
        let pca = Pca::fit(rows.view(), 2).unwrap();
        let place = move |g: &[f32]| {
            let row = ndarray::ArrayView2::from_shape((1, dims), g).unwrap();
            let scores = pca.project(row);
            MapPoint {
                x: 0.3 * scores[[0, 1]] + 0.1,
                y: -0.3 * scores[[0, 0]],
            }
        };
        let points = rows
            .rows()
            .into_iter()
            .map(|row| place(row.to_slice().unwrap()))
            .collect();
        snapshot.layouts = vec![Layout {
            kind: LayoutKind::Pca,
            points,
            quality: BTreeMap::new(),
        }];
        (snapshot, place)
    }

    #[test]
    fn the_plane_undoes_the_projection() {
        let (snapshot, place) = projected();
        let inverse = PlaneInverse::new(&snapshot, LayoutKind::Pca).unwrap();
        let layout = &snapshot.layouts[0];
        let chunk = ChunkId(0);
        for at in gaussian_points(20, 4) {
            let mut located = Located {
                latent: snapshot.latents.get(chunk),
                anchor: chunk,
                blend: vec![(chunk, 1.0)],
            };
            inverse.settle(&mut located, at, layout);
            let again = place(&located.latent.global);
            assert!(again.distance_squared(at) < 1e-6, "{at:?} came back as {again:?}");
        }
    }

    #[test]
    fn settling_leaves_chunks_alone_and_brings_the_rest_nearer_to_the_hand() {
        let (snapshot, place) = projected();
        let plane = PlaneInverse::new(&snapshot, LayoutKind::Pca).unwrap();
        let layout = snapshot.layouts[0].clone();
        let inverse = MapInverse::new(Arc::new(snapshot), LayoutKind::Pca).unwrap();
        let located = |at| inverse.locate(at, Content::Nearest { playing: None }).unwrap();
        for point in layout.points.iter().take(10) {
            let (before, mut after) = (located(*point), located(*point));
            plane.settle(&mut after, *point, &layout);
            assert_eq!(after, before);
        }
        let at = MapPoint { x: 4.0, y: 4.0 };
        let (before, mut after) = (located(at), located(at));
        plane.settle(&mut after, at, &layout);
        let off = |found: &Located| place(&found.latent.global).distance_squared(at).sqrt();
        assert!(
            off(&after) < 0.5 * off(&before),
            "{} after {}",
            off(&after),
            off(&before)
        );
    }
}
