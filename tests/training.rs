//! The trainer on real songs: the linear model is a floor worth having, a few chunks can be learned by heart, and a
//! checkpoint that does not belong is refused.

mod songs;

use burn::tensor::{Device, Tensor, TensorData};
use songs::{InMemory, linear_network, options, small_config, songs, stats_of, training_set};
use songspace::dsp::DB_PER_NAT;
use songspace::model::{Network, condition_tensor};
use songspace::train::{ChunkPlace, TrainOptions, Trainer, TrainingSet, Validation, ValidationSet, linear_model};
use songspace::values::{Condition, Frames, LoopContext};
use std::sync::Arc;

/// Log-spectral distance of all chunks against their own time mean: what knowing nothing of time costs.
fn mean_frame_lsd_db(set: &TrainingSet) -> f32 {
    let (mut sum, mut frames) = (0.0, 0);
    for clip in 0..set.clips.len() {
        for place in set.grid(clip) {
            let chunk = set.chunk(place).expect("frames are in memory");
            let mean = chunk.time_mean();
            for row in chunk.rows() {
                let squares: f32 = row
                    .iter()
                    .zip(&mean)
                    .zip(&set.stats.std)
                    .map(|((x, m), s)| ((x - m) * s).powi(2))
                    .sum();
                sum += (squares / row.len() as f32).sqrt();
                frames += 1;
            }
        }
    }
    sum / frames as f32 * DB_PER_NAT
}

#[test]
fn the_closed_form_is_a_floor_worth_having() {
    let set = training_set(0);
    let start = linear_model::fit(&set, 1, &mut || false).unwrap();
    let network = linear_network(&set, &start);
    let validation = ValidationSet::new(&set, &Device::flex()).unwrap();
    let figures = validation.examine(&network, &Validation::default());
    let baseline = mean_frame_lsd_db(&set);
    println!(
        "linear model {:.2} dB, mean frame {baseline:.2} dB, {figures:?}",
        figures.distance
    );
    assert!(
        figures.distance < baseline - 1.5,
        "{} dB against {baseline} dB for the mean frame",
        figures.distance
    );
    assert!(
        figures.map_effect > 0.5,
        "moving g must move the sound: {}",
        figures.map_effect
    );
    assert!(
        figures.active_global > 0.75 && figures.active_local > 0.75,
        "{figures:?}"
    );
}

#[test]
fn step_zero_is_the_closed_form() {
    let set = training_set(2);
    let start = linear_model::fit(&set, 1, &mut || false).unwrap();
    let closed = linear_network(&set, &start);
    let trainer = Trainer::new(set.clone(), options(1), &start, &Device::flex()).unwrap();
    let validation = ValidationSet::new(&set, &Device::flex()).unwrap();
    let (a, b) = (
        validation.examine(&closed, &Validation::default()).distance,
        validation.examine(trainer.average(), &Validation::default()).distance,
    );
    assert!((a - b).abs() < 1e-3, "linear model {a} dB, untrained network {b} dB");
}

#[test]
fn a_few_chunks_are_learned_by_heart() {
    let (frames, clips, genres) = songs();
    let mut set = training_set(0);
    let eight: Vec<Frames> = frames
        .iter()
        .take(8)
        .map(|clip| clip.slice(0, set.config.chunk_frames))
        .collect();
    set = TrainingSet {
        config: small_config(*genres),
        stats: stats_of(&eight),
        clips: clips[..eight.len()].to_vec(),
        source: Arc::new(InMemory(eight)),
    };
    let start = linear_model::fit(&set, 1, &mut || false).unwrap();
    let mut by_heart = options(400);
    by_heart.swap = false;
    by_heart.vary = false;
    by_heart.kl_local_nats = 20_000.0;
    by_heart.kl_global_nats = 2_000.0;
    let mut trainer = Trainer::new(set.clone(), by_heart, &start, &Device::flex()).unwrap();
    let validation = ValidationSet::new(&set, &Device::flex()).unwrap();
    let before = validation.examine(trainer.average(), &Validation::default()).distance;
    while !trainer.is_done() {
        trainer.step().unwrap();
    }
    let after = validation.examine(trainer.average(), &Validation::default()).distance;
    println!(
        "eight chunks: {before:.2} dB by the linear model, {after:.2} dB after {} steps",
        trainer.steps_done()
    );
    assert!(
        after < 2.5,
        "eight chunks must be learnable: {after} dB after {before} dB"
    );
    assert!(after < before);
}

