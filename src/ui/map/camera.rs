//! Which part of the map is on screen, in view units (the longer side of the whole layout is -1..1).

use egui_plot::PlotBounds;

/// The room a map has, and what is to fill it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Room {
    /// Width and height of the pane in points.
    pub size: [f32; 2],
    /// What something covers at its left, in points.
    pub inset: f32,
    /// Half-extents of the whole layout, in view units.
    pub span: [f32; 2],
}

impl Room {
    /// Of neighbours on a map only the order of distances means something, so a wide pane may stretch it: by this much at most.
    const STRETCH: f32 = 1.5;

    /// View units from the middle of the free part to its edges, when the whole layout fills it without a margin.
    fn reach(&self) -> [f32; 2] {
        let free = [(self.size[0] - self.inset).max(1.0), self.size[1].max(1.0)];
        let span = self.span.map(|span| span.max(0.05));
        let scale = [free[0] / span[0], free[1] / span[1]];
        let scale = [
            scale[0].min(scale[1] * Self::STRETCH),
            scale[1].min(scale[0] * Self::STRETCH),
        ];
        [free[0] / scale[0], free[1] / scale[1]]
    }
}

/// Centre and how close one looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Camera {
    /// View units, x then y.
    pub centre: [f32; 2],
    /// 1 = the whole layout fills the free part of the pane; smaller is closer.
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
    /// Shows everything with a margin.
    pub const FIT: f32 = 1.08;
    const CLOSEST: f32 = 0.004;
    const FARTHEST: f32 = 4.0;

    /// Glides to the whole map.
    pub fn fit(&mut self) {
        self.glide([0.0, 0.0], Self::FIT);
    }

    /// Glides to `centre`, to look as closely as `half` says.
    pub fn glide(&mut self, centre: [f32; 2], half: f32) {
        self.goal = Some((centre, half.clamp(Self::CLOSEST, Self::FARTHEST)));
    }

    /// Glides to the rectangle from `low` to `high`, so that it fills `room` with a margin.
    pub fn glide_to(&mut self, low: [f32; 2], high: [f32; 2], room: &Room) {
        let reach = room.reach();
        let needs = |axis: usize| 0.5 * (high[axis] - low[axis]) / reach[axis];
        let centre = [0.5 * (low[0] + high[0]), 0.5 * (low[1] + high[1])];
        // A single point is not looked at from nearest by.
        self.glide(centre, Self::FIT * needs(0).max(needs(1)).max(0.03));
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

    /// What `room` shows.
    pub fn bounds(&self, room: &Room) -> PlotBounds {
        let width = room.size[0];
        let reach = room.reach().map(|reach| reach * self.half);
        let per_point = 2.0 * reach[0] / (width - room.inset).max(1.0);
        let [x, y] = self.centre;
        let left = x - reach[0] - per_point * room.inset;
        let bounds = [left, y - reach[1], left + per_point * width.max(1.0), y + reach[1]].map(f64::from);
        PlotBounds::from_min_max([bounds[0], bounds[1]], [bounds[2], bounds[3]])
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
            let room = Room { size: [side, 500.0], inset: 160.0, span: [1.0, 0.8] };
            let place = |camera: &Camera| {
                let bounds = camera.bounds(&room);
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
    fn the_whole_map_fills_what_is_free_and_a_box_fills_it_too() {
        for (size, inset, span) in [
            ([992.0, 588.0], 0.0, [1.0, 1.0]),
            ([612.0, 388.0], 160.0, [0.7, 1.0]),
            ([300.0, 700.0], 0.0, [1.0, 0.4]),
        ] {
            let room = Room { size, inset, span };
            let seen = |bounds: PlotBounds, [x, y]: [f32; 2]| {
                let part = |axis: usize, v: f32| {
                    ((f64::from(v) - bounds.min()[axis]) / (bounds.max()[axis] - bounds.min()[axis])) as f32
                };
                [part(0, x) * size[0], part(1, y) * size[1]]
            };
            let whole = Camera::default().bounds(&room);
            let (low, high) = (seen(whole, span.map(|v| -v)), seen(whole, span));
            assert!(
                low[0] >= inset && low[1] >= 0.0 && high[0] <= size[0] && high[1] <= size[1],
                "{low:?} {high:?}"
            );
            let filled = ((high[0] - low[0]) / (size[0] - inset)).max((high[1] - low[1]) / size[1]);
            assert!(filled > 0.9, "{filled}");
            let middle = 0.5 * (low[0] + high[0]);
            assert!(
                (middle - 0.5 * (inset + size[0])).abs() < 1.0,
                "the map lies in the middle of what is free"
            );
            let mut camera = Camera::default();
            camera.glide_to([0.1, 0.2], [0.3, 0.4], &room);
            while camera.advance(1.0 / 60.0) {}
            let near = camera.bounds(&room);
            let (low, high) = (seen(near, [0.1, 0.2]), seen(near, [0.3, 0.4]));
            assert!(low[0] >= inset - 0.5 && high[0] <= size[0] + 0.5 && low[1] >= -0.5 && high[1] <= size[1] + 0.5);
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
