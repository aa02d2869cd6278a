//! The picture every point is a copy of: every mark side by side, with a darker rim that keeps overlapping points apart.

use crate::ui::palette::Mark;
use egui::{Color32, ColorImage, Context, Pos2, TextureHandle, TextureOptions, pos2};

/// Texels per side of a cell; the mark fills the middle half, so that a triangle round it stays inside the cell.
const CELL: usize = 64;

/// Draws the sprite sheet.
pub fn load(ctx: &Context) -> TextureHandle {
    let width = Mark::ALL.len() * CELL;
    let mut image = ColorImage::filled([width, CELL], Color32::TRANSPARENT);
    for y in 0..CELL {
        for x in 0..width {
            let mark = Mark::ALL[x / CELL];
            let at = |v: usize| (v as f32 + 0.5) / CELL as f32 * 4.0 - 2.0;
            let (dx, dy) = (at(x % CELL), at(y));
            let distance = if mark.is_square() {
                (dx.abs() + dy.abs()) * 0.74
            } else {
                dx.hypot(dy)
            };
            let texel = 4.0 / CELL as f32;
            let inside = |edge: f32| ((edge - distance) / texel + 0.5).clamp(0.0, 1.0);
            let hole = if mark.hole() > 0.0 { inside(mark.hole()) } else { 0.0 };
            let cover = inside(1.0) * (1.0 - hole);
            // A ring is all rim: darker, it would be a hue nobody can name.
            let rim = if mark.hole() > 0.0 {
                1.0
            } else {
                1.0 - 0.35 * ((distance - 0.62) / 0.2).clamp(0.0, 1.0)
            };
            let (light, alpha) = ((255.0 * rim * cover) as u8, (255.0 * cover) as u8);
            image.pixels[y * width + x] = Color32::from_rgba_premultiplied(light, light, light, alpha);
        }
    }
    ctx.load_texture("map points", image, TextureOptions::LINEAR)
}

/// Corners of the triangle round a mark of radius 1, clockwise on screen.
pub const CORNERS: [[f32; 2]; 3] = [[0.0, -2.0], [1.732_050_8, 1.0], [-1.732_050_8, 1.0]];

/// Texture coordinates of [`CORNERS`] for every mark, in the order of [`Mark::ALL`].
pub fn uvs() -> [[Pos2; 3]; Mark::ALL.len()] {
    let cells = Mark::ALL.len() as f32;
    std::array::from_fn(|cell| CORNERS.map(|[x, y]| pos2((cell as f32 + (x + 2.0) / 4.0) / cells, (y + 2.0) / 4.0)))
}
