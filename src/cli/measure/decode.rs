//! How long a point of a space takes to decode, on one thread where the CPU decodes, as the live decoder does.

use super::network::name_of;
use super::readings::{Readings, percentile_ms};
use crate::decode::{SpaceDecoder, with_stats};
use crate::device::OpenDevice;
use crate::model::{ModelConfig, Network, Preset, Weights};
use crate::space::Snapshot;
use crate::values::{ChunkId, LoopContext};
use burn::tensor::Device;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Reads the time of the first decode and the percentiles of the others.
pub fn measure(
    space: &Snapshot,
    preset: Preset,
    device: &OpenDevice,
    duration: Duration,
    readings: &mut Readings,
) -> anyhow::Result<()> {
    let space = with_network_of(space, preset)?;
    let decoder = SpaceDecoder::new(&space, &device.device)?;
    let pool = match device.is_gpu() {
        true => None,
        false => Some(rayon::ThreadPoolBuilder::new().num_threads(1).build()?),
    };
    let decode = |chunk: usize| {
        let chunk = ChunkId((chunk * 7_919 % space.chunks.len()) as u32);
        let (latent, labels) = (space.latents.get(chunk), space.labels(chunk));
        let begun = Instant::now();
        let work = || decoder.decode(&latent, &labels, 1.0, LoopContext::Circular);
        let sound = match &pool {
            Some(pool) => pool.install(work),
            None => work(),
        };
        sound.map(|_| begun.elapsed())
    };
    let name = |what: &str| format!("decode, preset {}: {what}", name_of(preset));
    readings.tell(&name("the first, kernels included"), decode(0)?.as_secs_f64(), "s");
    let begun = Instant::now();
    let mut times = Vec::new();
    while begun.elapsed() < duration || times.is_empty() {
        times.push(decode(times.len() + 1)?);
    }
    let median = percentile_ms(&mut times, 0.5);
    readings.tell(&name("p50"), median, "ms");
    readings.tell(&name("p95"), percentile_ms(&mut times, 0.95), "ms");
    let real_time = f64::from(space.chunk_secs()) * 1e3 / median;
    readings.tell(&name("times real time"), real_time, "x");
    Ok(())
}

/// The same space; with a fresh network of `preset` where its own is of another: sound aside, it costs the same.
fn with_network_of(space: &Snapshot, preset: Preset) -> anyhow::Result<Snapshot> {
    let own = &space.meta.model;
    let mut space = space.clone();
    if own.preset == preset {
        return Ok(space);
    }
    let named = ModelConfig::new(own.codec, preset, own.genres, own.chunk_secs());
    let config = ModelConfig {
        preset,
        encoder: named.encoder,
        decoder: named.decoder,
        ..own.clone()
    };
    let cpu = Device::flex();
    let stats = SpaceDecoder::new(&space, &cpu)?.stats().clone();
    let fresh = Weights::of_module(&Network::new(&config, &cpu));
    space.weights = Arc::new(with_stats(fresh, &stats));
    space.meta.model = config;
    space.hash.push_str("-resized");
    Ok(space)
}
