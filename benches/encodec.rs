//! EnCodec against the reference on PyTorch: the same full-size random model, turn by turn on the same cores.
//!
//! `PYTHON=venv/bin/python cargo bench --bench encodec` with a Python that has torch, transformers and safetensors.

mod peers;

use burn::tensor::Device;
use peers::{Peer, median};
use songspace::codec::encodec::EncodecCodec;
use songspace::dsp::WhiteNoise;
use songspace::values::Frames;
use std::time::Instant;

const AUDIO_SECS: usize = 10;
const TURNS: usize = 7;

fn secs(job: impl FnOnce()) -> f64 {
    let start = Instant::now();
    job();
    start.elapsed().as_secs_f64()
}

/// Prints both medians and the median of the turns' ratios: above one, ours is the faster.
fn compare(job: &str, peer: &mut Peer, mut ours: impl FnMut()) {
    ours();
    peer.secs(job);
    let turns: Vec<(f64, f64)> = (0..TURNS).map(|_| (peer.secs(job), secs(&mut ours))).collect();
    let of = |pick: fn(&(f64, f64)) -> f64| median(turns.iter().map(pick).collect());
    println!(
        "{job} {AUDIO_SECS} s: ours {:.0} ms, PyTorch {:.0} ms, speed {:.2} of PyTorch's",
        1e3 * of(|turn| turn.1),
        1e3 * of(|turn| turn.0),
        of(|turn| turn.0 / turn.1)
    );
}

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let arguments = [folder.path().display().to_string(), AUDIO_SECS.to_string()];
    let Some(mut peer) = Peer::start("encodec_torch.py", &arguments) else {
        println!("not run: set PYTHON to a Python with torch, transformers and safetensors");
        return;
    };
    let codec = EncodecCodec::load(folder.path(), &Device::flex()).expect("the peer wrote a model");
    let noise = WhiteNoise::new(1).map(|x| 0.3 * x);
    let samples: Vec<f32> = noise.take(AUDIO_SECS * 24_000).collect();
    let latents: Frames = codec.encode(&samples);
    compare("encode", &mut peer, || {
        std::hint::black_box(codec.encode(&samples));
    });
    compare("decode", &mut peer, || {
        std::hint::black_box(codec.decode(&latents));
    });
}
