//! Pictures in memory, drawn with plotters in the window's own font, and written whole or not at all. Any thread.

use super::AtlasError;
use super::category::unknown_grey;
use crate::corpus::audit::register_fonts;
use crate::files::write_whole;
use crate::values::MapPoint;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use plotters::prelude::*;
use std::path::Path;

pub(super) const BACKGROUND: RGBColor = RGBColor(18, 20, 26);
pub(super) const INK: RGBColor = RGBColor(214, 218, 226);
pub(super) const FONT: &str = "sans-serif";

/// What is drawn on.
pub(super) type Area<'a> = DrawingArea<BitMapBackend<'a>, plotters::coord::Shift>;
pub(super) type Drawn = Result<(), DrawingAreaErrorKind<<BitMapBackend<'static> as DrawingBackend>::ErrorType>>;

/// Of what has no category, on [`BACKGROUND`].
pub(super) fn unlabelled() -> RGBColor {
    let grey = unknown_grey(true);
    RGBColor(grey, grey, grey)
}

/// Rows of red, green, blue from the top left corner on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// `3 * width * height` bytes, rows without padding.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// What `draw` makes of an area of the background's colour.
    ///
    /// # Errors
    /// When the font is missing or the drawing library refuses.
    pub(super) fn drawn(width: u32, height: u32, draw: impl FnOnce(&Area<'_>) -> Drawn) -> Result<Self, AtlasError> {
        let failed = |reason: String| AtlasError::Drawing(reason);
        register_fonts().map_err(|reason| failed(reason.to_owned()))?;
        let mut rgb = vec![0u8; 3 * width as usize * height as usize];
        {
            let area = BitMapBackend::with_buffer(&mut rgb, (width, height)).into_drawing_area();
            area.fill(&BACKGROUND).map_err(|error| failed(error.to_string()))?;
            draw(&area).map_err(|error| failed(error.to_string()))?;
            area.present().map_err(|error| failed(error.to_string()))?;
        }
        Ok(Self { width, height, rgb })
    }

    /// Writes it to `path` as PNG.
    ///
    /// # Errors
    /// When the file cannot be written; nothing is left behind then.
    pub fn write(&self, path: &Path) -> Result<(), AtlasError> {
        Ok(write_whole(path, &png_bytes(&self.rgb, (self.width, self.height))?)?)
    }
}

/// `rgb` of `size` as a PNG file.
fn png_bytes(rgb: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, AtlasError> {
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(rgb, width, height, ExtendedColorType::Rgb8)
        .map_err(|error| AtlasError::Drawing(error.to_string()))?;
    Ok(png)
}

/// Text of `size` pixels.
pub(super) fn ink(size: u32) -> TextStyle<'static> {
    (FONT, size).into_font().color(&INK)
}

/// Scales points without distortion into an area, y upwards, with a margin. `None` for points that are not finite.
pub(super) fn fit_into(points: &[MapPoint], (width, height): (u32, u32)) -> impl Fn(MapPoint) -> Option<(i32, i32)> {
    let finite = |p: &MapPoint| p.x.is_finite() && p.y.is_finite();
    let bounds = points
        .iter()
        .filter(|p| finite(p))
        .fold([f32::MAX, f32::MIN, f32::MAX, f32::MIN], |b, p| {
            [b[0].min(p.x), b[1].max(p.x), b[2].min(p.y), b[3].max(p.y)]
        });
    let (w, h) = (width as f32 - 60.0, height as f32 - 60.0);
    let scale = (w / (bounds[1] - bounds[0]).max(1e-9)).min(h / (bounds[3] - bounds[2]).max(1e-9));
    let middle = [0.5 * (bounds[0] + bounds[1]), 0.5 * (bounds[2] + bounds[3])];
    move |p| {
        let x = 0.5 * width as f32 + (p.x - middle[0]) * scale;
        let y = 0.5 * height as f32 - (p.y - middle[1]) * scale;
        finite(&p).then_some((x as i32, y as i32))
    }
}
