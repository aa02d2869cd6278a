//! Which part of the map is on screen, in view units (the whole layout is the square -1..1).

use egui_plot::PlotBounds;

/// Centre and half-extent along the shorter side of the pane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// View units, x then y.
    pub centre: [f32; 2],
    /// View units from the centre to an edge of the shorter side; smaller is closer.
    pub half: f32,
    /// Where an animated move ends.
    goal: Option<([f32; 2], f32)>,
}

impl Default for Camera {
    fn default() -> Self {
        Self {
            centre: [0.0, 0.0],
            half: Self::FIT,
            goal: None,
        }
    }
}

impl Camera {
    /// Half-extent that shows everything with a margin.
    pub const FIT: f32 = 1.08;
    const CLOSEST: f32 = 0.004;
    const FARTHEST: f32 = 4.0;

    /// Glides to the whole map.
    pub fn fit(&mut self) {
        self.glide([0.0, 0.0], Self::FIT);
    }

    /// Glides to `centre` with half-extent `half`.
    pub fn glide(&mut self, centre: [f32; 2], half: f32) {
        self.goal = Some((centre, half));
    }

    /// Moves the content by `delta` view units.
    pub fn pan(&mut self, delta: [f32; 2]) {
        self.goal = None;
        self.centre[0] -= delta[0];
        self.centre[1] -= delta[1];
    }

    /// Zooms by `factor` (> 1 = closer) leaving `fixed` where it is on screen.
    pub fn zoom_at(&mut self, fixed: [f32; 2], factor: f32) {
        self.goal = None;
        let half = (self.half / factor).clamp(Self::CLOSEST, Self::FARTHEST);
        let ratio = half / self.half;
        for (centre, fixed) in self.centre.iter_mut().zip(fixed) {
            *centre = fixed + (*centre - fixed) * ratio;
        }
        self.half = half;
    }

    /// Advances an animated move by `dt` seconds; true while it goes on.
    pub fn advance(&mut self, dt: f32) -> bool {
        let Some((centre, half)) = self.goal else {
            return false;
        };
        const RATE_PER_SEC: f32 = 12.0;
        let t = 1.0 - (-dt * RATE_PER_SEC).exp();
        for (now, goal) in self.centre.iter_mut().zip(centre) {
            *now += (goal - *now) * t;
        }
        self.half += (half - self.half) * t;
        let far = (self.half - half).abs() / half
            + (self.centre[0] - centre[0]).abs() / half
            + (self.centre[1] - centre[1]).abs() / half;
        if far < 1e-3 {
            (self.centre, self.half, self.goal) = (centre, half, None);
        }
        self.goal.is_some()
    }

    /// What a pane of `width` x `height` points shows when the leftmost `inset` points are covered by something.
    pub fn bounds(&self, width: f32, height: f32, inset: f32) -> PlotBounds {
        // Where the pane is wide enough, the map is clear of the inset although it is centred.
        let slack = (width - height).max(0.0) * 0.5;
        let inset = (inset - slack).clamp(0.0, width * 0.4);
        let shorter = (width - inset).min(height).max(1.0);
        let half = |side: f32| f64::from(self.half * side.max(1.0) / shorter);
        let [x, y] = self.centre.map(f64::from);
        let x = x - half(inset);
        PlotBounds::from_min_max([x - half(width), y - half(height)], [x + half(width), y + half(height)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn zooming_keeps_the_point_under_the_pointer(
            fixed in prop::array::uniform2(-1.0f32..1.0), factor in 0.3f32..3.0, side in 200.0f32..2_000.0,
        ) {
            let mut camera = Camera::default();
            let place = |camera: &Camera| {
                let bounds = camera.bounds(side, 500.0, 160.0);
                let t = |k: usize| (f64::from(fixed[k]) - bounds.min()[k]) / (bounds.max()[k] - bounds.min()[k]);
                (t(0), t(1))
            };
            let before = place(&camera);
            camera.zoom_at(fixed, factor);
            let after = place(&camera);
            prop_assert!((before.0 - after.0).abs() < 1e-3 && (before.1 - after.1).abs() < 1e-3);
        }
    }

    #[test]
    fn a_glide_ends_exactly_and_stops_asking_for_frames() {
        let mut camera = Camera::default();
        camera.zoom_at([0.5, 0.5], 8.0);
        camera.fit();
        let mut frames = 0;
        while camera.advance(1.0 / 60.0) {
            frames += 1;
            assert!(frames < 200, "the camera never arrives");
        }
        assert_eq!((camera.centre, camera.half), ([0.0, 0.0], Camera::FIT));
    }
}
