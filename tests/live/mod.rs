//! The demo space behind a live engine as in the program: the real decoder on its thread, and a real training beside it.

#![allow(dead_code, reason = "every test binary uses another part")]

use songspace::audio::AudioEngine;
use songspace::device::{DeviceChoice, open_device};
use songspace::jobs::{JobEvent, JobFolders, RecordingShelf};
use songspace::space::Snapshot;
use songspace::sync::Waker;
use songspace::train::TrainOptions;
use songspace::values::{ChunkId, DecodeRequest};
use songspace::workers::{
    DecodeEvent, DecodeWorker, RecordingLoader, RecordingRequest, TrainingWorker, WorkerEvent, WorkerRequest,
};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

fn asset(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("assets").join(name)
}

/// The demo space.
pub fn demo_space() -> Arc<Snapshot> {
    Arc::new(Snapshot::open(&asset("demo.songspace")).expect("the demo space opens"))
}

/// Asks for points of the demo space as a hand does, and for their recordings; what is decoded goes to the engine.
pub struct Hand {
    decoder: DecodeWorker,
    recordings: RecordingLoader,
    snapshot: Arc<Snapshot>,
    /// Requests so far.
    pub requests: u64,
}

impl Hand {
    /// Starts the decoder for `engine`.
    pub fn new(engine: &AudioEngine) -> Self {
        let (snapshot, speaker, projector) = (demo_space(), engine.clone(), engine.clone());
        let recordings = RecordingLoader::start(
            Arc::<RecordingShelf>::default(),
            move |recording| projector.publish_recording(recording),
            // Most points of the demo space carry no recording.
            |_| {},
        );
        let decoder = DecodeWorker::start(
            open_device(&DeviceChoice::Cpu),
            move |row: &[_]| speaker.publish_row(row),
            |event: DecodeEvent| panic!("the decoder says {event:?}"),
        );
        decoder.set_snapshot(Arc::clone(&snapshot));
        Self {
            decoder,
            recordings,
            snapshot,
            requests: 0,
        }
    }

    /// Jumps to another place, far from the last.
    pub fn moves(&mut self) {
        self.requests += 1;
        let chunk = ChunkId((self.requests * 7_919 % self.snapshot.chunks.len() as u64) as u32);
        self.recordings.want(RecordingRequest {
            snapshot: Arc::clone(&self.snapshot),
            row: vec![chunk],
            also: Vec::new(),
            roots: Vec::new(),
        });
        let mut part = self.snapshot.part(chunk);
        // Every other one under another genre, so that there is something to filter.
        if self.requests.is_multiple_of(2) {
            part.condition.genre.rotate_right(1);
        }
        self.decoder.request(DecodeRequest::looping(self.requests, part));
    }

    /// Fifty moves a second for `secs`, never in step with the blocks.
    pub fn drags(&mut self, secs: f64) {
        let begun = Instant::now();
        while begun.elapsed().as_secs_f64() < secs {
            self.moves();
            std::thread::sleep(Duration::from_micros(17_000 + self.requests * 7_919 % 6_000));
        }
    }
}

/// A training of the fixture songs at preset s; it ends when this is dropped.
pub struct Training {
    compute: TrainingWorker,
    _folder: tempfile::TempDir,
}

impl Training {
    /// Starts it and waits for its first step.
    pub fn start() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let folders = JobFolders::below(folder.path());
        let compute = TrainingWorker::start(open_device(&DeviceChoice::Cpu), folders, Waker::silent());
        let options = TrainOptions {
            minutes: Some(60.0),
            ..TrainOptions::default()
        };
        compute.request(WorkerRequest::Train {
            source: asset("fixtures/songs"),
            options,
        });
        let training = Self {
            compute,
            _folder: folder,
        };
        let deadline = Instant::now() + Duration::from_secs(120);
        while training.latest_step().is_none() {
            assert!(Instant::now() < deadline, "the training does not begin");
            std::thread::sleep(Duration::from_millis(20));
        }
        training
    }

    /// The newest step that nobody has asked for yet.
    pub fn latest_step(&self) -> Option<u64> {
        let mut latest = None;
        while let Some(event) = self.compute.poll() {
            match event {
                WorkerEvent::Job(JobEvent::Stepped(report)) => latest = Some(report.step),
                WorkerEvent::JobEnded(outcome) => panic!("the training ended: {outcome:?}"),
                WorkerEvent::RequestFailed(sentence) | WorkerEvent::Died(sentence) => panic!("{sentence}"),
                _ => {}
            }
        }
        latest
    }
}
