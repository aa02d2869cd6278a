//! The GPU's code on an adapter that computes on the CPU: self-test, decodes, training steps, checkpoints, decodes between
//! steps, and an adapter that is lost.
//!
//! Without libtest: the parts share the kernels of one process, which take longer to compile than all the rest, and the
//! environment must be set before Burn reads it, so the process starts itself once more. A missing adapter is a failure.

#[allow(dead_code, reason = "shared with tests/training.rs, which uses all of it")]
mod songs;

use burn::tensor::Device;
use songs::{options, training_set};
use songspace::decode::SpaceDecoder;
use songspace::device::{DeviceChoice, OpenDevice, open_untested, self_test};
use songspace::jobs::{JobEvent, JobFolders};
use songspace::space::Snapshot;
use songspace::sync::Waker;
use songspace::train::{TrainOptions, Trainer, linear_model};
use songspace::values::{ChunkId, DecodeRequest, LoopContext};
use songspace::workers::{Compute, DecodeWorker, JobOutcome, TrainingWorker, WorkerEvent, WorkerRequest};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// As in the program.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Set in the second process.
const READY: &str = "SONGSPACE_GPU_TEST";
/// A software adapter beside other tests takes its time.
const PATIENCE: Duration = Duration::from_secs(200);
/// Levels may differ by this share of their range, losses by this share of themselves.
const TOLERANCE: f32 = 1e-3;

/// One thing that must hold on an adapter; it panics where it does not.
type Part = fn(&OpenDevice);

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    if std::env::var_os(READY).is_none() {
        let program = std::env::current_exe().expect("this program has a path");
        let status = Command::new(program)
            .env(READY, "1")
            // As the program sets it: optimiser states are restored on the CPU.
            .env("BURN_DEVICE", "flex")
            // Fewer kernels are tried; the same arithmetic is tested.
            .env("CUBECL_AUTOTUNE_LEVEL", "minimal")
            .status()
            .expect("this program starts");
        return if status.success() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    let found = open_untested(&DeviceChoice::Software);
    let Some(adapter) = found.adapters.into_iter().next() else {
        eprintln!(
            "gpu: FAILED: {}",
            found
                .fallback
                .note
                .unwrap_or_else(|| "install mesa-vulkan-drivers".into())
        );
        return ExitCode::FAILURE;
    };
    println!("gpu: on {}", adapter.adapter().expect("it is one"));
    let parts: [(&str, Part); 5] = [
        ("it passes the self-test", passes_the_self_test),
        ("points decode as on the CPU", points_decode_as_on_the_cpu),
        (
            "five training steps cost what they cost on the CPU",
            steps_cost_the_same,
        ),
        ("a checkpoint moves to the CPU and back", a_checkpoint_moves),
        (
            "decodes are answered between steps, and a training outlives its adapter",
            a_training_answers_and_outlives_its_adapter,
        ),
    ];
    for (name, part) in parts {
        let begun = Instant::now();
        part(&adapter);
        println!("gpu: {name}: ok, {:.1} s", begun.elapsed().as_secs_f32());
    }
    ExitCode::SUCCESS
}

fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)
}

fn demo() -> Snapshot {
    Snapshot::open(&asset("demo.songspace")).expect("the demo space opens")
}

fn passes_the_self_test(adapter: &OpenDevice) {
    let report = self_test(&adapter.device).expect("the adapter computes");
    assert!(report.agrees(), "{report}");
    println!("gpu: {report}");
}

