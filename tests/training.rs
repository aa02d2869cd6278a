//! The trainer on real songs: the closed form is a floor worth having, a few chunks can be learned by heart, and a
//! training continues the same curve after it was cut off.

use burn::module::Module;
use burn::tensor::Device;
use songspace::codec::{BandStats, SpectralCodec, StatsFit};
use songspace::corpus::{ImportOptions, Silent, decode_mono, import};
use songspace::dsp::BandAxis;
use songspace::model::{CodecKind, ModelConfig, Network, Preset, Stage, Weights};
use songspace::space::Frames;
use songspace::train::{
    DB_PER_NAT, FrameSource, TrainOptions, Trainer, TrainingClip, TrainingSet, ValidationSet, closed_form,
};
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Whole clips in memory.
struct InMemory(Vec<Frames>);

impl FrameSource for InMemory {
    fn frame_count(&self, clip: usize) -> usize {
        self.0[clip].len()
    }

    fn read(&self, clip: usize, start: usize, count: usize) -> std::io::Result<Frames> {
        Ok(self.0[clip].slice(start, start + count))
    }
}

/// The fixture songs, analysed once for all tests.
fn songs() -> &'static (Vec<Frames>, Vec<TrainingClip>, usize) {
    static SONGS: OnceLock<(Vec<Frames>, Vec<TrainingClip>, usize)> = OnceLock::new();
    SONGS.get_or_init(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/fixtures/songs");
        let corpus = import(&folder, &ImportOptions::default(), &Silent).expect("the fixtures import");
        let codec = SpectralCodec::new(BandAxis::standard());
        let frames = corpus
            .clips
            .iter()
            .map(|clip| codec.analyse(&decode_mono(&clip.path.real, 44_100).expect("the fixtures decode")))
            .collect();
        let clips = corpus
            .clips
            .iter()
            .map(|clip| TrainingClip {
                labels: clip.condition(),
                emotion_track: None,
                held_out: false,
            })
            .collect();
        (frames, clips, corpus.genres.len())
    })
}

/// A network small enough for a test on chunks of one second.
fn small_config(genres: usize) -> ModelConfig {
    let mut config = ModelConfig::new(CodecKind::Spectral, Preset::S, genres, 1.0);
    let stage = |steps_per_patch, width, blocks| Stage {
        steps_per_patch,
        width,
        blocks,
    };
    config.encoder = vec![stage(4, 64, 1), stage(1, 128, 1)];
    config.decoder = vec![stage(1, 128, 1), stage(4, 96, 1)];
    config
}

fn stats_of(frames: &[Frames]) -> BandStats {
    let mut fit = StatsFit::new(frames[0].width());
    frames.iter().for_each(|clip| fit.add(clip));
    fit.finish().expect("there are frames")
}

fn training_set(held_out: usize) -> TrainingSet {
    let (frames, clips, genres) = songs();
    let mut clips = clips.clone();
    clips
        .iter_mut()
        .rev()
        .take(held_out)
        .for_each(|clip| clip.held_out = true);
    TrainingSet {
        config: small_config(*genres),
        stats: stats_of(frames),
        clips,
        source: Arc::new(InMemory(frames.clone())),
    }
}

fn closed_form_network(set: &TrainingSet, start: &Weights) -> Network {
    let device = Device::flex();
    let mut weights = Weights::of_module(&Network::new(&set.config, &device));
    weights.0.extend(start.0.clone());
    Network::from_weights(&set.config, &weights, &device).expect("the closed form fits the network")
}

/// Log-spectral distance of held-out chunks against their own time mean: what knowing nothing of time costs.
fn mean_frame_lsd_db(set: &TrainingSet) -> f32 {
    let (mut sum, mut frames) = (0.0, 0);
    for clip in set.clips_where(true) {
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

fn options(steps: u64) -> TrainOptions {
    TrainOptions {
        minutes: None,
        steps: Some(steps),
        batch: 8,
        ..TrainOptions::default()
    }
}

#[test]
fn the_closed_form_rebuilds_songs_it_never_saw() {
    let set = training_set(2);
    let start = closed_form::fit(&set, 1).unwrap();
    let network = closed_form_network(&set, &start);
    let validation = ValidationSet::new(&set, &Device::flex()).unwrap();
    let figures = validation.examine(&network, 0.0);
    let baseline = mean_frame_lsd_db(&set);
    println!(
        "closed form {:.2} dB, mean frame {baseline:.2} dB, {figures:?}",
        figures.lsd_db
    );
    assert!(
        figures.lsd_db < baseline - 1.5,
        "{} dB against {baseline} dB for the mean frame",
        figures.lsd_db
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
    let start = closed_form::fit(&set, 1).unwrap();
    let closed = closed_form_network(&set, &start);
    let trainer = Trainer::new(set.clone(), options(1), &start, &Device::flex()).unwrap();
    let validation = ValidationSet::new(&set, &Device::flex()).unwrap();
    let (a, b) = (validation.lsd_db(&closed), validation.lsd_db(trainer.average()));
    assert!((a - b).abs() < 1e-3, "closed form {a} dB, untrained network {b} dB");
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
    let start = closed_form::fit(&set, 1).unwrap();
    let mut by_heart = options(250);
    by_heart.swap = false;
    by_heart.adversary = false;
    by_heart.kl_local_nats = 20_000.0;
    by_heart.kl_global_nats = 2_000.0;
    let mut trainer = Trainer::new(set.clone(), by_heart, &start, &Device::flex()).unwrap();
    let validation = ValidationSet::new(&set, &Device::flex()).unwrap();
    let before = validation.lsd_db(trainer.average());
    while !trainer.is_done() {
        trainer.step().unwrap();
    }
    let after = validation.lsd_db(trainer.average());
    println!(
        "eight chunks: {before:.2} dB by the closed form, {after:.2} dB after {} steps",
        trainer.steps_done()
    );
    assert!(
        after < 2.5,
        "eight chunks must be learnable: {after} dB after {before} dB"
    );
    assert!(after < before);
}

#[test]
fn a_training_cut_off_continues_the_same_curve() {
    let set = training_set(2);
    let start = closed_form::fit(&set, 1).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.safetensors");
    let device = Device::flex();
    let mut whole = Trainer::new(set.clone(), options(6), &start, &device).unwrap();
    let mut curve = Vec::new();
    for step in 0..6 {
        if step == 3 {
            whole.save_checkpoint(&path).unwrap();
        }
        curve.push(whole.step().unwrap());
    }
    let mut resumed = Trainer::resume(&path, set, &options(6), &device).unwrap();
    assert_eq!(resumed.steps_done(), 3);
    for expected in &curve[3..] {
        let report = resumed.step().unwrap();
        assert_eq!(report.step, expected.step);
        assert!(
            (report.loss - expected.loss).abs() < 1e-4 && (report.kl_local - expected.kl_local).abs() < 0.5,
            "step {}: loss {} where the uncut training had {}",
            report.step,
            report.loss,
            expected.loss
        );
    }
}

#[test]
fn a_checkpoint_of_another_network_or_no_checkpoint_is_refused_with_its_path() {
    let set = training_set(2);
    let start = closed_form::fit(&set, 1).unwrap();
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
