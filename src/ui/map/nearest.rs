//! Which point lies under the pointer: the nearest on screen, where the map may be stretched.

use crate::session::{LayoutView, Shown};
use crate::values::ChunkId;
use egui::Pos2;
use egui_plot::{PlotPoint, PlotTransform};

/// Candidates of the map among which the nearest on screen is sought.
const CANDIDATES: usize = 12;

/// The chunk among `shown` whose point is nearest to `pos` on screen, if it is at most `reach` points away.
pub fn on_screen(
    layout: &LayoutView,
    transform: &PlotTransform,
    pos: Pos2,
    shown: Option<&Shown>,
    reach: f32,
) -> Option<ChunkId> {
    let value = transform.value_from_position(pos);
    let near = layout.nearest_many([value.x as f32, value.y as f32], CANDIDATES, shown);
    let distances = near.into_iter().map(|chunk| {
        let [x, y] = layout.positions[chunk.0 as usize];
        (
            chunk,
            transform.position_from_point(&PlotPoint::new(x, y)).distance(pos),
        )
    });
    let (chunk, distance) = distances.min_by(|(_, a), (_, b)| a.total_cmp(b))?;
    (distance <= reach).then_some(chunk)
}