fn points_decode_as_on_the_cpu(adapter: &OpenDevice) {
    let space = demo();
    let on = |device: &Device| SpaceDecoder::new(&space, device).expect("the demo space decodes");
    let (cpu, gpu) = (on(&Device::flex()), on(&adapter.device));
    for chunk in [0, space.chunks.len() / 2, space.chunks.len() - 1] {
        let chunk = ChunkId(chunk as u32);
        let (latent, labels) = (space.latents.get(chunk), space.labels(chunk));
        let levels = |decoder: &SpaceDecoder| {
            let frames = decoder.decode_frames(&latent, &labels, 1.0, LoopContext::Circular);
            frames.expect("a chunk decodes").levels.into_vec()
        };
        let (expected, found) = (levels(&cpu), levels(&gpu));
        let (low, high) = expected.iter().fold((f32::MAX, f32::MIN), |(low, high), level| {
            (low.min(*level), high.max(*level))
        });
        for (expected, found) in expected.iter().zip(&found) {
            let difference = (expected - found).abs() / (high - low);
            assert!(
                difference < TOLERANCE,
                "{chunk:?}: {found} where the CPU has {expected}"
            );
        }
    }
}

/// Everything that draws random numbers takes part.
fn all_terms(steps: u64) -> TrainOptions {
    TrainOptions {
        batch: 3,
        swap: true,
        adversary: true,
        ..options(steps)
    }
}

fn losses(trainer: &mut Trainer, steps: usize) -> Vec<f32> {
    (0..steps)
        .map(|_| trainer.step().expect("the device works").loss)
        .collect()
}

fn assert_alike(expected: &[f32], found: &[f32]) {
    for (step, (expected, found)) in expected.iter().zip(found).enumerate() {
        let difference = (expected - found).abs() / expected.abs();
        assert!(
            difference < TOLERANCE,
            "step {step}: loss {found} where {expected} was expected"
        );
    }
}

fn steps_cost_the_same(adapter: &OpenDevice) {
    let set = training_set(2);
    let start = linear_model::fit(&set, 1, &mut || false).expect("a linear model");
    let curve = |device: &Device| {
        let mut trainer = Trainer::new(set.clone(), all_terms(8), &start, device).expect("clips to train on");
        losses(&mut trainer, 5)
    };
    assert_alike(&curve(&Device::flex()), &curve(&adapter.device));
}

fn a_checkpoint_moves(adapter: &OpenDevice) {
    let set = training_set(2);
    let start = linear_model::fit(&set, 1, &mut || false).expect("a linear model");
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("checkpoint.safetensors");
    let options = all_terms(8);
    let mut stays = Trainer::new(set.clone(), options.clone(), &start, &adapter.device).expect("clips to train on");
    losses(&mut stays, 2);
    let mut moved = Vec::new();
    stays.save_checkpoint(&path).expect("a checkpoint");
    for device in [Device::flex(), adapter.device.clone()] {
        let mut trainer = Trainer::resume(&path, set.clone(), &options, &device).expect("the checkpoint is continued");
        moved.extend(losses(&mut trainer, 1));
        trainer.save_checkpoint(&path).expect("a checkpoint");
    }
    assert_alike(&losses(&mut stays, 2), &moved);
}

/// A training on the adapter with a hand on the map, as in the window.
struct Bench {
    training: TrainingWorker,
    decoder: DecodeWorker,
    /// Generation and answering thread of every decode.
    answers: crossbeam_channel::Receiver<(u64, String)>,
    runs: PathBuf,
    space: Arc<Snapshot>,
    _folder: tempfile::TempDir,
}

