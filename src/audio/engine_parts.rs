//! Not real-time: what an engine is made of, how it is put together, and in which order it ends.

use super::AudioOptions;
use super::device::{ChooseDevice, StreamInfo};
use super::events::{AudioEvent, EventSender};
use super::monitor::{Monitor, MonitorShared};
use super::output::{Counters, MonitorLane, SourceSender};
use super::score::{Note, ScoreLane, ScoreShared};
use super::synth::{Controls, FADE_HOPS, Repair, Retirement, Synth, SynthLanes, Workshop};
use crate::sync::Worker;
use crate::values::KeyEvent;
use crossbeam_channel::{Receiver, Sender, unbounded};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// Keys on their way at once.
const KEYS: usize = 1_024;

/// What all clones of the handle share.
pub struct Inner {
    pub controls: Arc<Controls>,
    pub counters: Arc<Counters>,
    pub source_sender: Mutex<SourceSender>,
    /// Keys on their way to the voices; several threads play.
    pub keys_tx: Mutex<rtrb::Producer<KeyEvent>>,
    pub shared: Arc<MonitorShared>,
    pub stream_info: Arc<Mutex<Option<StreamInfo>>>,
    pub requests_tx: Sender<ChooseDevice>,
    pub events_rx: Receiver<AudioEvent>,
    pub events: EventSender,
    /// From `request_to_sample` to the moment the spectrum is half-way to its target.
    pub half_way_secs: f32,
    pub unmonitored_before: Mutex<u64>,
    pub seed: u64,
    pub score: Arc<ScoreShared>,
    pub notes: Arc<Mutex<rtrb::Consumer<Note>>>,
    /// In the order they must end: the device first, then what feeds it.
    pub workers: Vec<Worker>,
}

/// What is made before any thread runs.
pub struct Parts {
    pub inner: Inner,
    pub synth: Synth,
    pub lanes_tx: Sender<MonitorLane>,
    pub requests_rx: Receiver<ChooseDevice>,
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.controls.playing.store(false, Relaxed);
        let deadline = Instant::now() + Duration::from_millis(100);
        while self.workers.len() > 1 && self.controls.sounding.load(Relaxed) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
        for worker in self.workers.drain(..) {
            drop(worker);
        }
    }
}

/// Makes the lanes and everything at their ends, and starts the monitor.
pub fn parts(options: AudioOptions) -> Parts {
    let AudioOptions { axis, seed, waker, .. } = options;
    let mut controls = Controls::of(&axis);
    controls.began = Some(Instant::now());
    let controls = Arc::new(controls);
    let counters = Arc::new(Counters::default());
    let shared = Arc::new(MonitorShared::default());
    let (events, events_rx) = EventSender::new(waker);
    let (decoded_tx, decoded_rx) = triple_buffer::triple_buffer(&None);
    let (original_tx, original_rx) = triple_buffer::triple_buffer(&None);
    let (keys_tx, keys) = rtrb::RingBuffer::new(KEYS);
    let (retirement, retired) = Retirement::lane();
    let (repair, repair_lane) = Repair::lane();
    let (score_lane, notes, score) = ScoreLane::new();
    let lanes = SynthLanes {
        decoded_inbox: decoded_rx,
        original_inbox: original_rx,
        keys,
        retirement,
        repair,
        score: score_lane,
    };
    let (lanes_tx, lanes_rx) = unbounded();
    let (requests_tx, requests_rx) = unbounded();
    let mut workshop = Workshop::new(repair_lane, axis.clone(), seed);
    // The first spare is there before the first hop.
    workshop.tend();
    let monitor = Monitor {
        retired,
        workshop,
        lanes_rx,
        shared: Arc::clone(&shared),
        controls: Arc::clone(&controls),
        events: events.clone(),
    };
    let watch = Worker::spawn("audio monitor", move |stop| monitor.run(stop), died(&events, "monitor"));
    let half_way = axis.fft_len() / 2 + usize::from(FADE_HOPS) / 2 * axis.hop_len();
    Parts {
        synth: Synth::new(&axis, seed, Arc::clone(&controls), lanes),
        inner: Inner {
            controls,
            counters,
            source_sender: Mutex::new(SourceSender::new(
                decoded_tx,
                original_tx,
                axis.bands(),
                axis.hop_len(),
                axis.sample_rate_hz(),
            )),
            keys_tx: Mutex::new(keys_tx),
            shared,
            stream_info: Arc::default(),
            requests_tx,
            events_rx,
            events,
            half_way_secs: half_way as f32 / axis.sample_rate_hz() as f32,
            unmonitored_before: Mutex::new(0),
            seed,
            score,
            notes: Arc::new(Mutex::new(notes)),
            workers: vec![watch],
        },
        lanes_tx,
        requests_rx,
    }
}

/// Says that a thread of the engine has panicked.
pub fn died(events: &EventSender, who: &'static str) -> impl FnOnce(String) + Send + 'static {
    let events = events.clone();
    move |message| events.send(AudioEvent::Died(format!("the audio {who} stopped: {message}")))
}
