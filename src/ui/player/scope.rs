//! The waveform of the moment.

use crate::ui::tokens::colours;
use egui::{Pos2, Rect, Shape, Stroke, Ui, pos2};

/// Draws `samples` into `rect`, starting at an upward zero crossing so that a steady tone stands still.
pub fn paint(ui: &Ui, rect: Rect, samples: &[f32], playing: bool) {
    let c = colours(ui);
    let middle = rect.center().y;
    if samples.len() < 2 || !playing {
        ui.painter().hline(rect.x_range(), middle, Stroke::new(1.0, c.line));
        return;
    }
    let half = samples.len() / 2;
    let start = (1..half)
        .find(|i| samples[i - 1] < 0.0 && samples[*i] >= 0.0)
        .unwrap_or(0);
    let window = &samples[start..start + half];
    // Quiet music fills the strip too; only near silence stays flat.
    const QUIETEST: f32 = 0.08;
    let peak = samples.iter().fold(QUIETEST, |peak, sample| peak.max(sample.abs()));
    let line: Vec<Pos2> = window
        .iter()
        .enumerate()
        .map(|(i, sample)| {
            let x = rect.left() + rect.width() * i as f32 / (half - 1).max(1) as f32;
            pos2(x, middle - sample / peak * rect.height() * 0.48)
        })
        .collect();
    ui.painter().add(Shape::line(line, Stroke::new(1.2, c.accent)));
}
