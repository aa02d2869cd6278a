//! The training worker: one thread that opens, trains, maps and saves, one request after the other.
//!
//! Requests are lossless. While a job runs, pause, resume and stop are read between its steps, saving is done at once, and
//! anything else waits until the job has ended. The worker keeps no space between requests: the window owns it.
//!
//! On an adapter it also answers the newest decode between its steps: whatever another thread asks of the adapter waits for
//! the step that runs.

use super::compute::Compute;
use super::decode::DecodeWorker;
use super::decoders::Decoders;
use super::desk::DecodeDesk;
use super::saving;
use super::{JobOutcome, WorkerEvent, WorkerRequest};
use crate::corpus::ImportOptions;
use crate::device::OpenDevice;
use crate::files::SharedStamp;
use crate::jobs::{self, Addition, Control, Job, JobEvent, JobFolders, JobSink, Trained};
use crate::space::Snapshot;
use crate::sync::{StopFlag, Waker, Worker};
use crate::train::{RunFolder, TrainOptions};
use crossbeam_channel::{Receiver, Sender, TryRecvError, bounded, unbounded};
use std::collections::VecDeque;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::ThreadId;
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
        Self::run(Compute::from(device), None, folders, waker)
    }

    /// Starts it on the device of `decoder`, whose requests it answers between its steps on an adapter.
    pub fn start_beside(decoder: &DecodeWorker, folders: JobFolders, waker: Waker) -> Self {
        Self::run(decoder.compute().clone(), Some(decoder.desk().clone()), folders, waker)
    }

    fn run(compute: Compute, desk: Option<DecodeDesk>, folders: JobFolders, waker: Waker) -> Self {
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
                    told: Told::default(),
                    compute,
                    desk,
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
    compute: Compute,
    desk: Option<DecodeDesk>,
    told: Told,
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
}

/// What the window knows of the device.
#[derive(Default)]
struct Told {
    version: Option<u64>,
    secs: Option<u64>,
}

impl Told {
    /// Tells what is new.
    fn update(&mut self, compute: &Compute, port: &Port) {
        let preparing = compute.preparing();
        let secs = preparing.as_ref().map(|(_, time)| time.as_secs());
        if let Some((name, _)) = preparing.filter(|_| secs != self.secs) {
            port.send(WorkerEvent::DevicePreparing {
                name,
                secs: secs.unwrap_or_default(),
            });
        }
        self.secs = secs;
        let version = compute.version();
        if self.version != Some(version) {
            self.version = Some(version);
            let OpenDevice { name, note, .. } = compute.device();
            port.send(WorkerEvent::DeviceChosen { name, note });
        }
    }
}

impl Loop {
    fn run(mut self) {
        while !self.port.stop.is_stopped() {
            self.told.update(&self.compute, &self.port);
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
            WorkerRequest::Open(path) => {
                let stamp = SharedStamp::of(&path).ok();
                self.port.send(match Snapshot::open(&path) {
                    Ok(snapshot) => WorkerEvent::Opened {
                        path,
                        stamp,
                        snapshot: Arc::new(snapshot),
                    },
                    Err(error) => WorkerEvent::RequestFailed(error.to_string()),
                });
            }
            WorkerRequest::Save(request) => self.port.send(saving::save(request)),
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
        self.wait_for_the_device();
        let folders = self.folders.clone();
        let (device, note) = jobs::training_device(self.compute.device(), &options);
        let job = Job {
            source,
            options,
            device: &device,
            folders: &folders,
            resume,
        };
        self.end(|sink| {
            if let Some(note) = note {
                sink.event(JobEvent::Warned(note));
            }
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

    /// A training cannot change its device on the way, so it waits for the one that is being prepared.
    fn wait_for_the_device(&mut self) {
        while self.compute.preparing().is_some() && !self.port.stop.is_stopped() {
            self.told.update(&self.compute, &self.port);
            std::thread::sleep(IDLE);
        }
        self.told.update(&self.compute, &self.port);
    }

    fn add(&mut self, space: Arc<Snapshot>, source: &Path) {
        let (device, folders) = (self.compute.device().device, self.folders.clone());
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
            home: std::thread::current().id(),
            decoders: Decoders::default(),
            compute: &self.compute,
            desk: self.desk.as_ref(),
            told: &mut self.told,
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
    /// The worker's own thread. An import asks for control on others, where no tensor of this one may go.
    home: ThreadId,
    decoders: Decoders,
    compute: &'a Compute,
    desk: Option<&'a DecodeDesk>,
    told: &'a mut Told,
    port: &'a Port,
    inbox: &'a Receiver<WorkerRequest>,
    waiting: &'a mut VecDeque<WorkerRequest>,
    state: Control,
}

impl JobSink for LiveSink<'_> {
    fn event(&mut self, event: JobEvent) {
        if let JobEvent::DeviceLost(why) = event {
            self.compute.fall_back(why);
            self.told.update(self.compute, self.port);
        } else {
            self.port.send(WorkerEvent::Job(event));
        }
    }

    fn next_part(&mut self) {
        self.state = Control::Continue;
        self.port.send(WorkerEvent::Resumed);
    }

    fn leaving(&self) -> StopFlag {
        self.port.stop.clone()
    }

    fn control(&mut self) -> Control {
        if self.port.stop.is_stopped() {
            return Control::Leave;
        }
        self.answer_the_newest_decode();
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
                Ok(WorkerRequest::Save(request)) => self.port.send(saving::save(request)),
                Ok(later) => self.waiting.push_back(later),
                Err(TryRecvError::Empty | TryRecvError::Disconnected) => return self.state,
            }
        }
    }
}

impl LiveSink<'_> {
    /// Between two steps: nothing of this thread's is under way on the adapter.
    fn answer_the_newest_decode(&mut self) {
        let Some(desk) = self.desk.filter(|_| std::thread::current().id() == self.home) else {
            return;
        };
        let on_adapter = |snapshot: Arc<Snapshot>| self.compute.decodes_on_adapter(&snapshot.meta.model);
        if desk.snapshot().is_some_and(on_adapter)
            && let Some(request) = desk.take_between_steps()
        {
            self.decoders.serve(&request, desk, self.compute, None, &self.port.stop);
        }
    }
}
