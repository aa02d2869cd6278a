//! A corpus on one page: valence and arousal of every clip with the four named quadrants, both distributions, and a few
//! moments of the sound. Any thread; the file appears whole or not at all.

use crate::corpus::audit::{Moment, Quadrants, quadrants};
use crate::corpus::{Corpus, CorpusClip};
use crate::files::write_whole;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, ImageEncoder};
use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{FontStyle, register_font};
use std::path::Path;
use std::sync::OnceLock;

const SIZE: (u32, u32) = (1_400, 900);
/// The square on the left.
const PLANE_WIDTH: u32 = 900;
const HISTOGRAM_HEIGHT: u32 = 230;
const MARGIN: i32 = 36;
const BINS: usize = 20;
/// Columns in the picture of a moment.
const COLUMNS: usize = 110;
const FONT: &str = "sans-serif";
const BACKGROUND: RGBColor = RGBColor(18, 20, 26);
const INK: RGBColor = RGBColor(214, 218, 226);
const FAINT: RGBColor = RGBColor(62, 67, 80);
const GIVEN: RGBColor = RGBColor(94, 170, 255);
const ESTIMATED: RGBColor = RGBColor(150, 154, 164);

type Area<'a> = DrawingArea<BitMapBackend<'a>, Shift>;
type Drawn = Result<(), DrawingAreaErrorKind<<BitMapBackend<'static> as DrawingBackend>::ErrorType>>;

/// Writes the page to `path` as PNG.
///
/// # Errors
/// A sentence when the font or the file fails.
pub fn write_png(corpus: &Corpus, moments: &[Moment], path: &Path) -> Result<(), String> {
    register_fonts()?;
    let mut pixels = vec![0u8; (SIZE.0 * SIZE.1 * 3) as usize];
    draw(corpus, moments, &mut pixels).map_err(|error| format!("the picture cannot be drawn (details: {error})"))?;
    let mut png = Vec::new();
    PngEncoder::new(&mut png)
        .write_image(&pixels, SIZE.0, SIZE.1, ExtendedColorType::Rgb8)
        .map_err(|error| format!("the picture cannot be drawn (details: {error})"))?;
    write_whole(path, &png).map_err(|error| error.to_string())
}

/// Gives plotters the font that the window already carries: it has none of its own without the system's.
///
/// # Errors
/// When the font cannot be read.
pub fn register_fonts() -> Result<(), &'static str> {
    static DONE: OnceLock<bool> = OnceLock::new();
    DONE.get_or_init(|| register_font(FONT, FontStyle::Normal, epaint_default_fonts::UBUNTU_LIGHT).is_ok())
        .then_some(())
        .ok_or("its font cannot be read")
}

fn draw(corpus: &Corpus, moments: &[Moment], pixels: &mut [u8]) -> Drawn {
    let page = BitMapBackend::with_buffer(pixels, SIZE).into_drawing_area();
    page.fill(&BACKGROUND)?;
    let (left, right) = page.split_horizontally(PLANE_WIDTH);
    draw_plane(corpus, &left)?;
    let (valence, rest) = right.split_vertically(HISTOGRAM_HEIGHT);
    let (arousal, sounds) = rest.split_vertically(HISTOGRAM_HEIGHT);
    draw_histogram(corpus, "Valence", |clip| clip.valence, &valence)?;
    draw_histogram(corpus, "Arousal", |clip| clip.arousal, &arousal)?;
    draw_moments(corpus, moments, &sounds)?;
    page.present()
}

fn label(area: &Area<'_>, text: &str, at: (i32, i32), size: u32, anchor: (HPos, VPos), ink: &RGBColor) -> Drawn {
    let style = TextStyle::from((FONT, size).into_font())
        .color(ink)
        .pos(Pos::new(anchor.0, anchor.1));
    area.draw_text(text, &style, at)
}

