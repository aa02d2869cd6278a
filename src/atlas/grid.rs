//! Nearest neighbours on the map: a uniform grid of buckets, fast enough to ask at every mouse move. Any thread.

use crate::values::MapPoint;

/// About this many points share a cell.
const POINTS_PER_CELL: f32 = 2.0;
/// Cells per side at most: bounds the memory when points lie on a line or far from each other.
const MAX_SIDE: usize = 1_024;

/// A point found, with its squared distance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neighbour {
    /// Index into the points the grid was built from.
    pub index: u32,
    /// In squared map units.
    pub distance_squared: f32,
}

/// An immutable index of map points. Points with a number that is not finite are never found.
#[derive(Clone, Debug)]
pub struct PointGrid {
    points: Vec<MapPoint>,
    origin: MapPoint,
    cell: f32,
    columns: usize,
    rows: usize,
    /// Cell c holds `members[starts[c]..starts[c + 1]]`.
    starts: Vec<u32>,
    members: Vec<u32>,
}

impl PointGrid {
    /// Indexes `points` in O(n).
    pub fn new(points: &[MapPoint]) -> Self {
        let finite = |p: &MapPoint| p.x.is_finite() && p.y.is_finite();
        let (mut low, mut high) = ([f32::INFINITY; 2], [f32::NEG_INFINITY; 2]);
        let mut count = 0usize;
        for point in points.iter().filter(|p| finite(p)) {
            low = [low[0].min(point.x), low[1].min(point.y)];
            high = [high[0].max(point.x), high[1].max(point.y)];
            count += 1;
        }
        if count == 0 {
            (low, high) = ([0.0; 2], [0.0; 2]);
        }
        let (width, height) = (high[0] - low[0], high[1] - low[1]);
        let longest = width.max(height).max(f32::MIN_POSITIVE);
        let ideal =
            (width.max(longest * 1e-3) * height.max(longest * 1e-3) * POINTS_PER_CELL / count.max(1) as f32).sqrt();
        let cell = ideal.max(longest / MAX_SIDE as f32).max(f32::MIN_POSITIVE);
        let side = |extent: f32| ((extent / cell) as usize + 1).min(MAX_SIDE + 1);
        let mut grid = Self {
            points: points.to_vec(),
            origin: MapPoint { x: low[0], y: low[1] },
            cell,
            columns: side(width),
            rows: side(height),
            starts: Vec::new(),
            members: vec![0; count],
        };
        let cells: Vec<Option<usize>> = points
            .iter()
            .map(|point| {
                finite(point).then(|| {
                    let (column, row) = grid.cell_of(*point);
                    row * grid.columns + column
                })
            })
            .collect();
        let mut starts = vec![0u32; grid.columns * grid.rows + 1];
        for cell in cells.iter().flatten() {
            starts[cell + 1] += 1;
        }
        for i in 1..starts.len() {
            starts[i] += starts[i - 1];
        }
        let mut next = starts.clone();
        for (index, cell) in cells.iter().enumerate() {
            if let Some(cell) = cell {
                grid.members[next[*cell] as usize] = index as u32;
                next[*cell] += 1;
            }
        }
        grid.starts = starts;
        grid
    }

    /// The points it was built from.
    pub fn points(&self) -> &[MapPoint] {
        &self.points
    }

    /// The nearest point to `at`, however far.
    pub fn nearest(&self, at: MapPoint) -> Option<Neighbour> {
        let mut found = Vec::with_capacity(1);
        self.nearest_into(at, 1, &mut found);
        found.first().copied()
    }

    /// Writes the `count` nearest points to `at` into `found`, nearest first, equal distances by index. Fewer when there
    /// are fewer. Reuses `found`'s memory, so a caller that keeps it allocates nothing.
    pub fn nearest_into(&self, at: MapPoint, count: usize, found: &mut Vec<Neighbour>) {
        self.nearest_among(at, count, |_| true, found);
    }

    /// The same among the points whose index `keep` lets pass.
    pub fn nearest_among(&self, at: MapPoint, count: usize, keep: impl Fn(u32) -> bool, found: &mut Vec<Neighbour>) {
        found.clear();
        if count == 0 || self.members.is_empty() || !(at.x.is_finite() && at.y.is_finite()) {
            return;
        }
        let (column, row) = self.cell_of(at);
        for ring in 0..self.columns.max(self.rows) {
            // A point in ring r is at least this far: `at` may lie outside the grid, its cell is then the border's.
            let reach = self.least_distance_to_ring(at, column, row, ring);
            if found.len() == count && found[count - 1].distance_squared < reach * reach {
                break;
            }
            self.visit_ring(column, row, ring, |index| {
                if !keep(index) {
                    return;
                }
                let distance_squared = self.points[index as usize].distance_squared(at);
                insert_sorted(
                    found,
                    count,
                    Neighbour {
                        index,
                        distance_squared,
                    },
                );
            });
        }
    }

