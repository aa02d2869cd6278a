//! How long one chunk takes to decode, alone, as a gesture asks for it.

use super::EvalError;
use super::report::DecodeFigures;
use super::space_under_test::{RealChunk, SoundAsked, SpaceUnderTest};
use super::stats::quantile;
use std::time::Instant;

/// Decodes before the clock counts (kernels are tuned and caches filled), and decodes that count.
const WARM_UP: usize = 3;
const TIMED: usize = 40;

pub(super) fn decode_time(space: &dyn SpaceUnderTest, chunks: &[RealChunk]) -> Result<DecodeFigures, EvalError> {
    let encoded = space.encode(&chunks.iter().take(4).collect::<Vec<_>>())?;
    let mut millis = Vec::with_capacity(TIMED);
    for (i, (chunk, item)) in chunks.iter().zip(&encoded).cycle().take(WARM_UP + TIMED).enumerate() {
        let began = Instant::now();
        space.decode(&[SoundAsked::plain(&item.latent, &chunk.labels)])?;
        if i >= WARM_UP {
            millis.push(1e3 * began.elapsed().as_secs_f32());
        }
    }
    let p50_ms = f64::from(quantile(&millis, 0.5));
    let chunk_secs = chunks.first().map_or(0.0, |chunk| {
        chunk.samples.len() as f64 / f64::from(super::features::SAMPLE_RATE_HZ)
    });
    Ok(DecodeFigures {
        p50_ms,
        p95_ms: f64::from(quantile(&millis, 0.95)),
        times_real_time: 1e3 * chunk_secs / p50_ms,
        device: space.device(),
    })
}
