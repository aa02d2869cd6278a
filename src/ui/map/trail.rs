//! The fading line behind a dragging hand.

use egui::{Color32, Painter, Pos2, Stroke};
use std::collections::VecDeque;

/// Recent places of the hand in view units, with their times.
#[derive(Debug, Default)]
pub struct Trail(VecDeque<([f32; 2], f64)>);

impl Trail {
    const SECS: f64 = 1.2;
    const LONGEST: usize = 240;

    /// Adds a place.
    pub fn push(&mut self, view: [f32; 2], now: f64) {
        self.0.push_back((view, now));
        if self.0.len() > Self::LONGEST {
            self.0.pop_front();
        }
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// Draws what has not faded yet; true while there is something.
    pub fn paint(&mut self, painter: &Painter, now: f64, colour: Color32, screen: impl Fn([f32; 2]) -> Pos2) -> bool {
        while self.0.front().is_some_and(|(_, t)| now - t > Self::SECS) {
            self.0.pop_front();
        }
        for ((a, _), (b, t)) in self.0.iter().zip(self.0.iter().skip(1)) {
            let life = (1.0 - (now - t) / Self::SECS).clamp(0.0, 1.0) as f32;
            let stroke = Stroke::new(1.0 + 2.5 * life, colour.gamma_multiply(0.7 * life));
            painter.line_segment([screen(*a), screen(*b)], stroke);
        }
        !self.0.is_empty()
    }
}
