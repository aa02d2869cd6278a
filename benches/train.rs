//! One training step of preset s against the same network on PyTorch, turn by turn on the same cores. PyTorch is given its frames,
//! so the step that is compared draws chunks as they are; what it costs to vary them, as a training does, is told beside it.
//!
//! `PYTHON=venv/bin/python cargo bench --bench train` with a Python that has torch.

mod peers;

use burn::tensor::Device;
use peers::{Peer, median};
use songspace::model::{CodecKind, ModelConfig, Preset, Weights};
use songspace::train::{TrainOptions, Trainer, TrainingSet};

const GENRES: usize = 12;
const WARM_UP: usize = 3;
const TURNS: usize = 25;

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The same.
const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;

fn main() {
    // SAFETY: the function stores a number in a table of its own.
    #[allow(unsafe_code, reason = "the allocator's options are set by a function of C")]
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, 10_000);
    }
    let options = TrainOptions {
        minutes: None,
        steps: Some(1_000_000),
        vary: false,
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
    let trainer = |vary: bool| {
        let (set, options) = (
            TrainingSet::of_noise(config.clone()),
            TrainOptions {
                vary,
                ..options.clone()
            },
        );
        Trainer::new(set, options, &Weights::default(), &Device::flex()).expect("there is a clip to train on")
    };
    let (mut as_is, mut varied) = (trainer(false), trainer(true));
    let secs = |trainer: &mut Trainer| {
        let begun = std::time::Instant::now();
        trainer.step().expect("the device works");
        begun.elapsed().as_secs_f64()
    };
    let mut turn = || [peer.secs("step"), secs(&mut as_is), secs(&mut varied)];
    for _ in 0..WARM_UP {
        turn();
    }
    let turns: Vec<[f64; 3]> = (0..TURNS).map(|_| turn()).collect();
    let of = |pick: fn(&[f64; 3]) -> f64| median(turns.iter().map(pick).collect());
    println!(
        "training step, preset s: ours {:.0} ms, PyTorch {:.0} ms, speed {:.2} of PyTorch's; with varied chunks {:.0} ms",
        1e3 * of(|turn| turn[1]),
        1e3 * of(|turn| turn[0]),
        of(|turn| turn[0] / turn[1]),
        1e3 * of(|turn| turn[2]),
    );
}
