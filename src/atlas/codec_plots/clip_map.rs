//! t-SNE of every clip's latent mean and deviation, three times over: by valence, by arousal, by the mean of both.

use super::{CodecClip, scale};
use crate::atlas::canvas::{Area, Drawn, Picture, fit_into, ink, unlabelled};
use crate::atlas::{AtlasError, Pca, TsneOptions, tsne};
use crate::sync::StopFlag;
use crate::values::MapPoint;
use ndarray::{Array2, Axis};
use plotters::prelude::*;

const PANEL: u32 = 560;
const TITLE_HEIGHT: u32 = 56;
const NAME_HEIGHT: u32 = 24;
const SCALE_HEIGHT: u32 = 48;

pub(super) fn picture(clips: &[CodecClip], seed: u64, stop: &StopFlag) -> Result<Picture, AtlasError> {
    let points = lay_out(clips, seed, stop)?;
    let of = |value: &dyn Fn(&CodecClip) -> Option<f32>| clips.iter().map(value).collect::<Vec<_>>();
    let panels = [
        ("valence", of(&|clip| clip.valence)),
        ("arousal", of(&|clip| clip.arousal)),
        ("mean of both", of(&|clip| Some(0.5 * (clip.valence? + clip.arousal?)))),
    ];
    Picture::drawn(3 * PANEL, TITLE_HEIGHT + NAME_HEIGHT + PANEL + SCALE_HEIGHT, |area| {
        let title = format!("{} clips by mean and deviation of their latents, t-SNE", clips.len());
        area.draw(&Text::new(title, (24, 18), ink(22)))?;
        let (_, below) = area.split_vertically(TITLE_HEIGHT);
        for ((name, values), panel) in panels.iter().zip(below.split_evenly((1, panels.len()))) {
            draw(name, &points, values, &panel)?;
        }
        Ok(())
    })
}

fn draw(name: &str, points: &[MapPoint], values: &[Option<f32>], area: &Area<'_>) -> Drawn {
    area.draw(&Text::new(name.to_owned(), (24, 4), ink(20)))?;
    let (_, below) = area.split_vertically(NAME_HEIGHT);
    let (map, legend) = below.split_vertically(PANEL);
    let to_pixel = fit_into(points, map.dim_in_pixel());
    let radius = if points.len() > 1_000 { 3 } else { 5 };
    for (point, value) in points.iter().zip(values) {
        let colour = value.map_or_else(unlabelled, scale::mood);
        if let Some(pixel) = to_pixel(*point) {
            map.draw(&Circle::new(pixel, radius, colour.filled()))?;
        }
    }
    let (left, right) = (90, PANEL as i32 - 90);
    for x in left..right {
        let value = 2.0 * (x - left) as f32 / (right - left) as f32 - 1.0;
        let bar = [(x, 8), (x + 1, 22)];
        legend.draw(&Rectangle::new(bar, scale::mood(value).filled()))?;
    }
    legend.draw(&Text::new("-1", (left - 26, 6), ink(18)))?;
    legend.draw(&Text::new("1", (right + 10, 6), ink(18)))
}

/// Columns standardised, so that no dimension counts by its scale alone.
fn lay_out(clips: &[CodecClip], seed: u64, stop: &StopFlag) -> Result<Vec<MapPoint>, AtlasError> {
    let width = clips.first().map_or(0, |clip| clip.latents.features().count());
    let flat: Vec<f32> = clips.iter().flat_map(|clip| clip.latents.features()).collect();
    let mut rows = Array2::from_shape_vec((clips.len(), width), flat).map_err(|_| AtlasError::Shape {
        what: "clips with latents of one width",
        found: clips.len(),
        expected: width,
    })?;
    if rows.iter().any(|value| !value.is_finite()) {
        return Err(AtlasError::NotFinite);
    }
    for mut column in rows.axis_iter_mut(Axis(1)) {
        let (mean, std) = (column.mean().unwrap_or(0.0), column.std(0.0).max(1e-9));
        column.mapv_inplace(|value| (value - mean) / std);
    }
    if rows.nrows() < 4 {
        return Err(AtlasError::TooFewPoints {
            needed: 4,
            found: rows.nrows(),
        });
    }
    let flat = Pca::fit(rows.view(), 2)?.project(rows.view());
    let start: Vec<MapPoint> = flat
        .rows()
        .into_iter()
        .map(|row| MapPoint { x: row[0], y: row[1] })
        .collect();
    let options = TsneOptions {
        seed,
        ..TsneOptions::default()
    };
    tsne(rows.view(), &start, options, &mut |_| {}, stop)
}
