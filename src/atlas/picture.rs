//! The map as a PNG, coloured by genre, with a legend. Any thread; the file appears whole or not at all.

use super::AtlasError;
use super::canvas::{Area, BACKGROUND, Drawn, Picture, fit_into, ink, unlabelled};
use super::category::{Mark, category_mark, category_rgb};
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
const LEGEND_LINE: u32 = 26;

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
    area.draw(&Text::new(title(snapshot), (24, 20), ink(24)))?;
    let (_, below) = area.split_vertically(TITLE_HEIGHT);
    let (map, legend) = below.split_horizontally(below.dim_in_pixel().0 - LEGEND_WIDTH);
    draw_points(snapshot, &layout.points, &map)?;
    draw_legend(snapshot, &legend)
}

/// What is seen, for somebody who knows nothing of the program.
fn title(snapshot: &Snapshot) -> String {
    let count = |number: usize, one: &str| match number {
        1 => format!("1 {one}"),
        many => format!("{many} {one}s"),
    };
    format!(
        "{} – {} of {}; what lies close together sounds alike",
        snapshot.meta.name,
        count(snapshot.chunks.len(), "point"),
        count(snapshot.mapped_clips(), "clip")
    )
}

fn draw_points(snapshot: &Snapshot, points: &[MapPoint], area: &Area<'_>) -> Drawn {
    let to_pixel = fit_into(points, area.dim_in_pixel());
    let radius = if points.len() > 5_000 { 2 } else { 4 };
    for (i, point) in points.iter().enumerate() {
        if let Some(pixel) = to_pixel(*point) {
            let genre = snapshot.labels(ChunkId(i as u32)).leading_genre();
            draw_mark(genre, pixel, radius, 0.75, area)?;
        }
    }
    Ok(())
}

/// Every genre, or as many as there is room for and how many are left out.
fn draw_legend(snapshot: &Snapshot, area: &Area<'_>) -> Drawn {
    let genres = &snapshot.meta.genres;
    let lines = (area.dim_in_pixel().1 / LEGEND_LINE).saturating_sub(2) as usize;
    let shown = if genres.len() > lines {
        lines.saturating_sub(1)
    } else {
        genres.len()
    };
    let line = |number: usize| 20 + (LEGEND_LINE * number as u32) as i32;
    for (i, name) in genres.iter().enumerate().take(shown) {
        let y = line(i);
        draw_mark(Some(i as u16), (14, y), 7, 1.0, area)?;
        area.draw(&Text::new(name.clone(), (30, y - 6), ink(18)))?;
    }
    if shown < genres.len() {
        let text = format!("and {} more genres", genres.len() - shown);
        area.draw(&Text::new(text, (30, line(shown) - 6), ink(18)))?;
    }
    Ok(())
}

/// A point as it looks in the window.
fn draw_mark(genre: Option<u16>, at: (i32, i32), radius: i32, opacity: f64, area: &Area<'_>) -> Drawn {
    let mark = genre.map_or(Mark::Disc, |genre| category_mark(usize::from(genre)));
    draw_shape(mark, at, radius, genre_colour(genre).mix(opacity), area)?;
    let hole = (radius as f32 * mark.hole()).round() as i32;
    if hole > 0 {
        draw_shape(mark, at, hole, BACKGROUND.mix(opacity), area)?;
    }
    Ok(())
}

fn draw_shape(mark: Mark, (x, y): (i32, i32), radius: i32, colour: RGBAColor, area: &Area<'_>) -> Drawn {
    if mark.is_square() {
        let reach = radius + 1;
        let corners = vec![(x, y - reach), (x + reach, y), (x, y + reach), (x - reach, y)];
        area.draw(&Polygon::new(corners, colour.filled()))
    } else {
        area.draw(&Circle::new((x, y), radius, colour.filled()))
    }
}

fn genre_colour(genre: Option<u16>) -> RGBColor {
    genre.map_or_else(unlabelled, |genre| {
        let [r, g, b] = category_rgb(usize::from(genre), true);
        RGBColor(r, g, b)
    })
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
    fn the_title_tells_what_is_seen_without_a_term_of_the_trade() {
        let title = title(&small_snapshot(40, 1));
        assert!(title.contains("40 points of ") && title.contains("clip"), "{title}");
        for term in ["tsne", "pca", "trustworthiness", "knn", "chunk"] {
            assert!(!title.to_lowercase().contains(term), "{title}");
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
            let RGBColor(r, g, b) = genre_colour(Some(genre as u16));
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

    /// The lines of the legend of a map with that many genres, top down: whether each has a mark.
    fn legend(genres: usize) -> Vec<bool> {
        let mut snapshot = small_snapshot(12, 1);
        snapshot.meta.genres = (0..genres).map(|i| format!("Genre {i}")).collect();
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("map.png");
        write_png(&snapshot, &layout(12), &path, PictureOptions::default()).unwrap();
        let picture = image::open(&path).unwrap().to_rgb8();
        let left = picture.width() - LEGEND_WIDTH;
        let drawn = |xs: std::ops::Range<u32>, middle: u32| {
            let mut pixels = xs.flat_map(|x| (middle - 6..middle + 6).map(move |y| (left + x, y)));
            pixels.any(|(x, y)| picture.get_pixel(x, y).0.iter().any(|level| *level > 80))
        };
        let middles = (TITLE_HEIGHT + 20..picture.height() - 6).step_by(LEGEND_LINE as usize);
        let lines = middles.filter(|middle| drawn(30..200, *middle));
        lines.map(|middle| drawn(8..20, middle)).collect()
    }

    #[test]
    fn the_legend_has_every_genre_or_says_how_many_are_left_out() {
        assert_eq!(legend(34), [true; 34]);
        let crowded = legend(60);
        assert_eq!(crowded, [[true; 33].as_slice(), &[false]].concat());
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