/// One dot a clip in the plane from dark to bright and calm to excited.
fn draw_plane(corpus: &Corpus, area: &Area<'_>) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    let (left, top) = (MARGIN, MARGIN + 40);
    let (right, bottom) = (width as i32 - MARGIN, height as i32 - MARGIN - 20);
    let place = |valence: f32, arousal: f32| {
        let x = left + ((valence + 1.0) * 0.5 * (right - left) as f32) as i32;
        (x, bottom - ((arousal + 1.0) * 0.5 * (bottom - top) as f32) as i32)
    };
    let title = format!("{} clips by mood", corpus.clips.len());
    label(area, &title, (left, 22), 26, (HPos::Left, VPos::Top), &INK)?;
    let legend = "blue: given    grey: estimated from the sound";
    label(area, legend, (right, 28), 17, (HPos::Right, VPos::Top), &ESTIMATED)?;
    area.draw(&Rectangle::new([(left, top), (right, bottom)], FAINT))?;
    for line in [[place(-1.0, 0.0), place(1.0, 0.0)], [place(0.0, -1.0), place(0.0, 1.0)]] {
        area.draw(&PathElement::new(line, FAINT))?;
    }
    let Quadrants {
        happy,
        angry,
        sad,
        calm,
        unknown,
    } = quadrants(corpus);
    let corners = [
        (
            format!("happy {happy}"),
            (right - 14, top + 12),
            (HPos::Right, VPos::Top),
        ),
        (format!("angry {angry}"), (left + 14, top + 12), (HPos::Left, VPos::Top)),
        (
            format!("sad {sad}"),
            (left + 14, bottom - 12),
            (HPos::Left, VPos::Bottom),
        ),
        (
            format!("calm {calm}"),
            (right - 14, bottom - 12),
            (HPos::Right, VPos::Bottom),
        ),
    ];
    for (text, at, anchor) in corners {
        label(area, &text, at, 22, anchor, &INK)?;
    }
    let axes = format!("dark to bright across, calm to excited upwards; {unknown} clips unknown");
    label(
        area,
        &axes,
        (left, bottom + 10),
        17,
        (HPos::Left, VPos::Top),
        &ESTIMATED,
    )?;
    let radius = if corpus.clips.len() > 2_000 { 2 } else { 4 };
    for (estimated, colour) in [(true, ESTIMATED), (false, GIVEN)] {
        for clip in corpus.clips.iter().filter(|clip| clip.estimated == estimated) {
            if let (Some(valence), Some(arousal)) = (clip.valence, clip.arousal) {
                area.draw(&Circle::new(place(valence, arousal), radius, colour.mix(0.75).filled()))?;
            }
        }
    }
    Ok(())
}

/// How many clips have which value; given ones stand below estimated ones.
fn draw_histogram(corpus: &Corpus, name: &str, of: fn(&CorpusClip) -> Option<f32>, area: &Area<'_>) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    let (left, right) = (0, width as i32 - MARGIN);
    let (top, bottom) = (70, height as i32 - 34);
    let mut counts = [[0usize; 2]; BINS];
    let (mut sum, mut known) = (0.0f32, 0usize);
    for clip in &corpus.clips {
        if let Some(value) = of(clip) {
            let bin = ((value + 1.0) * 0.5 * BINS as f32) as usize;
            counts[bin.min(BINS - 1)][usize::from(clip.estimated)] += 1;
            (sum, known) = (sum + value, known + 1);
        }
    }
    let mean = sum / known.max(1) as f32;
    let title = format!("{name}: {known} clips, mean {mean:.2}");
    label(area, &title, (left, 30), 20, (HPos::Left, VPos::Top), &INK)?;
    let most = counts.iter().map(|both| both[0] + both[1]).max().unwrap_or(0).max(1);
    let rise = |count: usize| (count * (bottom - top) as usize / most) as i32;
    let step = (right - left) as f32 / BINS as f32;
    for (bin, [given, estimated]) in counts.iter().enumerate() {
        let (x, next) = (
            left + (bin as f32 * step) as i32,
            left + ((bin + 1) as f32 * step) as i32 - 3,
        );
        let middle = bottom - rise(*given);
        area.draw(&Rectangle::new([(x, middle), (next, bottom)], GIVEN.filled()))?;
        area.draw(&Rectangle::new(
            [(x, bottom - rise(given + estimated)), (next, middle)],
            ESTIMATED.filled(),
        ))?;
    }
    area.draw(&PathElement::new([(left, bottom), (right, bottom)], FAINT))?;
    for (text, x, side) in [
        ("-1", left, HPos::Left),
        ("0", (left + right) / 2, HPos::Center),
        ("1", right, HPos::Right),
    ] {
        label(area, text, (x, bottom + 6), 16, (side, VPos::Top), &ESTIMATED)?;
    }
    Ok(())
}

