//! Every quality figure of a space, with intervals, judged on rendered audio. Blocks its caller; at most about two
//! minutes on two cores whatever the size of the space, because the number of chunks looked at is fixed.
//!
//! The space is seen only through [`SpaceUnderTest`]: the network, its linear model and a test's fake are judged alike. The
//! judge never saw what a training-time judge saw: other features ([`features`]), another architecture ([`probe`]).

mod control;
mod curves;
mod dataset;
mod decode_time;
mod error;
mod evaluator;
mod feature_pass;
pub mod features;
mod files;
mod latent;
mod map;
mod metric;
pub mod probe;
mod reconstruction;
mod rendering;
mod report;
mod space_under_test;
pub mod stats;
mod strength;
#[cfg(test)]
mod tests;
mod ways;

pub use curves::{StrengthBaselines, StrengthCurves, StrengthFigures, StrengthPoint};
pub use dataset::Dataset;
pub use error::EvalError;
pub use files::{FileReading, read_files};
pub use metric::Metric;
pub use report::{
    ControlFigures, DecodeFigures, EvalReport, EvaluatorFigures, LatentFigures, MapFigures, ModelFigures,
    ReconstructionFigures,
};
pub use space_under_test::{Encoded, RealChunk, SoundAsked, SpaceUnderTest};
pub use strength::RenderWay;
pub use ways::WayFigures;

use crate::codec::SpectralCodec;
use crate::space::Snapshot;
use crate::sync::StopFlag;
use control::ControlTest;
use evaluator::Evaluator;
use rendering::Rendering;
use space_under_test::decode_levels;
use std::sync::Arc;

/// Chunks that are swapped and slid, one a clip as far as there are clips: every one is rendered about 40 times, and as often at every strength.
const CONTROL_CHUNKS: usize = 16;
/// How much is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// Minutes: labels as they were learned.
    Quick,
    /// Where relatives and Endless lead, too.
    Ways,
    /// The curves over strength besides, several times as long.
    Full,
}

/// Seed of the phases and the texture of rendered audio.
const RENDER_SEED: u64 = 0x0e7a_1000;

/// Everything there is to say about `space`, whose chunks, labels and map `snapshot` holds; `linear_model` is the same
/// space before training. `progress` hears a stage's name as it begins, `render` makes the sounds of ways.
///
/// # Errors
/// When the recordings do not suffice, the space fails, or `stop` is set. A figure that alone cannot be had is null with
/// its reason instead.
pub fn evaluate(
    space: &dyn SpaceUnderTest,
    linear_model: Option<&dyn SpaceUnderTest>,
    snapshot: &Arc<Snapshot>,
    material: &Dataset,
    depth: Depth,
    codec: &SpectralCodec,
    (progress, render): (&mut dyn FnMut(&str), &mut RenderWay<'_>),
    stop: &StopFlag,
) -> Result<EvalReport, EvalError> {
    progress("training the judge");
    let evaluator = Evaluator::train(&material.lessons(), &material.held_out)?;
    progress("judging the model");
    let genres = snapshot.meta.genres.len();
    let model = model_figures(space, &evaluator, material, genres, codec, stop)?;
    let linear_model = match linear_model {
        Some(linear_model) => {
            progress("judging the linear model");
            Some(model_figures(linear_model, &evaluator, material, genres, codec, stop)?)
        }
        None => None,
    };
    progress("judging the map");
    let map = map::map(snapshot, stop);
    progress("timing the decoder");
    let decode = decode_time::decode_time(space, &material.sources)?;
    let strength = match depth {
        Depth::Quick | Depth::Ways => None,
        Depth::Full => {
            progress("judging every strength");
            Some(strength::strength_curves(space, snapshot, material, codec, stop)?)
        }
    };
    let ways = match depth {
        Depth::Quick => None,
        Depth::Ways | Depth::Full => {
            progress("judging relatives and minutes of Endless");
            Some(strength::way_figures(snapshot, material, render, stop)?)
        }
    };
    Ok(EvalReport {
        strength,
        ways,
        evaluator: evaluator.figures,
        model,
        map,
        decode,
        linear_model,
    })
}

/// Reconstruction, latent and control figures of one space.
fn model_figures(
    space: &dyn SpaceUnderTest,
    evaluator: &Evaluator,
    material: &Dataset,
    genres: usize,
    codec: &SpectralCodec,
    stop: &StopFlag,
) -> Result<ModelFigures, EvalError> {
    let chunks = &material.sources;
    let encoded = space.encode(&chunks.iter().collect::<Vec<_>>())?;
    if encoded.len() != chunks.len() {
        return Err(EvalError::Space(format!(
            "{} chunks were encoded to {} latents",
            chunks.len(),
            encoded.len()
        )));
    }
    let own: Vec<SoundAsked<'_>> = encoded
        .iter()
        .zip(chunks)
        .map(|(e, chunk)| SoundAsked::plain(&e.latent, &chunk.labels))
        .collect();
    let analyse = |samples: &[f32]| codec.analyse(samples);
    let decoded = decode_levels(space, &own, &analyse)?;
    let (few, few_encoded) = one_per_clip(chunks, &encoded, CONTROL_CHUNKS);
    let control = ControlTest {
        space,
        judge: &evaluator.judge,
        real: evaluator.real,
        chunks: &few,
        encoded: &few_encoded,
        genres,
        codec,
        rendering: &Rendering::plain(space, codec, (&few, &few_encoded), RENDER_SEED, stop),
        stop,
    };
    Ok(ModelFigures {
        reconstruction: match space.has_no_levels() {
            Some(reason) => ReconstructionFigures::unknown(reason),
            None => reconstruction::reconstruction(chunks, &decoded),
        },
        latent: latent::latent(space, chunks, &encoded, &decoded, &analyse)?,
        control: control.run()?,
    })
}

/// At most `count` chunks, as many clips as possible, evenly spread.
fn one_per_clip(chunks: &[RealChunk], encoded: &[Encoded], count: usize) -> (Vec<RealChunk>, Vec<Encoded>) {
    let firsts: Vec<usize> = (0..chunks.len())
        .filter(|i| *i == 0 || chunks[i - 1].clip != chunks[*i].clip)
        .collect();
    let pool: Vec<usize> = if firsts.len() >= count.min(chunks.len()) {
        firsts
    } else {
        (0..chunks.len()).collect()
    };
    let count = count.min(pool.len());
    let chosen = (0..count).map(|i| pool[i * pool.len() / count]);
    chosen.map(|i| (chunks[i].clone(), encoded[i].clone())).unzip()
}
