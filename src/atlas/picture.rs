//! The map as a PNG, coloured by genre, with a legend. Any thread; the file appears whole or not at all.

use super::AtlasError;
use super::canvas::{Area, Drawn, Picture, UNLABELLED, fit_into, ink};
use crate::space::{Layout, Snapshot};
use crate::values::{ChunkId, MapPoint};
use plotters::prelude::*;
use std::path::Path;

/// Size of the picture in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureOptions {
    /// 460 to 16,384: twice the width of the legend at least.
    pub width: u32,
    /// 240 to 16,384: four times the height of the title at least.
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
    if options.width < 2 * LEGEND_WIDTH
        || options.height < 4 * TITLE_HEIGHT
        || options.width.max(options.height) > 16_384
    {
        return Err(AtlasError::Drawing(format!(
            "{} x {} pixels are too few or too many",
            options.width, options.height
        )));
    }
    Picture::drawn(options.width, options.height, |area| draw(snapshot, layout, area))?.write(path)
}

fn draw(snapshot: &Snapshot, layout: &Layout, area: &Area<'_>) -> Drawn {
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
    area.draw(&Text::new(title, (24, 20), ink(24)))?;
    let (_, below) = area.split_vertically(TITLE_HEIGHT);
    let (map, legend) = below.split_horizontally(below.dim_in_pixel().0 - LEGEND_WIDTH);
    draw_points(snapshot, &layout.points, &map)?;
    draw_legend(snapshot, &legend)
}

fn draw_points(snapshot: &Snapshot, points: &[MapPoint], area: &Area<'_>) -> Drawn {
    let to_pixel = fit_into(points, area.dim_in_pixel());
    let radius = if points.len() > 5_000 { 2 } else { 4 };
    for (i, point) in points.iter().enumerate() {
        if let Some(pixel) = to_pixel(*point) {
            let genre = snapshot.labels(ChunkId(i as u32)).leading_genre();
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
        area.draw(&Text::new(name.clone(), (30, y - 9), ink(18)))?;
    }
    Ok(())
}

/// Hues evenly round the circle, two lightnesses in turn so that neighbours in the legend differ.
fn genre_colour(snapshot: &Snapshot, genre: Option<u16>) -> RGBColor {
    let Some(genre) = genre else { return UNLABELLED };
    let hue = f64::from(genre) / snapshot.meta.genres.len().max(1) as f64;
    let (r, g, b) = HSLColor(hue, 0.75, if genre % 2 == 0 { 0.62 } else { 0.48 }).rgb();
    RGBColor(r, g, b)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::atlas::samples::{gaussian_points, small_snapshot};
    use crate::space::LayoutKind;
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
