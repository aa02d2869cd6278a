//! Points that move by themselves, advanced once per frame.

use crate::app::App;
use crate::session::{Gesture, LayoutView, Motion, Pin, PlayPoint};
use crate::values::MapPoint;
use rand::RngExt;

/// A recipe may ask for any length; a quicker round is no movement.
const SHORTEST_ROUND_SECS: f32 = 0.05;

impl App {
    /// Goes round `points` until stopped.
    pub(in crate::app) fn start_round(&mut self, points: Vec<MapPoint>) {
        self.set_round(points, None);
        if self.session.motion.is_some() {
            self.remember_edit("motion");
        }
    }

    /// The same without an undo step, in `secs` or as long as such a way takes.
    pub(super) fn set_round(&mut self, points: Vec<MapPoint>, secs: Option<f32>) {
        let extent = self.session.layout().map(LayoutView::extent);
        self.session.motion = extent.and_then(|extent| Motion::round(points, extent));
        let secs = secs.filter(|secs| *secs >= SHORTEST_ROUND_SECS);
        if let (Some(Motion::Path { period_secs, .. }), Some(secs)) = (&mut self.session.motion, secs) {
            *period_secs = secs;
        }
    }

    pub(in crate::app) fn walk_pins(&mut self) {
        let Some(layout) = self.session.layout() else {
            return;
        };
        let places = self.session.pins.iter().filter_map(|pin| layout.place_of(pin));
        let points = places.map(|place| layout.map_from_view(place)).collect();
        self.start_round(points);
    }

    pub(in crate::app) fn random_walk(&mut self) {
        if self.session.space.is_some() {
            self.remember_edit("motion");
            self.session.motion = Some(Motion::Random { velocity: (0.0, 0.0) });
        }
    }

    pub(in crate::app) fn add_pin(&mut self, point: MapPoint) {
        let Some(layout) = self.session.layout() else {
            return;
        };
        let Some((chunk, _)) = layout.nearest(layout.view_from_map(point), self.session.shown()) else {
            return;
        };
        let numbers = self.session.pins.iter().map(|pin| pin.number);
        let pin = Pin {
            number: numbers.max().unwrap_or(0).saturating_add(1),
            layout: layout.kind,
            point,
            chunk,
        };
        self.session.pins.push(pin);
        self.session.unsaved = true;
    }

    /// Moves on by `dt` seconds.
    pub(in crate::app) fn advance_motion(&mut self, dt: f32) {
        let bar_secs = self.bar_secs();
        let place = match &mut self.session.motion {
            None => return,
            Some(motion @ Motion::Path { .. }) => {
                if let Motion::Path { phase, period_secs, .. } = motion {
                    let bar_secs = bar_secs.unwrap_or(0.0);
                    // In whole bars, where there are some.
                    let secs = if bar_secs > 0.0 {
                        (*period_secs / bar_secs).round().max(1.0) * bar_secs
                    } else {
                        *period_secs
                    };
                    *phase = (*phase + dt / secs).fract();
                }
                motion.place()
            }
            Some(Motion::Random { velocity }) => {
                let velocity = *velocity;
                self.drift(velocity, dt)
            }
        };
        if let Some(place) = place {
            self.play(PlayPoint::At(place), Gesture::Continue);
        }
    }

    /// One step of an Ornstein-Uhlenbeck walk in view units, pulled back towards the nearest point when it strays.
    fn drift(&mut self, velocity: (f32, f32), dt: f32) -> Option<MapPoint> {
        const DAMPING_PER_SEC: f32 = 0.8;
        const PUSH: f32 = 0.35;
        const PULL: f32 = 6.0;
        const ROAMING: f32 = 0.06;
        let layout = self.session.layout()?;
        let [x, y] = self
            .session
            .selection
            .map_or([0.0, 0.0], |selection| layout.view_from_map(selection.point));
        let mut rng = rand::rng();
        let mut kick = || rng.random_range(-1.0f32..1.0) * PUSH * dt.sqrt();
        let damped = 1.0 - (DAMPING_PER_SEC * dt).min(1.0);
        let mut velocity = (velocity.0 * damped + kick(), velocity.1 * damped + kick());
        if let Some((chunk, distance)) = layout.nearest([x, y], self.session.shown())
            && distance > ROAMING
        {
            let [home_x, home_y] = layout.positions[chunk.0 as usize];
            velocity.0 += (home_x - x) * PULL * dt;
            velocity.1 += (home_y - y) * PULL * dt;
        }
        let place = layout.map_from_view([x + velocity.0 * dt, y + velocity.1 * dt]);
        self.session.motion = Some(Motion::Random { velocity });
        Some(place)
    }
}
