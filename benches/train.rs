//! One training step of preset s against the same network on PyTorch, turn by turn on the same cores.
//!
//! `PYTHON=venv/bin/python cargo bench --bench train` with a Python that has torch.

mod peers;

use burn::tensor::Device;
use peers::{Peer, median};
use songspace::model::{CodecKind, ModelConfig, Preset, Weights};
use songspace::train::{TrainOptions, Trainer, TrainingSet};

const GENRES: usize = 12;
const WARM_UP: usize = 3;
const TURNS: usize = 15;

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
    let mut trainer = Trainer::new(
        TrainingSet::of_noise(config),
        options,
        &Weights::default(),
        &Device::flex(),
    )
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
