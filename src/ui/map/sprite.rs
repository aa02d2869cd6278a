//! The picture every point is a copy of: a disc and a diamond side by side, with a darker rim that keeps
//! overlapping points apart.

use crate::ui::palette::Mark;
use egui::{Color32, ColorImage, Context, Pos2, TextureHandle, TextureOptions, pos2};

/// Texels per side of a cell; the mark fills the middle half, so that a triangle round it stays inside the cell.
const CELL: usize = 64;

/// Draws the sprite sheet.
pub fn load(ctx: &Context) -> TextureHandle {
    let mut image = ColorImage::filled([2 * CELL, CELL], Color32::TRANSPARENT);
    for y in 0..CELL {
        for x in 0..2 * CELL {
            let at = |v: usize| (v as f32 + 0.5) / CELL as f32 * 4.0 - 2.0;
            let (dx, dy) = (at(x % CELL), at(y));
            let distance = if x < CELL {
                dx.hypot(dy)
            } else {
                (dx.abs() + dy.abs()) * 0.80
            };
            let texel = 4.0 / CELL as f32;
            let cover = ((1.0 - distance) / texel + 0.5).clamp(0.0, 1.0);
            let rim = 1.0 - 0.35 * ((distance - 0.62) / 0.2).clamp(0.0, 1.0);
            let (light, alpha) = ((255.0 * rim * cover) as u8, (255.0 * cover) as u8);
            image.pixels[y * 2 * CELL + x] = Color32::from_rgba_premultiplied(light, light, light, alpha);
        }
    }
    ctx.load_texture("map points", image, TextureOptions::LINEAR)
}

/// Corners of the triangle round a mark of radius 1, clockwise on screen.
pub const CORNERS: [[f32; 2]; 3] = [[0.0, -2.0], [1.732_050_8, 1.0], [-1.732_050_8, 1.0]];

/// Texture coordinates of [`CORNERS`] for `mark`.
pub fn uv(mark: Mark) -> [Pos2; 3] {
    let left = match mark {
        Mark::Disc => 0.0,
        Mark::Diamond => 0.5,
    };
    CORNERS.map(|[x, y]| pos2(left + (x + 2.0) / 8.0, (y + 2.0) / 4.0))
}
