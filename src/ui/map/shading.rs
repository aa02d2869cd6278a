//! The glow under the points: where they are dense, a place between them can be trusted.

use crate::session::{Field, LayoutView};
use crate::ui::tokens::Colours;
use egui::{Color32, ColorImage, Context, TextureHandle, TextureOptions, Vec2};
use egui_plot::{PlotImage, PlotPoint};

/// The density of one layout as a texture.
#[derive(Default)]
pub struct Shading {
    made_for: Option<(u64, bool)>,
    texture: Option<TextureHandle>,
}

impl Shading {
    /// The glow of `layout`, `opacity` 0..1.
    pub fn image(
        &mut self,
        ctx: &Context,
        layout: &LayoutView,
        colours: &Colours,
        dark: bool,
        opacity: f32,
    ) -> Option<PlotImage> {
        let key = (layout.version, dark);
        if self.made_for != Some(key) {
            let image = picture(&layout.field, colours, dark);
            self.texture = Some(ctx.load_texture("map density", image, TextureOptions::LINEAR));
            self.made_for = Some(key);
        }
        let texture = self.texture.as_ref()?;
        let size = Vec2::splat(2.0 * layout.field.reach());
        let image = PlotImage::new("density", texture.id(), PlotPoint::new(0.0, 0.0), size)
            .tint(Color32::WHITE.gamma_multiply(opacity))
            .allow_hover(false);
        Some(image)
    }
}

fn picture(field: &Field, colours: &Colours, dark: bool) -> ColorImage {
    let side = field.side();
    let mut image = ColorImage::filled([side, side], Color32::TRANSPARENT);
    let strength = if dark { 0.20 } else { 0.16 };
    for y in 0..side {
        for x in 0..side {
            let density = field.cells()[(side - 1 - y) * side + x] * border(x, side) * border(y, side);
            // Contour-like steps would compete with the points; a soft root keeps sparse regions visible.
            let glow = density.powf(0.6) * strength;
            image.pixels[y * side + x] = colours.accent.gamma_multiply(glow);
        }
    }
    image
}

/// Fades towards the border of the picture, which would else be seen where the glow of a few points reaches it.
fn border(cell: usize, side: usize) -> f32 {
    const WIDE: f32 = 7.0;
    let t = (cell.min(side - 1 - cell) as f32 / WIDE).min(1.0);
    t * t * (3.0 - 2.0 * t)
}
