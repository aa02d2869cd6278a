//! EnCodec against the reference on PyTorch: the same full-size random model, turn by turn on the same cores.
//!
//! `PYTHON=venv/bin/python cargo bench --bench encodec` with a Python that has torch, transformers and safetensors.

use burn::tensor::Device;
use songspace::codec::encodec::EncodecCodec;
use songspace::space::Frames;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::Instant;

const AUDIO_SECS: usize = 10;
const TURNS: usize = 7;

/// The reference in a process of its own.
struct Peer {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Peer {
    fn start(folder: &std::path::Path) -> Option<Self> {
        let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/peers/encodec_torch.py");
        let mut process = Command::new(python)
            .arg(script)
            .arg(folder)
            .arg(AUDIO_SECS.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .ok()?;
        let input = process.stdin.take()?;
        let output = BufReader::new(process.stdout.take()?);
        let mut peer = Self { process, input, output };
        let ready = peer.line()?;
        println!("{}", ready.strip_prefix("ready, ")?.trim());
        Some(peer)
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        (self.output.read_line(&mut line).ok()? > 0).then_some(line)
    }

    fn secs(&mut self, job: &str) -> f64 {
        writeln!(self.input, "{job}").expect("the peer runs");
        let answer = self.line().expect("the peer answers");
        answer.trim().parse().expect("the peer answers with seconds")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        let ended = self.process.kill().and_then(|()| self.process.wait());
        if let Err(problem) = ended {
            eprintln!("the peer did not end: {problem}");
        }
    }
}

fn secs(job: impl FnOnce()) -> f64 {
    let start = Instant::now();
    job();
    start.elapsed().as_secs_f64()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
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

fn main() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let Some(mut peer) = Peer::start(folder.path()) else {
        println!("not run: set PYTHON to a Python with torch, transformers and safetensors");
        return;
    };
    let codec = EncodecCodec::load(folder.path(), &Device::flex()).expect("the peer wrote a model");
    let mut seed = 1u32;
    let noise = || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        0.3 * (seed as f32 / u32::MAX as f32 - 0.5)
    };
    let samples: Vec<f32> = std::iter::repeat_with(noise).take(AUDIO_SECS * 24_000).collect();
    let latents: Frames = codec.encode(&samples);
    compare("encode", &mut peer, || {
        std::hint::black_box(codec.encode(&samples));
    });
    compare("decode", &mut peer, || {
        std::hint::black_box(codec.decode(&latents));
    });
}
