//! One colour scale for all plots: blue below, grey in the middle, orange above; readable on the dark ground and by
//! most who see colours differently.

use plotters::style::RGBColor;

const LOW: [f32; 3] = [56.0, 120.0, 232.0];
const MIDDLE: [f32; 3] = [196.0, 198.0, 204.0];
const HIGH: [f32; 3] = [255.0, 150.0, 40.0];
const NOTHING: [f32; 3] = [30.0, 33.0, 42.0];

/// From -1 (blue) over 0 to 1 (orange).
pub(super) fn mood(value: f32) -> RGBColor {
    let value = value.clamp(-1.0, 1.0);
    let end = if value < 0.0 { LOW } else { HIGH };
    blend(MIDDLE, end, value.abs())
}

/// The same over a dark middle, for pictures that are all colour: what stands out is what is far from zero.
pub(super) fn deviation(value: f32) -> RGBColor {
    let value = value.clamp(-1.0, 1.0);
    blend(NOTHING, if value < 0.0 { LOW } else { HIGH }, value.abs())
}

/// From 0 (nearly the ground) to 1 (orange).
pub(super) fn amount(value: f32) -> RGBColor {
    blend(NOTHING, HIGH, value.clamp(0.0, 1.0))
}

fn blend(from: [f32; 3], to: [f32; 3], share: f32) -> RGBColor {
    let [r, g, b] = std::array::from_fn(|i| (from[i] + share * (to[i] - from[i])) as u8);
    RGBColor(r, g, b)
}
