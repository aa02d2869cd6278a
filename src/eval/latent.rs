//! Whether the latent is alive (active dimensions, KL) and what it does (map effect, click effect).

use super::EvalError;
use super::metric::Metric;
use super::report::LatentFigures;
use super::space_under_test::{Encoded, RealChunk, SoundAsked, SpaceUnderTest, decode_levels};
use super::stats::{bootstrap, mean, quantile};
use crate::values::{Frames, Latent};

/// A dimension is alive when its mean moves AND it costs something: either alone lies.
const ACTIVE_VARIANCE: f32 = 0.01;
const ACTIVE_KL_NATS: f32 = 0.1;

/// Figures over `chunks`, their posteriors and their decodes under their own labels.
pub(super) fn latent(
    space: &dyn SpaceUnderTest,
    chunks: &[RealChunk],
    encoded: &[Encoded],
    decoded: &[Frames],
    analyse: &dyn Fn(&[f32]) -> Frames,
) -> Result<LatentFigures, EvalError> {
    let kl = |part: fn(&Encoded) -> &[f32]| {
        let items: Vec<(u32, f32)> = chunks
            .iter()
            .zip(encoded)
            .map(|(chunk, e)| (chunk.clip, part(e).iter().sum()))
            .collect();
        Metric::with_interval(
            mean(&items.iter().map(|item| item.1).collect::<Vec<_>>()),
            bootstrap(&items, mean),
        )
    };
    let [map_effect, click_effect] = effects(space, chunks, encoded, decoded, analyse)?;
    Ok(LatentFigures {
        active_fraction_global: active(encoded, |e| vec![&e.latent.global], |e| e.global_kl_nats.clone()),
        active_fraction_local: active(
            encoded,
            |e| e.latent.local.rows().collect(),
            |e| {
                e.local_kl_nats
                    .iter()
                    .map(|kl| kl / e.latent.local.len().max(1) as f32)
                    .collect()
            },
        ),
        kl_global_nats: kl(|e| &e.global_kl_nats),
        kl_local_nats: kl(|e| &e.local_kl_nats),
        map_effect,
        click_effect,
    })
}

/// Share of dimensions that are alive, from the rows of means and the mean KL per row.
fn active(
    encoded: &[Encoded],
    means: impl Fn(&Encoded) -> Vec<&[f32]>,
    kl_nats: impl Fn(&Encoded) -> Vec<f32>,
) -> Metric {
    let rows: Vec<&[f32]> = encoded.iter().flat_map(means).collect();
    let kl: Vec<Vec<f32>> = encoded.iter().map(kl_nats).collect();
    let dims = rows.first().map_or(0, |row| row.len());
    if dims == 0 {
        return Metric::unknown("the space has no dimension of this kind");
    }
    let alive = |dim: usize| {
        let values: Vec<f32> = rows.iter().map(|row| row[dim]).collect();
        let centre = mean(&values);
        let variance = mean(&values.iter().map(|v| (v - centre).powi(2)).collect::<Vec<_>>());
        let cost = mean(
            &kl.iter()
                .map(|row| row.get(dim).copied().unwrap_or(0.0))
                .collect::<Vec<_>>(),
        );
        variance > ACTIVE_VARIANCE && cost > ACTIVE_KL_NATS
    };
    Metric::exact((0..dims).filter(|dim| alive(*dim)).count() as f64 / dims as f64)
}

/// Map effect and click effect over pairs of chunks of one genre but different clips (any genre where none is known).
fn effects(
    space: &dyn SpaceUnderTest,
    chunks: &[RealChunk],
    encoded: &[Encoded],
    decoded: &[Frames],
    analyse: &dyn Fn(&[f32]) -> Frames,
) -> Result<[Metric; 2], EvalError> {
    let pairs: Vec<(usize, usize)> = (0..chunks.len())
        .filter_map(|a| Some((a, partner(chunks, a)?)))
        .collect();
    if pairs.is_empty() {
        let reason = "no two held-out clips share a genre";
        return Ok([Metric::unknown(reason), Metric::unknown(reason)]);
    }
    let mixed: Vec<Latent> = pairs
        .iter()
        .map(|(a, b)| Latent {
            global: encoded[*b].latent.global.clone(),
            local: encoded[*a].latent.local.clone(),
        })
        .collect();
    let only_g: Vec<SoundAsked<'_>> = mixed
        .iter()
        .zip(&pairs)
        .map(|(latent, (a, _))| SoundAsked::plain(latent, &chunks[*a].labels))
        .collect();
    let both: Vec<SoundAsked<'_>> = pairs
        .iter()
        .map(|(a, b)| SoundAsked::plain(&encoded[*b].latent, &chunks[*a].labels))
        .collect();
    let std = space.band_std();
    let real = |(a, b): (usize, usize)| mean_spectrum_distance(&chunks[a].frames, &chunks[b].frames, std);
    let effect = |items: &[SoundAsked<'_>]| -> Result<Metric, EvalError> {
        let changed = decode_levels(space, items, analyse)?;
        let moved: Vec<(u32, (f32, f32))> = pairs
            .iter()
            .zip(&changed)
            .map(|(pair, changed)| {
                (
                    chunks[pair.0].clip,
                    (mean_spectrum_distance(&decoded[pair.0], changed, std), real(*pair)),
                )
            })
            .collect();
        let ratio = |items: &[(f32, f32)]| {
            let median = |side: fn(&(f32, f32)) -> f32| quantile(&items.iter().map(side).collect::<Vec<_>>(), 0.5);
            median(|item| item.0) / median(|item| item.1)
        };
        let all: Vec<(f32, f32)> = moved.iter().map(|item| item.1).collect();
        Ok(Metric::with_interval(ratio(&all), bootstrap(&moved, ratio)))
    };
    Ok([effect(&only_g)?, effect(&both)?])
}

/// The next chunk, going round, of another clip and the same genre.
fn partner(chunks: &[RealChunk], a: usize) -> Option<usize> {
    let genre = chunks[a].labels.leading_genre();
    (1..chunks.len())
        .map(|step| (a + step) % chunks.len())
        .find(|b| chunks[*b].clip != chunks[a].clip && chunks[*b].labels.leading_genre() == genre)
}

/// Mean over bands of the difference of time-mean levels, in standard deviations.
fn mean_spectrum_distance(a: &Frames, b: &Frames, std: &[f32]) -> f32 {
    let (a, b) = (a.time_mean(), b.time_mean());
    mean(
        &a.iter()
            .zip(&b)
            .zip(std)
            .map(|((a, b), std)| (a - b).abs() / std)
            .collect::<Vec<_>>(),
    )
}

/// Mean over frames and bands of the level difference, in standard deviations.
pub(super) fn band_distance(a: &Frames, b: &Frames, std: &[f32]) -> f32 {
    let frame = |(a, b): (&[f32], &[f32])| -> f32 {
        a.iter()
            .zip(b)
            .zip(std)
            .map(|((a, b), std)| (a - b).abs() / std)
            .sum::<f32>()
            / std.len().max(1) as f32
    };
    mean(&a.rows().zip(b.rows()).map(frame).collect::<Vec<_>>())
}
