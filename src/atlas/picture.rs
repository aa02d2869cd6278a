//! The map as a PNG, coloured by genre, with a legend. Any thread; the file appears whole or not at all.

use super::{AtlasError, leading_genre};
use crate::bundle::{Layout, Snapshot};
use crate::space::{ChunkId, MapPoint};
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use std::path::Path;
use std::sync::OnceLock;

/// Size of the picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureOptions {
    pub width: u32,
    pub height: u32,
}

impl Default for PictureOptions {
    fn default() -> Self {
        Self {
            width: 1_400,
            height: 1_000,
        }
    }
}

const BACKGROUND: RGBColor = RGBColor(18, 20, 26);
const INK: RGBColor = RGBColor(214, 218, 226);
const UNLABELLED: RGBColor = RGBColor(120, 124, 132);
const FONT: &str = "sans-serif";
const TITLE_HEIGHT: u32 = 60;
const LEGEND_WIDTH: u32 = 230;
const LEGEND_LINE: i32 = 26;

/// Draws `layout` of `snapshot` and writes it to `path`.
///
/// # Errors
/// When the layout does not belong to the snapshot, the picture is too small for its legend, or the file cannot be written.
pub fn write_png(snapshot: &Snapshot, layout: &Layout, path: &Path, options: PictureOptions) -> Result<(), AtlasError> {
    if layout.points.len() != snapshot.chunks.len() {
        return Err(AtlasError::Shape {
            what: "points of the layout",
            found: layout.points.len(),
            expected: snapshot.chunks.len(),
        });
    }
    let failed = |reason: String| AtlasError::Picture {
        path: path.display().to_string(),
        reason,
    };
    if options.width < 2 * LEGEND_WIDTH
        || options.height < 4 * TITLE_HEIGHT
        || options.width.max(options.height) > 16_384
    {
        return Err(failed(format!(
            "{} x {} pixels are too few or too many",
            options.width, options.height
        )));
    }
    register_fonts().map_err(|reason| failed(reason.to_owned()))?;
    let mut pixels = vec![0u8; 3 * options.width as usize * options.height as usize];
    {
        let area = BitMapBackend::with_buffer(&mut pixels, (options.width, options.height)).into_drawing_area();
        draw(snapshot, layout, &area).map_err(|error| failed(error.to_string()))?;
        area.present().map_err(|error| failed(error.to_string()))?;
    }
    let unfinished = path.with_extension("png.part");
    image::save_buffer_with_format(
        &unfinished,
        &pixels,
        options.width,
        options.height,
        image::ColorType::Rgb8,
        image::ImageFormat::Png,
    )
    .map_err(|error| failed(error.to_string()))?;
    std::fs::rename(&unfinished, path).map_err(|error| failed(error.to_string()))
}

type Area<'a> = DrawingArea<BitMapBackend<'a>, plotters::coord::Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<<BitMapBackend<'static> as DrawingBackend>::ErrorType>>;

fn draw(snapshot: &Snapshot, layout: &Layout, area: &Area<'_>) -> Drawn {
    area.fill(&BACKGROUND)?;
    let quality = |name: &str| {
        layout
            .quality
            .get(name)
            .map(|value| format!(", {} {value:.2}", name.replace('_', " ")))
    };
    let title = format!(
        "{} - {:?}, {} chunks{}{}",
        snapshot.meta.name,
        layout.kind,
        layout.points.len(),
        quality("trustworthiness").unwrap_or_default(),
        quality("knn_genre_accuracy").unwrap_or_default(),
    );
    area.draw(&Text::new(title, (24, 20), (FONT, 24).into_font().color(&INK)))?;
    let (_, below) = area.split_vertically(TITLE_HEIGHT);
    let (map, legend) = below.split_horizontally(below.dim_in_pixel().0 - LEGEND_WIDTH);
    draw_points(snapshot, &layout.points, &map)?;
    draw_legend(snapshot, &legend)
}

