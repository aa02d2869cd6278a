//! From a request to its first sample, by the live engine on its silent back-end, alone and beside a training.

use super::readings::Readings;
use crate::audio::{AudioEngine, AudioOptions};
use crate::cli::terminal::tell;
use crate::device::OpenDevice;
use crate::jobs::{JobEvent, JobFolders, RecordingShelf};
use crate::space::Snapshot;
use crate::sync::Waker;
use crate::train::TrainOptions;
use crate::values::{ChunkId, DecodeRequest, LoudnessMatch};
use crate::workers::{
    DecodeEvent, DecodeWorker, RecordingLoader, RecordingRequest, TrainingWorker, WorkerEvent, WorkerRequest,
};
use anyhow::bail;
use crossbeam_channel::Receiver;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// About fifty requests a second, never in step with the blocks.
const BETWEEN_REQUESTS: Duration = Duration::from_micros(17_000);
/// The decoder's kernels are made in this time or the reading is given up.
const PATIENCE: Duration = Duration::from_secs(120);

/// Reads it with nothing else going on.
pub fn alone(space: &Snapshot, device: &OpenDevice, duration: Duration, readings: &mut Readings) {
    Hand::start(space, device).drag("alone", duration, readings);
}

/// Reads it while a training of preset s on `songs` runs on the same device.
pub fn beside_training(
    space: &Snapshot,
    songs: PathBuf,
    device: &OpenDevice,
    duration: Duration,
    readings: &mut Readings,
) -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let hand = Hand::start(space, device);
    let training = TrainingWorker::start_beside(&hand.decoder, JobFolders::below(folder.path()), Waker::silent());
    let options = TrainOptions {
        minutes: Some(60.0),
        ..TrainOptions::default()
    };
    training.request(WorkerRequest::Train { source: songs, options });
    let begun = Instant::now();
    while steps_since(&training)? == 0 {
        if begun.elapsed() > PATIENCE {
            bail!("the training did not begin within {} s", PATIENCE.as_secs());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let begun = Instant::now();
    hand.drag("beside a training", duration, readings);
    let steps = steps_since(&training)? as f64 / begun.elapsed().as_secs_f64();
    readings.tell("beside a training: training steps a second meanwhile", steps, "/s");
    Ok(())
}

/// Steps that the training has reported since the last look.
fn steps_since(training: &TrainingWorker) -> anyhow::Result<u64> {
    let mut steps = 0;
    while let Some(event) = training.poll() {
        match event {
            WorkerEvent::Job(JobEvent::Stepped(_)) => steps += 1,
            WorkerEvent::JobEnded(outcome) => bail!("the training ended: {outcome:?}"),
            WorkerEvent::RequestFailed(sentence) | WorkerEvent::Died(sentence) => bail!(sentence),
            _ => {}
        }
    }
    Ok(steps)
}

/// Asks for one point after the other, as a hand on the map does.
struct Hand {
    engine: AudioEngine,
    decoder: DecodeWorker,
    recordings: RecordingLoader,
    space: Arc<Snapshot>,
    decoded: Receiver<()>,
}

impl Hand {
    fn start(space: &Snapshot, device: &OpenDevice) -> Self {
        let engine = AudioEngine::start(AudioOptions {
            silent: true,
            ..AudioOptions::default()
        });
        let speaker = engine.clone();
        let (decoded_tx, decoded) = crossbeam_channel::bounded(1);
        let decoder = DecodeWorker::start(
            device.clone(),
            move |row| {
                speaker.publish_row(row);
                // Only the first is waited for.
                let _ = decoded_tx.try_send(());
            },
            |event: DecodeEvent| tell(format_args!("  {event:?}")),
        );
        let space = Arc::new(space.clone());
        decoder.set_snapshot(Arc::clone(&space));
        let projector = engine.clone();
        let recordings = RecordingLoader::start(
            Arc::<RecordingShelf>::default(),
            move |recording| projector.publish_recording(recording),
            // A point without a recording is measured as the model sounds.
            |_| {},
        );
        Self {
            engine,
            decoder,
            recordings,
            space,
            decoded,
        }
    }

    fn ask(&self, generation: u64) {
        let chunk = ChunkId((generation * 7_919 % self.space.chunks.len() as u64) as u32);
        self.recordings.want(RecordingRequest {
            snapshot: Arc::clone(&self.space),
            row: vec![chunk],
            also: Vec::new(),
            roots: vec![PathBuf::from(&self.space.meta.corpus_root)],
        });
        let mut part = self.space.part(chunk);
        part.loudness = Some(LoudnessMatch::new(true, 0.0, 1.0));
        // Every other one under another genre, so that there is something to filter.
        if generation.is_multiple_of(2) {
            part.condition.genre.rotate_right(1);
        }
        self.decoder.request(DecodeRequest::looping(generation, part));
    }

    fn drag(&self, when: &str, duration: Duration, readings: &mut Readings) {
        let begun = Instant::now();
        let compute = self.decoder.compute();
        let on_adapter = || compute.decodes_on_adapter(&self.space.meta.model);
        let gives_up = || compute.has_given_up_decoding() || begun.elapsed() > PATIENCE;
        while compute.device().is_gpu() && !on_adapter() && !gives_up() {
            std::thread::sleep(Duration::from_millis(10));
        }
        readings.tell(
            &format!("{when}: kernels ready after"),
            begun.elapsed().as_secs_f64(),
            "s",
        );
        readings.say(match on_adapter() {
            true => "  the adapter decodes",
            false => "  the CPU decodes",
        });
        self.engine.play();
        self.ask(0);
        if self.decoded.recv_timeout(PATIENCE).is_err() {
            readings.say(&format!(
                "  {when}: nothing was decoded within {} s",
                PATIENCE.as_secs()
            ));
            return;
        }
        let begun = Instant::now();
        let mut requests = 0;
        while begun.elapsed() < duration {
            requests += 1;
            self.ask(requests);
            std::thread::sleep(BETWEEN_REQUESTS + Duration::from_micros(requests * 7_919 % 6_000));
        }
        let meters = self.engine.meters();
        let mut tell = |what: &str, secs: f32| readings.tell(&format!("{when}: {what}"), f64::from(secs) * 1e3, "ms");
        tell("request to sample, p50", meters.request_to_sample.p50);
        tell("request to sample, p95", meters.request_to_sample.p95);
        tell("request to half the change, p50", meters.t_50.p50);
        tell("decoder's own work, p50", meters.decode.p50);
        let answered = meters.request_to_sample.readings as f64;
        readings.tell(
            &format!("{when}: sounds heard"),
            answered,
            &format!("of {requests} requests"),
        );
        readings.tell(&format!("{when}: late audio blocks"), meters.late_blocks as f64, "");
    }
}