impl Bench {
    fn start(adapter: &OpenDevice) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folders = JobFolders::below(folder.path());
        let (answers_tx, answers) = crossbeam_channel::unbounded();
        // However slow the adapter is.
        let compute = Compute::from(adapter.clone()).with_slowest_decode(PATIENCE);
        let decoder = DecodeWorker::start(
            compute,
            move |row| {
                let thread = std::thread::current().name().unwrap_or_default().to_owned();
                answers_tx.send((row[0].generation, thread)).expect("the test listens");
            },
            |event| println!("gpu: {event:?}"),
        );
        let space = Arc::new(demo());
        decoder.set_snapshot(Arc::clone(&space));
        let training = TrainingWorker::start_beside(&decoder, folders.clone(), Waker::silent());
        Self {
            training,
            decoder,
            answers,
            runs: folders.runs,
            space,
            _folder: folder,
        }
    }

    fn ask(&self, generation: u64) {
        let chunk = ChunkId((generation * 7_919 % self.space.chunks.len() as u64) as u32);
        self.decoder
            .request(DecodeRequest::looping(generation, self.space.part(chunk)));
    }

    /// The next event that `wanted` makes something of.
    fn wait_for<T>(&self, what: &str, mut wanted: impl FnMut(WorkerEvent) -> Option<T>) -> T {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            match self.training.poll() {
                Some(WorkerEvent::Died(message)) => panic!("the worker died: {message}"),
                Some(event) => {
                    if let Some(found) = wanted(event) {
                        return found;
                    }
                }
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        panic!("no {what} within {} s", PATIENCE.as_secs());
    }

    fn step(&self) -> u64 {
        self.wait_for("step", |event| match event {
            WorkerEvent::Job(JobEvent::Stepped(report)) => Some(report.step),
            WorkerEvent::JobEnded(outcome) => panic!("the training ended: {outcome:?}"),
            _ => None,
        })
    }
}

fn a_training_answers_and_outlives_its_adapter(adapter: &OpenDevice) {
    let bench = Bench::start(adapter);
    let begun = Instant::now();
    while !bench.decoder.compute().decodes_on_adapter(&bench.space.meta.model) {
        assert!(begun.elapsed() < PATIENCE, "the decoder's kernels are not ready");
        std::thread::sleep(Duration::from_millis(10));
    }
    let options = TrainOptions {
        minutes: Some(30.0),
        batch: 2,
        chunk_secs: 0.5,
        map_points: Some(60),
        ..TrainOptions::default()
    };
    assert!(bench.training.request(WorkerRequest::Train {
        source: asset("fixtures/songs"),
        options,
    }));
    bench.step();
    // Of three requests at once the newest is answered, whoever does it; the training does it sooner or later.
    let mut generation = 0;
    let mut by_training = false;
    let begun = Instant::now();
    while !by_training {
        assert!(begun.elapsed() < PATIENCE, "the training answered nothing");
        (0..3).for_each(|_| {
            generation += 1;
            bench.ask(generation);
        });
        loop {
            let (answered, thread) = bench
                .answers
                .recv_timeout(PATIENCE)
                .expect("the newest request is answered");
            by_training |= thread == "training";
            if answered == generation {
                break;
            }
        }
    }
    let checkpoint = |folder: &PathBuf| {
        let mut runs = std::fs::read_dir(folder).ok()?;
        let run = runs.next()?.ok()?.path();
        std::fs::read_dir(run)
            .ok()?
            .flatten()
            .find(|file| file.file_name().to_string_lossy().starts_with("checkpoint"))
    };
    let begun = Instant::now();
    let mut before = 0;
    while checkpoint(&bench.runs).is_none() {
        assert!(begun.elapsed() < PATIENCE, "no checkpoint is written");
        before = bench.step();
    }
    adapter.lose();
    let note = bench.wait_for("other device", |event| match event {
        WorkerEvent::DeviceChosen { name, note } if name.starts_with("CPU") => note,
        _ => None,
    });
    assert!(note.contains("CPU"), "{note}");
    println!("gpu: {note}");
    let after = bench.step();
    assert!(after > 1 && after + 200 > before, "step {after} follows step {before}");
    bench.ask(generation + 1);
    let begun = Instant::now();
    while bench.answers.recv_timeout(PATIENCE).expect("the CPU decodes").0 <= generation {
        assert!(begun.elapsed() < PATIENCE);
    }
    bench.training.request(WorkerRequest::Stop);
    bench.wait_for("end", |event| match event {
        WorkerEvent::JobEnded(JobOutcome::Trained { snapshot, .. }) => {
            assert!(snapshot.chunks.len() > 1);
            Some(())
        }
        WorkerEvent::JobEnded(outcome) => panic!("{outcome:?}"),
        _ => None,
    });
}
