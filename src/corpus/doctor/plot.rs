//! Valence and arousal of a corpus as a picture: one point per clip, the named quadrants, given and estimated apart.

use crate::corpus::Corpus;
use plotters::prelude::*;
use std::path::Path;

const SIZE: (u32, u32) = (900, 900);
const GIVEN: RGBColor = RGBColor(31, 119, 180);
const ESTIMATED: RGBColor = RGBColor(200, 200, 200);

/// Writes the picture to `path` as PNG.
///
/// # Errors
/// A sentence when the file cannot be written.
pub fn write_emotion_png(corpus: &Corpus, path: &Path) -> Result<(), String> {
    let mut pixels = vec![255u8; (SIZE.0 * SIZE.1 * 3) as usize];
    draw(corpus, &mut pixels).map_err(|error| format!("the picture cannot be drawn: {error}"))?;
    image::save_buffer(path, &pixels, SIZE.0, SIZE.1, image::ColorType::Rgb8)
        .map_err(|error| format!("{} cannot be written: {error}", path.display()))
}

fn draw(corpus: &Corpus, pixels: &mut [u8]) -> Result<(), Box<dyn std::error::Error>> {
    let root = BitMapBackend::with_buffer(pixels, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .margin(40)
        .build_cartesian_2d(-1.05f32..1.05, -1.05f32..1.05)?;
    for line in [vec![(-1.0, 0.0), (1.0, 0.0)], vec![(0.0, -1.0), (0.0, 1.0)]] {
        chart.draw_series(LineSeries::new(line, BLACK.mix(0.4)))?;
    }
    chart.draw_series(std::iter::once(Circle::new(
        (0.0, 0.0),
        SIZE.0 as i32 / 2 - 60,
        BLACK.mix(0.2),
    )))?;
    let points = |estimated: bool| {
        let clips = corpus.clips.iter().filter(move |clip| clip.estimated == estimated);
        clips.filter_map(|clip| Some((clip.valence?, clip.arousal?)))
    };
    for (estimated, colour) in [(true, ESTIMATED), (false, GIVEN)] {
        chart.draw_series(points(estimated).map(|point| Circle::new(point, 4, colour.filled())))?;
    }
    root.present()?;
    Ok(())
}
