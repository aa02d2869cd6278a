//! A stand-in for the workers behind a window: remembers what it was asked for and says what it was given.

use songspace::app::{Backend, BackendEvent, Previewer, RenderToFile};
use songspace::jobs::JobEvent;
use songspace::space::Snapshot;
use songspace::values::{ChunkAudio, DecodePart, DecodeRequest};
use songspace::workers::{WorkerEvent, WorkerRequest};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use std::sync::Arc;

/// Clones share what they remember.
#[derive(Clone, Default)]
pub struct Stand {
    pub requests: Rc<RefCell<Vec<WorkerRequest>>>,
    pub decodes: Rc<RefCell<Vec<DecodeRequest>>>,
    pub snapshots: Rc<RefCell<Vec<Arc<Snapshot>>>>,
    events: Rc<RefCell<VecDeque<WorkerEvent>>>,
}

impl Backend for Stand {
    fn request(&self, request: WorkerRequest) -> bool {
        self.requests.borrow_mut().push(request);
        true
    }

    fn decode(&self, request: DecodeRequest) {
        self.decodes.borrow_mut().push(request);
    }

    fn set_snapshot(&self, snapshot: Arc<Snapshot>) {
        self.snapshots.borrow_mut().push(snapshot);
    }

    fn poll(&self) -> Option<BackendEvent> {
        self.events.borrow_mut().pop_front().map(BackendEvent::Worker)
    }

    fn restart(&mut self) {}

    fn renderer(&self) -> Arc<RenderToFile> {
        Arc::new(|_, (recipe, _), _, path, _| {
            std::fs::write(path, recipe.to_text())
                .map(|()| None)
                .map_err(|error| error.to_string())
        })
    }

    fn previewer(&self) -> Arc<Previewer> {
        Arc::new(|_, chunks| Ok(chunks.iter().map(|_| silence()).collect()))
    }
}

fn silence() -> ChunkAudio {
    ChunkAudio::Pcm {
        channels: 1,
        samples: vec![0.0; 44_100],
        sample_rate_hz: 44_100,
    }
}

impl Stand {
    pub fn last_decode(&self) -> DecodeRequest {
        self.decodes.borrow().last().expect("a decode was asked for").clone()
    }

    /// The first chunk of the last request.
    pub fn last_part(&self) -> DecodePart {
        self.last_decode().row[0].clone()
    }

    pub fn tell(&self, event: WorkerEvent) {
        self.events.borrow_mut().push_back(event);
    }

    /// Says what a running job would.
    pub fn job_says(&self, event: JobEvent) {
        self.tell(WorkerEvent::Job(event));
    }
}
