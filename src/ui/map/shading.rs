//! The glow under the points, in their colours: where they are dense, a place between them can be trusted.

use super::looks::Look;
use crate::session::{Field, LayoutView};
use egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions, Vec2};
use egui_plot::{PlotImage, PlotPoint};

/// The density of one layout as a texture.
#[derive(Default)]
pub struct Shading {
    made_for: Option<(u64, u64, bool)>,
    texture: Option<TextureHandle>,
    /// Half-width of the square that the picture covers, in view units.
    reach: f32,
}

impl Shading {
    /// The glow of `layout` in the colours of `looks`, which change with `version`; `opacity` 0..1.
    pub fn image(
        &mut self,
        ctx: &Context,
        layout: &LayoutView,
        looks: &[Look],
        version: u64,
        dark: bool,
        opacity: f32,
    ) -> Option<PlotImage> {
        let key = (layout.version, version, dark);
        if self.made_for != Some(key) {
            let (image, reach) = picture(layout, looks, dark);
            match &mut self.texture {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                None => self.texture = Some(ctx.load_texture("map density", image, TextureOptions::LINEAR)),
            }
            self.reach = reach;
            self.made_for = Some(key);
        }
        let texture = self.texture.as_ref()?;
        let size = Vec2::splat(2.0 * self.reach);
        let image = PlotImage::new("density", texture.id(), PlotPoint::new(0.0, 0.0), size)
            .tint(Color32::WHITE.gamma_multiply(opacity))
            .allow_hover(false);
        Some(image)
    }
}

fn picture(layout: &LayoutView, looks: &[Look], dark: bool) -> (ColorImage, f32) {
    // What is hidden does not glow, what is faded hardly.
    let lit = layout
        .positions
        .iter()
        .zip(looks)
        .filter(|(_, look)| look.colour.a() > 128);
    let points: Vec<([f32; 2], [f32; 3])> = lit
        .map(|(place, look)| {
            let [r, g, b, _] = look.colour.to_array();
            (*place, [r, g, b].map(f32::from))
        })
        .collect();
    let (field, colours) = Field::with_means(&points, Field::glow_radius(points.len()));
    let side = field.side();
    let mut image = ColorImage::filled([side, side], Color32::TRANSPARENT);
    let strength = if dark { 0.34 } else { 0.26 };
    for y in 0..side {
        for x in 0..side {
            let cell = (side - 1 - y) * side + x;
            let density = field.cells()[cell] * border(x, side) * border(y, side);
            // Contour-like steps would compete with the points; a soft root keeps sparse regions visible.
            let glow = density.powf(0.6) * strength;
            let [r, g, b] = colours[cell].map(|channel| channel.clamp(0.0, 255.0) as u8);
            image.pixels[y * side + x] = Color32::from_rgb(r, g, b).gamma_multiply(glow);
        }
    }
    (image, field.reach())
}

/// Fades towards the border of the picture, which would else be seen where the glow of a few points reaches it.
fn border(cell: usize, side: usize) -> f32 {
    const WIDE: f32 = 7.0;
    let t = (cell.min(side - 1 - cell) as f32 / WIDE).min(1.0);
    t * t * (3.0 - 2.0 * t)
}
