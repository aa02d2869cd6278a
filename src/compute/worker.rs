//! The compute worker: one thread that opens, trains, maps and saves, one request after the other.
//!
//! Requests are lossless. While a training runs, pause, resume and stop are read between its steps, saving is done at
//! once from the last published snapshot, and anything else waits until the training has ended.

use super::job::{Control, Job, JobSink};
use super::{Addition, ComputeEvent, ComputeRequest, JobFolders, OpenDevice};
use crate::bundle::{Snapshot, WeightPrecision};
use crate::corpus::ImportOptions;
use crate::sync::{StopFlag, Waker, Worker};
use crate::train::RunFolder;
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, unbounded};
use std::collections::VecDeque;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

const INBOX: usize = 64;
const IDLE: Duration = Duration::from_millis(100);

/// Handle of the compute worker. Dropping it stops a running training at its next step and waits for it.
pub struct Compute {
    requests: Sender<ComputeRequest>,
    events: Receiver<ComputeEvent>,
    worker: Worker,
}

impl Compute {
    /// Starts the worker on `device`; `waker` is called after every event.
    pub fn start(device: OpenDevice, folders: JobFolders, waker: Waker) -> Self {
        let (requests, inbox) = bounded(INBOX);
        let (outbox, events) = unbounded();
        let died = outbox.clone();
        let wake_on_death = waker.clone();
        let worker = Worker::spawn(
            "compute",
            move |stop| Loop::new(device, folders, inbox, outbox, waker, stop.clone()).run(),
            move |message| {
                let _ = died.send(ComputeEvent::Died(message));
                wake_on_death.wake();
            },
        );
        Self {
            requests,
            events,
            worker,
        }
    }

    /// Hands over a request; `false` when the worker is gone or 64 requests wait already.
    pub fn request(&self, request: ComputeRequest) -> bool {
        self.requests.try_send(request).is_ok()
    }

    /// The next event, if one is there.
    pub fn poll(&self) -> Option<ComputeEvent> {
        self.events.try_recv().ok()
    }

    /// Whether the thread is gone.
    pub fn is_dead(&self) -> bool {
        self.worker.is_finished()
    }
}

struct Loop {
    device: OpenDevice,
    folders: JobFolders,
    inbox: Receiver<ComputeRequest>,
    port: Port,
    waiting: VecDeque<ComputeRequest>,
}

/// The way out, and what a running job may be told.
struct Port {
    outbox: Sender<ComputeEvent>,
    waker: Waker,
    stop: StopFlag,
    current: Option<Arc<Snapshot>>,
}

impl Port {
    fn send(&mut self, event: ComputeEvent) {
        if let ComputeEvent::Published(snapshot) = &event {
            self.current = Some(Arc::clone(snapshot));
        }
        // A window that is gone needs no events.
        let _ = self.outbox.send(event);
        self.waker.wake();
    }

    fn save(&mut self, path: &Path) {
        let event = match &self.current {
            None => ComputeEvent::Failed("There is no space to save yet: open or train one first.".into()),
            Some(snapshot) => match snapshot.save(path, WeightPrecision::F32) {
                Ok(()) => ComputeEvent::Saved(path.to_owned()),
                Err(error) => ComputeEvent::Failed(error.to_string()),
            },
        };
        self.send(event);
    }
}

impl Loop {
    fn new(
        device: OpenDevice,
        folders: JobFolders,
        inbox: Receiver<ComputeRequest>,
        outbox: Sender<ComputeEvent>,
        waker: Waker,
        stop: StopFlag,
    ) -> Self {
        let port = Port {
            outbox,
            waker,
            stop,
            current: None,
        };
        Self {
            device,
            folders,
            inbox,
            port,
            waiting: VecDeque::new(),
        }
    }

    fn run(mut self) {
        let chosen = ComputeEvent::DeviceChosen {
            name: self.device.name.clone(),
            note: self.device.note.clone(),
        };
        self.port.send(chosen);
        while !self.port.stop.is_stopped() {
            match self
                .waiting
                .pop_front()
                .map_or_else(|| self.inbox.recv_timeout(IDLE), Ok)
            {
                Ok(request) => self.serve(request),
                Err(crossbeam_channel::RecvTimeoutError::Timeout) => {}
                Err(crossbeam_channel::RecvTimeoutError::Disconnected) => break,
            }
        }
    }

