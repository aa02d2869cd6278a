//! The animated switch between two layouts: every point glides from where it was to where it belongs.

use crate::session::LayoutView;
use std::sync::Arc;

/// Positions on screen now, in view units.
#[derive(Debug, Default)]
pub struct Morph {
    /// Version of the layout that is, or will be, on screen.
    target: u64,
    from: Arc<[[f32; 2]]>,
    now: Arc<[[f32; 2]]>,
    /// Half-extents of the layout that was and of the one that is, or will be, on screen.
    span_from: [f32; 2],
    span_to: [f32; 2],
    /// 0..1.
    progress: f32,
    version: u64,
}

impl Morph {
    const SECS: f32 = 0.7;

    /// Moves on by `dt` towards `layout`. Without a motion, or when the number of points changed, it jumps.
    pub fn advance(&mut self, layout: &LayoutView, dt: f32, animate: bool) {
        if layout.version != self.target {
            self.target = layout.version;
            self.version += 1;
            // A newer version of a space may lie where the old one lay: nothing moves then, and nothing fades.
            let moves = self.now.len() == layout.positions.len() && self.now != layout.positions;
            let comparable = moves && animate;
            self.from = Arc::clone(&self.now);
            self.span_from = self.span();
            self.span_to = layout.span;
            self.progress = if comparable { 0.0 } else { 1.0 };
            if !comparable {
                self.now = Arc::clone(&layout.positions);
                return;
            }
        }
        if self.progress >= 1.0 {
            return;
        }
        self.version += 1;
        self.progress = (self.progress + dt / Self::SECS).min(1.0);
        if self.progress >= 1.0 {
            self.now = Arc::clone(&layout.positions);
            return;
        }
        let t = self.eased();
        self.now = self
            .from
            .iter()
            .zip(layout.positions.iter())
            .map(|(a, b)| [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t])
            .collect();
    }

    fn eased(&self) -> f32 {
        self.progress * self.progress * (3.0 - 2.0 * self.progress)
    }

    /// Half-extents of what is on screen, in view units.
    pub fn span(&self) -> [f32; 2] {
        let t = self.eased();
        [0, 1].map(|axis| self.span_from[axis] + (self.span_to[axis] - self.span_from[axis]) * t)
    }

    /// Whether points are still moving.
    pub fn is_moving(&self) -> bool {
        self.progress < 1.0
    }

    /// 1 when at rest.
    pub fn progress(&self) -> f32 {
        self.progress
    }

    /// Where the points are.
    pub fn positions(&self) -> &Arc<[[f32; 2]]> {
        &self.now
    }

    /// Changes whenever the positions do.
    pub fn version(&self) -> u64 {
        self.version
    }
}