fn draw_points(snapshot: &Snapshot, points: &[MapPoint], area: &Area<'_>) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    let to_pixel = fit_into(points, width, height);
    let radius = if points.len() > 5_000 { 2 } else { 4 };
    for (i, point) in points.iter().enumerate() {
        if let Some(pixel) = to_pixel(*point) {
            let genre = leading_genre(&snapshot.labels(ChunkId(i as u32)).genre);
            area.draw(&Circle::new(
                pixel,
                radius,
                genre_colour(snapshot, genre).mix(0.75).filled(),
            ))?;
        }
    }
    Ok(())
}

fn draw_legend(snapshot: &Snapshot, area: &Area<'_>) -> Drawn {
    let lines = area.dim_in_pixel().1 as i32 / LEGEND_LINE - 2;
    for (i, name) in snapshot.meta.genres.iter().enumerate().take(lines.max(0) as usize) {
        let y = 20 + LEGEND_LINE * i as i32;
        area.draw(&Circle::new(
            (14, y),
            7,
            genre_colour(snapshot, Some(i as u16)).filled(),
        ))?;
        area.draw(&Text::new(
            name.clone(),
            (30, y - 9),
            (FONT, 18).into_font().color(&INK),
        ))?;
    }
    Ok(())
}

/// Scales without distortion, y upwards, with a margin. `None` for points that are not finite.
fn fit_into(points: &[MapPoint], width: u32, height: u32) -> impl Fn(MapPoint) -> Option<(i32, i32)> {
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

/// Hues evenly round the circle, two lightnesses in turn so that neighbours in the legend differ.
fn genre_colour(snapshot: &Snapshot, genre: Option<u16>) -> RGBColor {
    let Some(genre) = genre else { return UNLABELLED };
    let hue = f64::from(genre) / snapshot.meta.genres.len().max(1) as f64;
    let (r, g, b) = HSLColor(hue, 0.75, if genre % 2 == 0 { 0.62 } else { 0.48 }).rgb();
    RGBColor(r, g, b)
}

/// The font the window already carries; plotters has none of its own without the system's.
fn register_fonts() -> Result<(), &'static str> {
    static DONE: OnceLock<bool> = OnceLock::new();
    DONE.get_or_init(|| register_font(FONT, FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT).is_ok())
        .then_some(())
        .ok_or("its font cannot be read")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::{gaussian_points, small_snapshot};
    use crate::bundle::LayoutKind;
    use std::collections::BTreeMap;

    fn layout(n: usize) -> Layout {
        Layout {
            kind: LayoutKind::Tsne,
            points: gaussian_points(n, 1),
            quality: BTreeMap::new(),
        }
    }

    #[test]
    fn every_genre_of_the_space_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.png");
        let snapshot = small_snapshot(120, 1);
        write_png(&snapshot, &layout(120), &path, PictureOptions::default()).unwrap();
        let picture = image::open(&path).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), (1_400, 1_000));
        for genre in 0..snapshot.meta.genres.len() {
            let RGBColor(r, g, b) = genre_colour(&snapshot, Some(genre as u16));
            assert!(
                picture.pixels().any(|pixel| pixel.0 == [r, g, b]),
                "genre {genre} is missing"
            );
        }
        let written = picture
            .enumerate_pixels()
            .filter(|(x, y, p)| *x < 600 && *y < TITLE_HEIGHT && p.0[0] > 150)
            .count();
        assert!(written > 200, "the title is missing: {written} bright pixels");
        assert_eq!(
            std::fs::read_dir(folder.path()).unwrap().count(),
            1,
            "the unfinished file was left behind"
        );
    }

    #[test]
    fn a_folder_that_is_not_there_and_a_foreign_layout_are_named() {
        let snapshot = small_snapshot(12, 1);
        let nowhere = Path::new("/nonexistent/map.png");
        let error = write_png(&snapshot, &layout(12), nowhere, PictureOptions::default()).unwrap_err();
        assert!(error.to_string().contains("/nonexistent/map.png"));
        assert!(write_png(&snapshot, &layout(11), nowhere, PictureOptions::default()).is_err());
    }
}