/// The waves of a few seconds, one under the other.
fn draw_moments(corpus: &Corpus, moments: &[Moment], area: &Area<'_>) -> Drawn {
    let (width, height) = area.dim_in_pixel();
    let right = width as i32 - MARGIN;
    label(area, "A few moments of it", (0, 24), 20, (HPos::Left, VPos::Top), &INK)?;
    let row = (height as i32 - 90) / moments.len().max(1) as i32;
    for (i, moment) in moments.iter().enumerate() {
        let clip = &corpus.clips[moment.clip];
        let genre = clip
            .main_genre()
            .map_or("no genre", |genre| corpus.genres[genre].as_str());
        let top = 62 + i as i32 * row;
        let text = format!("{} - {genre}", clip.title);
        label(area, &text, (0, top), 16, (HPos::Left, VPos::Top), &ESTIMATED)?;
        let (middle, half) = (top + 20 + (row - 26) / 2, (row - 26) / 2);
        let step = right as f32 / COLUMNS as f32;
        for (column, peak) in moment.peaks(COLUMNS).into_iter().enumerate() {
            let (x, rise) = ((column as f32 * step) as i32, ((peak * half as f32) as i32).max(1));
            let bar = [(x, middle - rise), (x + (step * 0.6) as i32, middle + rise)];
            area.draw(&Rectangle::new(bar, GIVEN.filled()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::clip::tests::corpus_of;

    #[test]
    fn given_and_estimated_moods_both_leave_ink() {
        let mut corpus = corpus_of(2, &[(0, 0), (1, 1), (1, 2)]);
        for (clip, valence) in corpus.clips.iter_mut().zip([0.8, -0.8, 0.1]) {
            (clip.valence, clip.arousal) = (Some(valence), Some(-valence));
            clip.estimated = valence < 0.5;
        }
        let wave = Moment {
            clip: 0,
            samples: (0..8_000).map(|i| (i as f32 * 0.1).sin()).collect(),
            sample_rate_hz: 8_000,
            decoded_secs: 1.0,
        };
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("mood.png");
        write_png(&corpus, &[wave], &path).unwrap();
        let picture = image::open(&path).unwrap().to_rgb8();
        assert_eq!(picture.dimensions(), SIZE);
        let near = |colour: RGBColor| {
            let close = |pixel: &image::Rgb<u8>| {
                let wanted = [colour.0, colour.1, colour.2];
                pixel.0.iter().zip(wanted).all(|(a, b)| a.abs_diff(b) < 60)
            };
            picture.pixels().filter(|pixel| close(pixel)).count()
        };
        assert!(near(GIVEN) > 1_000, "dots, bars and the wave: {}", near(GIVEN));
        assert!(near(ESTIMATED) > 500, "dots and bars: {}", near(ESTIMATED));
        let error = write_png(&corpus, &[], &folder.path().join("gone/mood.png")).unwrap_err();
        assert!(error.contains("mood.png"), "{error}");
    }
}