    fn serve(&mut self, request: ComputeRequest) {
        match request {
            ComputeRequest::Open(path) => match Snapshot::open(&path) {
                Ok(snapshot) => self.port.send(ComputeEvent::Published(Arc::new(snapshot))),
                Err(error) => self.port.send(ComputeEvent::Failed(error.to_string())),
            },
            ComputeRequest::Save(path) => self.port.save(&path),
            ComputeRequest::Train { source, options } => self.train(&source, options, None),
            ComputeRequest::Add(source) => self.add(&source),
            ComputeRequest::Continue(folder) => match RunFolder::describe(&folder) {
                Ok(run) => self.train(&run.source, run.options, Some(folder)),
                Err(error) => {
                    let text = format!("{}: no training can be continued there ({error})", folder.display());
                    self.port.send(ComputeEvent::Failed(text));
                }
            },
            ComputeRequest::Remap { condition_weight, seed } => self.remap(condition_weight, seed),
            // Nothing runs that these could act on.
            ComputeRequest::Pause | ComputeRequest::Resume | ComputeRequest::Stop => {}
        }
    }

    fn train(&mut self, source: &Path, options: crate::train::TrainOptions, resume: Option<std::path::PathBuf>) {
        let mut sink = LiveSink {
            port: &mut self.port,
            inbox: &self.inbox,
            waiting: &mut self.waiting,
            state: Control::Continue,
        };
        let job = Job {
            source,
            options,
            device: &self.device.device,
            folders: &self.folders,
            resume,
        };
        if let Err(error) = job.run(&mut sink) {
            self.port.send(ComputeEvent::Failed(error.to_string()));
        }
    }

    fn add(&mut self, source: &Path) {
        let Some(current) = self.port.current.clone() else {
            let text = "There is no space to add clips to: open or train one first.";
            self.port.send(ComputeEvent::Failed(text.into()));
            return;
        };
        let mut sink = LiveSink {
            port: &mut self.port,
            inbox: &self.inbox,
            waiting: &mut self.waiting,
            state: Control::Continue,
        };
        let addition = Addition {
            space: &current,
            source,
            options: ImportOptions::default(),
            device: &self.device.device,
            folders: &self.folders,
        };
        match addition.run(&mut sink) {
            Ok((grown, report)) => {
                if report.changes_the_space() {
                    self.port.send(ComputeEvent::Published(grown));
                }
                self.port.send(ComputeEvent::Added(report));
            }
            Err(error) => self.port.send(ComputeEvent::Failed(error.to_string())),
        }
    }

    fn remap(&mut self, condition_weight: f32, seed: u64) {
        let Some(current) = self.port.current.clone() else {
            return;
        };
        let mut sink = LiveSink {
            port: &mut self.port,
            inbox: &self.inbox,
            waiting: &mut self.waiting,
            state: Control::Continue,
        };
        let mut snapshot = Snapshot::clone(&current);
        (snapshot.layouts, snapshot.clusters) = super::mapping::layouts(&snapshot, condition_weight, seed, &mut sink);
        self.port.send(ComputeEvent::Published(Arc::new(snapshot)));
    }
}

/// A job's line to the window.
struct LiveSink<'a> {
    port: &'a mut Port,
    inbox: &'a Receiver<ComputeRequest>,
    waiting: &'a mut VecDeque<ComputeRequest>,
    state: Control,
}

impl JobSink for LiveSink<'_> {
    fn event(&mut self, event: ComputeEvent) {
        self.port.send(event);
    }

    fn control(&mut self) -> Control {
        if self.port.stop.is_stopped() {
            return Control::Leave;
        }
        loop {
            match self.inbox.try_recv() {
                Ok(ComputeRequest::Pause) => {
                    self.state = Control::Pause;
                    self.port.send(ComputeEvent::Paused);
                }
                Ok(ComputeRequest::Resume) => {
                    self.state = Control::Continue;
                    self.port.send(ComputeEvent::Resumed);
                }
                Ok(ComputeRequest::Stop) => self.state = Control::Stop,
                Ok(ComputeRequest::Save(path)) => self.port.save(&path),
                Ok(later) => self.waiting.push_back(later),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return self.state,
            }
        }
    }
}
