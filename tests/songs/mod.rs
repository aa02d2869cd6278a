//! The fixture songs as a training set small enough for tests.

use burn::tensor::Device;
use songspace::codec::{BandStats, SpectralCodec, StatsFit, StdFloor};
use songspace::corpus::{ImportOptions, Silent, decode_mono, import};
use songspace::dsp::BandAxis;
use songspace::model::{CodecKind, ModelConfig, Network, NetworkStage, Preset, Weights};
use songspace::train::{FrameSource, TrainOptions, TrainingClip, TrainingSet};
use songspace::values::Frames;
use std::path::Path;
use std::sync::{Arc, OnceLock};

/// Whole clips in memory.
pub struct InMemory(pub Vec<Frames>);

impl FrameSource for InMemory {
    fn frame_count(&self, clip: usize) -> usize {
        self.0[clip].len()
    }

    fn read(&self, clip: usize, start: usize, count: usize) -> std::io::Result<Frames> {
        Ok(self.0[clip].slice(start, start + count))
    }
}

/// The fixture songs, analysed once for all tests.
pub fn songs() -> &'static (Vec<Frames>, Vec<TrainingClip>, usize) {
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
pub fn small_config(genres: usize) -> ModelConfig {
    let mut config = ModelConfig::new(CodecKind::Spectral, Preset::S, genres, 1.0);
    let stage = |steps_per_patch, width, blocks| NetworkStage {
        steps_per_patch,
        width,
        blocks,
    };
    config.encoder = vec![stage(4, 64, 1), stage(1, 128, 1)];
    config.decoder = vec![stage(1, 128, 1), stage(4, 96, 1)];
    config
}

pub fn stats_of(frames: &[Frames]) -> BandStats {
    let mut fit = StatsFit::new(frames[0].width());
    for clip in frames {
        fit.add(clip);
    }
    fit.finish(StdFloor::LEVELS).expect("there are frames")
}

pub fn training_set(held_out: usize) -> TrainingSet {
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

pub fn linear_network(set: &TrainingSet, start: &Weights) -> Network {
    let device = Device::flex();
    let mut weights = Weights::of_module(&Network::new(&set.config, &device));
    weights.0.extend(start.0.clone());
    Network::from_weights(&set.config, &weights, &device).expect("the linear model fits the network")
}

pub fn options(steps: u64) -> TrainOptions {
    TrainOptions {
        minutes: None,
        steps: Some(steps),
        batch: 8,
        ..TrainOptions::default()
    }
}
