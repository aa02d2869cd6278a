//! How far the map makes way for its legend: not at all where no points would lie under it.

use super::camera::{Camera, Room};
use crate::session::LayoutView;
use egui::{Rect, Vec2};

/// Points that may lie under the legend, as a share of all.
const LET_LIE: f32 = 0.004;
/// Steps in which the map makes way.
const STEPS: usize = 6;

/// The answer and what it was worked out for.
#[derive(Debug, Default)]
pub struct Cover {
    key: Option<(u64, Vec2, Vec2)>,
    inset: f32,
}

impl Cover {
    /// What is taken from the left of a pane of `size` by a legend of `legend` in its lower left corner, in points.
    pub fn inset(&mut self, layout: &LayoutView, size: Vec2, legend: Vec2) -> f32 {
        let key = (layout.version, size, legend);
        if self.key != Some(key) {
            self.inset = least(layout, size, legend);
            self.key = Some(key);
        }
        self.inset
    }
}

fn least(layout: &LayoutView, size: Vec2, legend: Vec2) -> f32 {
    let under = Rect::from_min_size(egui::pos2(0.0, size.y - legend.y), legend);
    let most = (layout.positions.len() as f32 * LET_LIE) as usize;
    let insets = (0..=STEPS).map(|step| legend.x * step as f32 / STEPS as f32);
    let fits = |inset: &f32| {
        let room = Room {
            size: [size.x, size.y],
            inset: *inset,
            span: layout.span,
        };
        let bounds = Camera::default().bounds(&room);
        let part = |axis: usize, v: f32| {
            ((f64::from(v) - bounds.min()[axis]) / (bounds.max()[axis] - bounds.min()[axis])) as f32
        };
        let covered = layout
            .positions
            .iter()
            .filter(|[x, y]| under.contains(egui::pos2(part(0, *x) * size.x, (1.0 - part(1, *y)) * size.y)));
        covered.count() <= most
    };
    insets.clone().find(fits).unwrap_or(legend.x).min(0.4 * size.x)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::space::LayoutKind;
    use crate::values::MapPoint;

    #[test]
    fn it_makes_way_only_for_points_that_would_be_covered() {
        let (pane, legend) = (egui::vec2(800.0, 600.0), egui::vec2(100.0, 110.0));
        let round = (0..400).map(|i| (i as f32 * 0.11).sin_cos());
        let circle: Vec<MapPoint> = round.clone().map(|(x, y)| MapPoint { x, y }).collect();
        let circle = LayoutView::new(LayoutKind::Tsne, &circle);
        assert_eq!(Cover::default().inset(&circle, pane, legend), 0.0);
        let corner = (0..40).map(|i| MapPoint {
            x: -1.0 + 0.002 * i as f32,
            y: -1.0,
        });
        let square: Vec<MapPoint> = round.map(|(x, y)| MapPoint { x, y }).chain(corner).collect();
        let square = LayoutView::new(LayoutKind::Tsne, &square);
        assert!(Cover::default().inset(&square, pane, legend) > 60.0);
    }
}
