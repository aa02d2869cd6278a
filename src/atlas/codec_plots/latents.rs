//! Latents over time: one panel per excerpt, one line of pixels per dimension.

use super::{CodecCorpus, Excerpt, scale};
use crate::atlas::AtlasError;
use crate::atlas::canvas::{Area, Drawn, Picture, ink};
use plotters::prelude::*;

const WIDTH: u32 = 1_400;
/// Pixels of a panel with its title.
const PANEL_HEIGHT: u32 = 330;
const TITLE_HEIGHT: u32 = 56;
const MARGIN: u32 = 24;
/// Deviations at which the colour is full.
const FULL_COLOUR: f32 = 3.0;

pub(super) fn picture(corpus: &CodecCorpus) -> Result<Picture, AtlasError> {
    let panels = corpus.excerpts.len().max(1) as u32;
    let (mean, std) = spread(corpus);
    Picture::drawn(WIDTH, TITLE_HEIGHT + panels * PANEL_HEIGHT, |area| {
        let title = format!(
            "Latents before quantisation, {:.0} a second, in deviations of the corpus (blue -{FULL_COLOUR:.0} .. orange +{FULL_COLOUR:.0})",
            corpus.frame_rate_hz
        );
        area.draw(&Text::new(title, (MARGIN as i32, 18), ink(22)))?;
        let (_, below) = area.split_vertically(TITLE_HEIGHT);
        for (excerpt, panel) in corpus.excerpts.iter().zip(below.split_evenly((panels as usize, 1))) {
            draw(excerpt, &mean, &std, corpus.frame_rate_hz, &panel)?;
        }
        Ok(())
    })
}

fn draw(excerpt: &Excerpt, mean: &[f32], std: &[f32], frame_rate_hz: f32, area: &Area<'_>) -> Drawn {
    let secs = excerpt.latents.len() as f32 / frame_rate_hz;
    let title = format!("{}: dimension 1 at the top, {secs:.1} s", excerpt.title);
    area.draw(&Text::new(title, (MARGIN as i32, 4), ink(18)))?;
    let (width, height) = area.dim_in_pixel();
    let (wide, tall) = (width - 2 * MARGIN, height - 2 * MARGIN - 10);
    let (frames, dims) = (excerpt.latents.len(), excerpt.latents.width());
    if frames == 0 {
        return Ok(());
    }
    for y in 0..tall {
        let dim = (y as usize * dims) / tall as usize;
        for x in 0..wide {
            let row = excerpt.latents.row((x as usize * frames) / wide as usize);
            let value = (row[dim] - mean[dim]) / (std[dim] * FULL_COLOUR);
            area.draw_pixel(((MARGIN + x) as i32, (MARGIN + 6 + y) as i32), &scale::deviation(value))?;
        }
    }
    Ok(())
}

/// Mean and deviation of every dimension over the excerpts' clips.
fn spread(corpus: &CodecCorpus) -> (Vec<f32>, Vec<f32>) {
    let dims = corpus.excerpts.first().map_or(0, |excerpt| excerpt.latents.width());
    let clips = corpus.clips.iter().filter(|clip| clip.latents.mean.len() == dims);
    let n = clips.clone().count().max(1) as f32;
    let average = |value: &dyn Fn(usize, usize) -> f32| -> Vec<f32> {
        (0..dims)
            .map(|dim| (0..n as usize).map(|clip| value(clip, dim)).sum::<f32>() / n)
            .collect()
    };
    let clips: Vec<_> = clips.collect();
    if clips.is_empty() {
        return (vec![0.0; dims], vec![1.0; dims]);
    }
    let mean = average(&|clip, dim| clips[clip].latents.mean[dim]);
    let power = average(&|clip, dim| {
        clips[clip].latents.std[dim].powi(2) + (clips[clip].latents.mean[dim] - mean[dim]).powi(2)
    });
    let std = power.iter().map(|power| power.sqrt().max(f32::MIN_POSITIVE)).collect();
    (mean, std)
}
