//! A smooth density over a rectangle, from points: a histogram blurred three times with a box.

/// Cells per side.
const SIDE: usize = 64;

/// Half-width of the square: points fill -1..1, their glow a little more.
const REACH: f32 = 1.25;

/// `SIDE x SIDE` densities in 0..1 over the square `-REACH..REACH`, row-major from the bottom.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    cells: Vec<f32>,
}

impl Field {
    /// The blur for a glow of `count` points, in cells: few get a wide one, many a sharp one.
    pub fn glow_radius(count: usize) -> usize {
        (64.0 / (count as f32).sqrt()).clamp(2.0, 5.0) as usize
    }

    /// The density of `points` (in -1..1 each), 1 where it is greatest. `radius` is the blur in cells.
    pub fn of_points(points: impl Iterator<Item = [f32; 2]>, radius: usize) -> Self {
        let mut cells = spread(points.map(|point| (point, 1.0)), radius);
        let peak = cells.iter().copied().fold(0.0f32, f32::max);
        if peak > 0.0 {
            for value in &mut cells {
                *value /= peak;
            }
        }
        Self { cells }
    }

    /// The density of `points` and, for every cell, the mean of what they carry, where they are: a colour for the glow.
    pub fn with_means<const N: usize>(points: &[([f32; 2], [f32; N])], radius: usize) -> (Self, Vec<[f32; N]>) {
        let counts = spread(points.iter().map(|(place, _)| (*place, 1.0)), radius);
        let mut means = vec![[0.0f32; N]; SIDE * SIDE];
        for channel in 0..N {
            let sums = spread(points.iter().map(|(place, carried)| (*place, carried[channel])), radius);
            for (mean, (sum, count)) in means.iter_mut().zip(sums.iter().zip(&counts)) {
                mean[channel] = sum / count.max(1e-12);
            }
        }
        (Self::of_points(points.iter().map(|(place, _)| *place), radius), means)
    }

    /// Cells per side.
    pub fn side(&self) -> usize {
        SIDE
    }

    /// Half-width of the square they cover.
    pub fn reach(&self) -> f32 {
        REACH
    }

    /// The densities, row-major from the bottom.
    pub fn cells(&self) -> &[f32] {
        &self.cells
    }

    /// Density at (`x`, `y`), bilinear.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let place = |v: f32| ((v / REACH + 1.0) * 0.5 * SIDE as f32 - 0.5).clamp(0.0, SIDE as f32 - 1.0);
        let (fx, fy) = (place(x), place(y));
        let (x0, y0) = (fx as usize, fy as usize);
        let (x1, y1) = ((x0 + 1).min(SIDE - 1), (y0 + 1).min(SIDE - 1));
        let (tx, ty) = (fx - x0 as f32, fy - y0 as f32);
        let row = |y: usize| self.cells[y * SIDE + x0] * (1.0 - tx) + self.cells[y * SIDE + x1] * tx;
        row(y0) * (1.0 - ty) + row(y1) * ty
    }
}

/// The weights of `points` in their cells, blurred.
fn spread(points: impl Iterator<Item = ([f32; 2], f32)>, radius: usize) -> Vec<f32> {
    let mut cells = vec![0.0f32; SIDE * SIDE];
    for ([x, y], weight) in points.filter(|([x, y], _)| x.is_finite() && y.is_finite()) {
        cells[cell(y) * SIDE + cell(x)] += weight;
    }
    for _ in 0..3 {
        cells = blur_rows(&cells, radius);
        cells = transpose(&cells);
        cells = blur_rows(&cells, radius);
        cells = transpose(&cells);
    }
    cells
}

fn cell(v: f32) -> usize {
    (((v / REACH + 1.0) * 0.5 * SIDE as f32).max(0.0) as usize).min(SIDE - 1)
}

fn blur_rows(cells: &[f32], radius: usize) -> Vec<f32> {
    let mut out = Vec::with_capacity(cells.len());
    for row in cells.chunks_exact(SIDE) {
        for x in 0..SIDE {
            let window = &row[x.saturating_sub(radius)..(x + radius + 1).min(SIDE)];
            out.push(window.iter().sum::<f32>() / (2 * radius + 1) as f32);
        }
    }
    out
}

fn transpose(cells: &[f32]) -> Vec<f32> {
    (0..SIDE * SIDE).map(|i| cells[(i % SIDE) * SIDE + i / SIDE]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn density_is_highest_where_the_points_are() {
        let field = Field::of_points([[0.5, -0.5], [0.52, -0.48], [-0.8, 0.8]].into_iter(), 2);
        assert!(field.at(0.5, -0.5) > 0.9);
        assert!(field.at(-0.8, 0.8) < field.at(0.5, -0.5));
        assert!(field.at(0.0, 0.9) < 0.01);
    }

    #[test]
    fn every_place_has_the_colour_of_the_points_around_it() {
        let points = [([-0.2, 0.0], [1.0, 0.0]), ([0.2, 0.0], [0.0, 1.0])];
        let (field, means) = Field::with_means(&points, 4);
        let at = |x: f32| means[cell(0.0) * SIDE + cell(x)];
        assert!(field.at(-0.2, 0.0) > 0.8);
        assert!(at(-0.25)[0] > 0.9 && at(0.25)[1] > 0.9, "{:?} {:?}", at(-0.25), at(0.5));
        assert!((at(0.0)[0] - 0.5).abs() < 0.25, "half-way both: {:?}", at(0.0));
    }

    #[test]
    fn points_without_a_place_are_ignored() {
        let field = Field::of_points([[f32::NAN, 0.0], [9.0, -9.0]].into_iter(), 2);
        assert!(field.cells().iter().all(|value| value.is_finite()));
        assert!(field.at(REACH, -REACH) > 0.5, "a far point is drawn at the border");
    }
}
