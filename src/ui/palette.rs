//! Colours that carry data: genres, clusters, valence, arousal, density.

use crate::atlas::{category_rgb, unknown_grey};
use egui::{Color32, Painter, Pos2, Shape, Stroke, vec2};

pub use crate::atlas::{Mark, category_mark as mark};

/// Colour of category `index` on a dark or light ground.
pub fn category(index: usize, dark: bool) -> Color32 {
    let [r, g, b] = category_rgb(index, dark);
    Color32::from_rgb(r, g, b)
}

/// A mark as it looks on the map.
pub fn paint_mark(painter: &Painter, centre: Pos2, r: f32, mark: Mark, colour: Color32) {
    // A hole is what a thick line leaves free.
    let (edge, thick) = if mark.hole() > 0.0 {
        let hole = r * mark.hole();
        (0.5 * (r + hole), r - hole)
    } else {
        (r, 0.0)
    };
    let hollow = thick > 0.0;
    let (fill, stroke) = if hollow {
        (Color32::TRANSPARENT, Stroke::new(thick, colour))
    } else {
        (colour, Stroke::NONE)
    };
    if mark.is_square() {
        let reach = edge * 1.25;
        let corners = [vec2(0.0, -reach), vec2(reach, 0.0), vec2(0.0, reach), vec2(-reach, 0.0)];
        let corners = corners.map(|d| centre + d).to_vec();
        painter.add(Shape::convex_polygon(corners, fill, stroke));
    } else {
        painter.circle(centre, edge, fill, stroke);
    }
}

/// Colour of something without a value.
pub fn unknown(dark: bool) -> Color32 {
    Color32::from_gray(unknown_grey(dark))
}

/// Sequential map for `t` in 0..1: dark violet over teal to warm yellow, monotone in lightness like viridis, so it
/// reads in grey as well.
pub fn sequential(t: f32, dark: bool) -> Color32 {
    const DARK: [[f32; 3]; 5] = [
        [72.0, 60.0, 128.0],
        [62.0, 104.0, 158.0],
        [48.0, 152.0, 150.0],
        [122.0, 200.0, 110.0],
        [250.0, 226.0, 92.0],
    ];
    const LIGHT: [[f32; 3]; 5] = [
        [222.0, 196.0, 70.0],
        [110.0, 176.0, 92.0],
        [34.0, 132.0, 132.0],
        [52.0, 88.0, 146.0],
        [66.0, 28.0, 104.0],
    ];
    interpolate(if dark { &DARK } else { &LIGHT }, t)
}

/// Diverging map for `t` in 0..1 with a quiet middle: blue for low, orange for high.
pub fn diverging(t: f32, dark: bool) -> Color32 {
    const DARK: [[f32; 3]; 5] = [
        [70.0, 134.0, 240.0],
        [96.0, 150.0, 200.0],
        [128.0, 132.0, 142.0],
        [214.0, 160.0, 92.0],
        [255.0, 166.0, 48.0],
    ];
    const LIGHT: [[f32; 3]; 5] = [
        [22.0, 70.0, 178.0],
        [82.0, 122.0, 176.0],
        [150.0, 148.0, 144.0],
        [188.0, 122.0, 52.0],
        [190.0, 84.0, 0.0],
    ];
    interpolate(if dark { &DARK } else { &LIGHT }, t)
}

/// Level 0..255 of a spectrogram on a dark or light ground: the accent, from nothing to more than itself.
pub fn heat(level: u8, dark: bool) -> Color32 {
    const DARK: [[f32; 3]; 5] = [
        [11.0, 12.0, 15.0],
        [18.0, 38.0, 58.0],
        [22.0, 92.0, 120.0],
        [66.0, 184.0, 208.0],
        [226.0, 252.0, 255.0],
    ];
    const LIGHT: [[f32; 3]; 5] = [
        [251.0, 251.0, 252.0],
        [198.0, 226.0, 233.0],
        [104.0, 176.0, 194.0],
        [6.0, 104.0, 130.0],
        [4.0, 30.0, 44.0],
    ];
    interpolate(if dark { &DARK } else { &LIGHT }, f32::from(level) / 255.0)
}

fn interpolate(stops: &[[f32; 3]; 5], t: f32) -> Color32 {
    let t = if t.is_finite() { t.clamp(0.0, 1.0) } else { 0.0 } * 4.0;
    let i = (t as usize).min(3);
    let f = t - i as f32;
    let mix = |k: usize| (stops[i][k] + (stops[i + 1][k] - stops[i][k]) * f).round() as u8;
    Color32::from_rgb(mix(0), mix(1), mix(2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn luminance(colour: Color32) -> f32 {
        let linear = |v: u8| (f32::from(v) / 255.0).powf(2.2);
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    }

    #[test]
    fn the_sequential_map_reads_in_grey() {
        for dark in [true, false] {
            let levels: Vec<f32> = (0..=20).map(|i| luminance(sequential(i as f32 / 20.0, dark))).collect();
            let rising = levels.is_sorted();
            let falling = levels.iter().rev().is_sorted();
            assert!(rising || falling, "{levels:?}");
        }
    }
}
