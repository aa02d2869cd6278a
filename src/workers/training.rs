//! The training worker: one thread that opens, trains, maps and saves, one request after the other.
//!
//! Requests are lossless. While a job runs, pause, resume and stop are read between its steps, saving is done at once, and
//! anything else waits until the job has ended. The worker keeps no space between requests: the window owns it.

use super::{JobOutcome, WorkerEvent, WorkerRequest};
use crate::corpus::ImportOptions;
use crate::device::OpenDevice;
use crate::jobs::{self, Addition, Control, Job, JobEvent, JobFolders, JobSink, Trained};
use crate::space::{Snapshot, WeightPrecision};
use crate::sync::{StopFlag, Waker, Worker};
use crate::train::{RunFolder, TrainOptions};
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, unbounded};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

const INBOX: usize = 64;
const IDLE: Duration = Duration::from_millis(100);

/// Handle of the training worker. Dropping it stops a running job at its next step and waits for it.
pub struct TrainingWorker {
    requests: Sender<WorkerRequest>,
    events: Receiver<WorkerEvent>,
    worker: Worker,
}

impl TrainingWorker {
    /// Starts the worker on `device`; `waker` is called after every event.
    pub fn start(device: OpenDevice, folders: JobFolders, waker: Waker) -> Self {
        let (requests, inbox) = bounded(INBOX);
        let (outbox, events) = unbounded();
        let died = outbox.clone();
        let wake_on_death = waker.clone();
        let worker = Worker::spawn(
            "training",
            move |stop| {
                let port = Port {
                    outbox,
                    waker,
                    stop: stop.clone(),
                };
                Loop {
                    device,
                    folders,
                    inbox,
                    port,
                    waiting: VecDeque::new(),
                }
                .run();
            },
            move |message| {
                let _ = died.send(WorkerEvent::Died(message));
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
    pub fn request(&self, request: WorkerRequest) -> bool {
        self.requests.try_send(request).is_ok()
    }

    /// The next event, if one is there.
    pub fn poll(&self) -> Option<WorkerEvent> {
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
    inbox: Receiver<WorkerRequest>,
    port: Port,
    waiting: VecDeque<WorkerRequest>,
}

/// The way out.
struct Port {
    outbox: Sender<WorkerEvent>,
    waker: Waker,
    stop: StopFlag,
}

impl Port {
    fn send(&self, event: WorkerEvent) {
        // A window that is gone needs no events.
        let _ = self.outbox.send(event);
        self.waker.wake();
    }

    fn save(&self, snapshot: Arc<Snapshot>, path: PathBuf, finishes: Option<&Path>) {
        if let Err(error) = snapshot.save(&path, WeightPrecision::F32) {
            self.send(WorkerEvent::RequestFailed(error.to_string()));
            return;
        }
        if let Some(folder) = finishes
            && let Err(error) = RunFolder::mark_finished(folder)
        {
            log::warn!("{}: the run is not marked as finished: {error}", folder.display());
        }
        self.send(WorkerEvent::Saved { path, snapshot });
    }
}

impl Loop {
    fn run(mut self) {
        self.port.send(WorkerEvent::DeviceChosen {
            name: self.device.name.clone(),
            note: self.device.note.clone(),
        });
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

    fn serve(&mut self, request: WorkerRequest) {
        match request {
            WorkerRequest::Open(path) => self.port.send(match Snapshot::open(&path) {
                Ok(snapshot) => WorkerEvent::Opened {
                    path,
                    snapshot: Arc::new(snapshot),
                },
                Err(error) => WorkerEvent::RequestFailed(error.to_string()),
            }),
            WorkerRequest::Save {
                snapshot,
                path,
                finishes,
            } => self.port.save(snapshot, path, finishes.as_deref()),
            WorkerRequest::Train { source, options } => self.train(&source, options, None),
            WorkerRequest::Add { space, source } => self.add(space, &source),
            WorkerRequest::Continue(folder) => match RunFolder::describe(&folder) {
                Ok(run) => self.train(&run.source, run.options, Some(folder)),
                Err(error) => {
                    let text = format!("{}: no training can be continued there ({error})", folder.display());
                    self.port.send(WorkerEvent::JobEnded(JobOutcome::Failed(text)));
                }
            },
            WorkerRequest::Remap {
                space,
                condition_weight,
                seed,
            } => self.remap(space, condition_weight, seed),
            // Nothing runs that these could act on.
            WorkerRequest::Pause | WorkerRequest::Resume | WorkerRequest::Stop => {}
        }
    }

    fn train(&mut self, source: &Path, options: TrainOptions, resume: Option<PathBuf>) {
        let (device, folders) = (self.device.device.clone(), self.folders.clone());
        let job = Job {
            source,
            options,
            device: &device,
            folders: &folders,
            resume,
        };
        self.end(|sink| {
            let Trained {
                snapshot,
                note,
                finished_run,
                ..
            } = job.run(sink)?;
            Ok(JobOutcome::Trained {
                snapshot,
                note,
                finished_run,
            })
        });
    }

    fn add(&mut self, space: Arc<Snapshot>, source: &Path) {
        let (device, folders) = (self.device.device.clone(), self.folders.clone());
        self.end(|sink| {
            let addition = Addition {
                space: &space,
                source,
                options: ImportOptions::default(),
                device: &device,
                folders: &folders,
            };
            let (grown, report) = addition.run(sink)?;
            Ok(JobOutcome::Added {
                before: Arc::clone(&space),
                grown: report.changes_the_space().then_some(grown),
                report,
            })
        });
    }

    fn remap(&mut self, space: Arc<Snapshot>, condition_weight: f32, seed: u64) {
        self.end(|sink| {
            let mut remapped = Snapshot::clone(&space);
            (remapped.layouts, remapped.clusters) = jobs::layouts(&remapped, condition_weight, seed, sink)?;
            Ok(JobOutcome::Remapped {
                before: Arc::clone(&space),
                remapped: Arc::new(remapped),
            })
        });
    }

    /// Runs a job and says how it ended.
    fn end(&mut self, job: impl FnOnce(&mut dyn JobSink) -> Result<JobOutcome, jobs::JobError>) {
        let mut sink = LiveSink {
            port: &self.port,
            inbox: &self.inbox,
            waiting: &mut self.waiting,
            state: Control::Continue,
        };
        let outcome = job(&mut sink).unwrap_or_else(|error| JobOutcome::Failed(error.to_string()));
        self.port.send(WorkerEvent::JobEnded(outcome));
    }
}

/// A job's line to the window.
struct LiveSink<'a> {
    port: &'a Port,
    inbox: &'a Receiver<WorkerRequest>,
    waiting: &'a mut VecDeque<WorkerRequest>,
    state: Control,
}

impl JobSink for LiveSink<'_> {
    fn event(&mut self, event: JobEvent) {
        self.port.send(WorkerEvent::Job(event));
    }

    fn leaving(&self) -> StopFlag {
        self.port.stop.clone()
    }

    fn control(&mut self) -> Control {
        if self.port.stop.is_stopped() {
            return Control::Leave;
        }
        loop {
            match self.inbox.try_recv() {
                Ok(WorkerRequest::Pause) => {
                    self.state = Control::Pause;
                    self.port.send(WorkerEvent::Paused);
                }
                Ok(WorkerRequest::Resume) => {
                    self.state = Control::Continue;
                    self.port.send(WorkerEvent::Resumed);
                }
                Ok(WorkerRequest::Stop) => self.state = Control::Stop,
                Ok(WorkerRequest::Save {
                    snapshot,
                    path,
                    finishes,
                }) => self.port.save(snapshot, path, finishes.as_deref()),
                Ok(later) => self.waiting.push_back(later),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return self.state,
            }
        }
    }
}