    /// Indices of the points inside the rectangle spanned by two corners: what of a large map is on screen.
    pub fn inside(&self, a: MapPoint, b: MapPoint) -> impl Iterator<Item = u32> + '_ {
        let (low, high) = (
            MapPoint {
                x: a.x.min(b.x),
                y: a.y.min(b.y),
            },
            MapPoint {
                x: a.x.max(b.x),
                y: a.y.max(b.y),
            },
        );
        let ((c0, r0), (c1, r1)) = (self.cell_of(low), self.cell_of(high));
        (r0..=r1)
            .flat_map(move |row| (c0..=c1).flat_map(move |column| self.members_of(column, row)))
            .copied()
            .filter(move |index| {
                let p = self.points[*index as usize];
                (low.x..=high.x).contains(&p.x) && (low.y..=high.y).contains(&p.y)
            })
    }

    /// The cell of `at`, clamped to the grid's border.
    fn cell_of(&self, at: MapPoint) -> (usize, usize) {
        let axis =
            |value: f32, origin: f32, cells: usize| (((value - origin) / self.cell).max(0.0) as usize).min(cells - 1);
        (
            axis(at.x, self.origin.x, self.columns),
            axis(at.y, self.origin.y, self.rows),
        )
    }

    fn members_of(&self, column: usize, row: usize) -> &[u32] {
        let cell = row * self.columns + column;
        &self.members[self.starts[cell] as usize..self.starts[cell + 1] as usize]
    }

    /// Distance from `at` to the border of the square of cells that rings `0..ring` cover; 0 while `at` is outside it.
    fn least_distance_to_ring(&self, at: MapPoint, column: usize, row: usize, ring: usize) -> f32 {
        if ring == 0 {
            return 0.0;
        }
        let side = |value: f32, origin: f32, index: usize| {
            let low = origin + (index as f32 - ring as f32 + 1.0) * self.cell;
            let high = origin + (index as f32 + ring as f32) * self.cell;
            (value - low).min(high - value)
        };
        // Rounding of the cell borders must not end the search early.
        let margin = 1e-4 * self.cell;
        (side(at.x, self.origin.x, column).min(side(at.y, self.origin.y, row)) - margin).max(0.0)
    }

    fn visit_ring(&self, column: usize, row: usize, ring: usize, mut visit: impl FnMut(u32)) {
        let mut visit_cell =
            |column: usize, row: usize| self.members_of(column, row).iter().for_each(|index| visit(*index));
        let (left, right) = (
            column.checked_sub(ring),
            Some(column + ring).filter(|c| *c < self.columns),
        );
        let (top, bottom) = (row.checked_sub(ring), Some(row + ring).filter(|r| *r < self.rows));
        if ring == 0 {
            return visit_cell(column, row);
        }
        let across = left.unwrap_or(0)..=right.unwrap_or(self.columns - 1);
        for edge in [top, bottom].into_iter().flatten() {
            across.clone().for_each(|column| visit_cell(column, edge));
        }
        let down = top.map_or(0, |t| t + 1)..bottom.unwrap_or(self.rows);
        for edge in [left, right].into_iter().flatten() {
            down.clone().for_each(|row| visit_cell(edge, row));
        }
    }
}

/// Keeps `found` sorted by distance, then index, and at most `count` long.
fn insert_sorted(found: &mut Vec<Neighbour>, count: usize, new: Neighbour) {
    let before = |a: &Neighbour| (a.distance_squared, a.index) < (new.distance_squared, new.index);
    let place = found.partition_point(before);
    if place < count {
        found.truncate(count - 1);
        found.insert(place, new);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::gaussian_points;
    use proptest::prelude::*;

    fn brute_force(points: &[MapPoint], at: MapPoint, count: usize) -> Vec<u32> {
        let mut order: Vec<u32> = (0..points.len() as u32).collect();
        order.sort_by(|a, b| {
            let d = |i: &u32| points[*i as usize].distance_squared(at);
            d(a).total_cmp(&d(b)).then(a.cmp(b))
        });
        order.truncate(count);
        order
    }

    proptest! {
        #[test]
        fn agrees_with_brute_force(
            n in 1usize..300, count in 1usize..12, x in -6.0f32..6.0, y in -6.0f32..6.0, squash in 0.0f32..1.0, seed: u64,
        ) {
            let mut points = gaussian_points(n, seed);
            for p in &mut points {
                p.y *= squash;
            }
            let grid = PointGrid::new(&points);
            let at = MapPoint { x, y };
            let mut found = Vec::new();
            grid.nearest_into(at, count, &mut found);
            prop_assert_eq!(found.iter().map(|f| f.index).collect::<Vec<_>>(), brute_force(&points, at, count));
        }

        #[test]
        fn a_rectangle_holds_exactly_its_points(n in 1usize..300, ax in -2.0f32..2.0, ay in -2.0f32..2.0, bx in -2.0f32..2.0, by in -2.0f32..2.0, seed: u64) {
            let points = gaussian_points(n, seed);
            let mut found: Vec<u32> = PointGrid::new(&points).inside(MapPoint { x: ax, y: ay }, MapPoint { x: bx, y: by }).collect();
            found.sort_unstable();
            let wanted: Vec<u32> = (0..n as u32).filter(|i| {
                let p = points[*i as usize];
                p.x >= ax.min(bx) && p.x <= ax.max(bx) && p.y >= ay.min(by) && p.y <= ay.max(by)
            }).collect();
            prop_assert_eq!(found, wanted);
        }
    }

    #[test]
    fn lost_points_and_lost_questions_find_nothing() {
        let nowhere = MapPoint { x: f32::NAN, y: 0.0 };
        assert_eq!(PointGrid::new(&[nowhere]).nearest(MapPoint::default()), None);
        assert_eq!(PointGrid::new(&gaussian_points(5, 1)).nearest(nowhere), None);
        assert_eq!(PointGrid::new(&[]).nearest(MapPoint::default()), None);
    }
}
