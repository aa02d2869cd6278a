//! Where a walk over the map is at a moment.

use crate::values::MapPoint;

/// The point at `share` 0..1 of the line through `points`, by length; `None` without any.
pub fn along(points: impl Iterator<Item = MapPoint> + Clone, share: f32) -> Option<MapPoint> {
    let pairs = || points.clone().zip(points.clone().skip(1));
    let length = |a: MapPoint, b: MapPoint| a.distance_squared(b).sqrt();
    let mut left = share.clamp(0.0, 1.0) * pairs().map(|(a, b)| length(a, b)).sum::<f32>();
    for (a, b) in pairs() {
        let span = length(a, b);
        if left <= span && span > 0.0 {
            let t = left / span;
            return Some(MapPoint {
                x: a.x + t * (b.x - a.x),
                y: a.y + t * (b.y - a.y),
            });
        }
        left -= span;
    }
    points.last()
}