/// How far latents are from those that are read, under other labels, off what they decode to.
fn latents_lost(set: &TrainingSet, network: &Network) -> f32 {
    let device = Device::flex();
    let places: Vec<ChunkPlace> = (0..set.clips.len()).map(|clip| set.grid(clip)[0]).collect();
    let labels: Vec<Condition> = places.iter().map(|place| set.labels(*place)).collect();
    let mut others = labels.clone();
    others.rotate_left(1);
    let frames = places.iter().map(|place| set.chunk(*place).expect("in memory"));
    let values: Vec<f32> = frames.flat_map(|frames| frames.as_slice().to_vec()).collect();
    let config = &set.config;
    let x = Tensor::from_data(
        TensorData::new(values, [places.len(), config.chunk_frames, config.bands]),
        &device,
    );
    let (told, asked) = (
        condition_tensor(&labels, config, &device),
        condition_tensor(&others, config, &device),
    );
    let first = network.encode(x, told);
    let (g, l) = (first.global_mean.clone(), first.local_mean.clone());
    let swapped = network.decode(g, l, asked.clone(), LoopContext::Open).mean;
    let again = network.encode(swapped, asked);
    let lost =
        (again.global_mean - first.global_mean).abs().mean() + (again.local_mean - first.local_mean).abs().mean();
    lost.into_scalar()
}

#[test]
fn the_cycle_term_keeps_latents_through_a_swap() {
    let set = training_set(2);
    let mut start = linear_model::fit(&set, 1, &mut || false).unwrap();
    // As strong as labels can be made while playing: as they are, a swap loses next to nothing.
    for part in ["base", "log_std"] {
        let labels = start.0.get_mut(&format!("linear_model.{part}.weight")).unwrap();
        for weight in &mut labels.values {
            *weight *= 3.0;
        }
    }
    let trained = |cycle| {
        let options = TrainOptions { cycle, ..options(150) };
        let mut trainer = Trainer::new(set.clone(), options, &start, &Device::flex()).unwrap();
        while !trainer.is_done() {
            trainer.step().unwrap();
        }
        latents_lost(&set, trainer.average())
    };
    let (without, with) = (trained(false), trained(true));
    println!("latents lost in a swap: {without:.3} without the cycle term, {with:.3} with it");
    assert!(with < 0.95 * without, "{with} with, {without} without");
}

#[test]
fn a_checkpoint_of_another_network_or_no_checkpoint_is_refused_with_its_path() {
    let set = training_set(2);
    let start = linear_model::fit(&set, 1, &mut || false).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.safetensors");
    Trainer::new(set.clone(), options(2), &start, &Device::flex())
        .unwrap()
        .save_checkpoint(&path)
        .unwrap();
    let mut other = set.clone();
    other.config.local_dims = 16;
    let error = Trainer::resume(&path, other, &options(2), &Device::flex())
        .err()
        .expect("another network")
        .to_string();
    assert!(
        error.contains("another corpus or network") && error.contains("checkpoint.safetensors"),
        "{error}"
    );
    let bytes = std::fs::read(&path).unwrap();
    for len in [0, 7, 100, bytes.len() / 2] {
        std::fs::write(&path, &bytes[..len]).unwrap();
        let error = Trainer::resume(&path, set.clone(), &options(2), &Device::flex())
            .err()
            .expect("a cut file")
            .to_string();
        assert!(error.contains("no checkpoint of Songspace"), "{error}");
    }
}
