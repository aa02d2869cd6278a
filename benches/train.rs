//! One training step of preset s against the same network on PyTorch, turn by turn on the same cores.
//!
//! `PYTHON=venv/bin/python cargo bench --bench train` with a Python that has torch.

mod peers;

use burn::tensor::Device;
use peers::{Peer, median};
use songspace::codec::BandStats;
use songspace::model::{CodecKind, ModelConfig, Preset, Weights};
use songspace::train::{FrameSource, TrainOptions, Trainer, TrainingClip, TrainingSet};
use songspace::values::{Condition, Frames};
use std::sync::Arc;

const GENRES: usize = 12;
const CLIP_FRAMES: usize = 2_048;
const WARM_UP: usize = 3;
const TURNS: usize = 15;

/// Noise instead of music: a step costs the same.
struct Noise(Frames);

impl FrameSource for Noise {
    fn frame_count(&self, _: usize) -> usize {
        CLIP_FRAMES
    }

    fn read(&self, _: usize, start: usize, count: usize) -> std::io::Result<Frames> {
        Ok(self.0.slice(start, start + count))
    }
}

fn noise_set(config: ModelConfig) -> TrainingSet {
    let mut seed = 1u32;
    let noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        4.0 * (seed as f32 / u32::MAX as f32 - 0.5)
    };
    let values = std::iter::repeat_with(noise).take(CLIP_FRAMES * config.bands).collect();
    let labels = Condition {
        valence: Some(0.3),
        arousal: Some(-0.2),
        ..Condition::unknown(GENRES)
    };
    let clip = TrainingClip {
        labels,
        emotion_track: None,
        held_out: false,
    };
    TrainingSet {
        stats: BandStats {
            mean: vec![0.0; config.bands],
            std: vec![1.0; config.bands],
        },
        clips: vec![clip; 8],
        source: Arc::new(Noise(Frames::from_vec(config.bands, values))),
        config,
    }
}

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let options = TrainOptions {
        minutes: None,
        steps: Some(1_000_000),
        swap: false,
        adversary: false,
        ..TrainOptions::default()
    };
    let config = ModelConfig {
        local_dims: options.local_dims,
        global_dims: options.global_dims,
        ..ModelConfig::new(CodecKind::Spectral, Preset::S, GENRES, 2.972)
    };
    let sizes = serde_json::to_string(&config).expect("sizes are plain numbers");
    let arguments = [sizes, options.batch.to_string()];
    let Some(mut peer) = Peer::start("train_torch.py", &arguments) else {
        println!("not run: set PYTHON to a Python with torch");
        return;
    };
    let mut trainer = Trainer::new(noise_set(config), options, &Weights::default(), &Device::flex())
        .expect("there is a clip to train on");
    let mut ours = || {
        let begun = std::time::Instant::now();
        trainer.step().expect("the device works");
        begun.elapsed().as_secs_f64()
    };
    for _ in 0..WARM_UP {
        ours();
        peer.secs("step");
    }
    let turns: Vec<(f64, f64)> = (0..TURNS).map(|_| (peer.secs("step"), ours())).collect();
    let of = |pick: fn(&(f64, f64)) -> f64| median(turns.iter().map(pick).collect());
    println!(
        "training step, preset s: ours {:.0} ms, PyTorch {:.0} ms, speed {:.2} of PyTorch's",
        1e3 * of(|turn| turn.1),
        1e3 * of(|turn| turn.0),
        of(|turn| turn.0 / turn.1)
    );
}
