//! Named threads with a stop flag, whose panics become an event instead of a silence.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;

/// Tells a worker to end; cheap to clone and to poll.
#[derive(Clone, Debug, Default)]
pub struct StopFlag(Arc<AtomicBool>);

impl StopFlag {
    /// Asks the worker to end soon.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it should end.
    pub fn is_stopped(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

/// A running thread; dropping it asks the thread to stop and waits for it.
#[derive(Debug)]
pub struct Worker {
    stop: StopFlag,
    thread: Option<JoinHandle<()>>,
}

impl Worker {
    /// Starts `body` on a thread called `name`. When it panics, `on_panic` gets the message on that thread.
    pub fn spawn(
        name: &str,
        body: impl FnOnce(&StopFlag) + Send + 'static,
        on_panic: impl FnOnce(String) + Send + 'static,
    ) -> Self {
        let stop = StopFlag::default();
        let flag = stop.clone();
        #[allow(clippy::disallowed_methods)] // the one place that starts threads
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                if let Err(payload) = catch_unwind(AssertUnwindSafe(|| body(&flag))) {
                    on_panic(panic_message(payload.as_ref()));
                }
            })
            .map_err(|error| log::error!("the system refused to start the thread {name}: {error}"))
            .ok();
        Self { stop, thread }
    }

    /// Its stop flag, to be shared.
    pub fn stop_flag(&self) -> StopFlag {
        self.stop.clone()
    }

    /// Whether the thread has ended (or never started).
    pub fn is_finished(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.stop.stop();
        if let Some(thread) = self.thread.take()
            && thread.thread().id() != std::thread::current().id()
        {
            // The body's panics were caught above, so there is no second outcome to handle.
            let _ = thread.join();
        }
    }
}

/// What a panic said.
pub fn panic_message(payload: &(dyn std::any::Any + Send)) -> String {
    payload
        .downcast_ref::<&str>()
        .map(|text| (*text).to_owned())
        .or_else(|| payload.downcast_ref::<String>().cloned())
        .unwrap_or_else(|| "a panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_reported_with_its_message() {
        let (tx, rx) = crossbeam_channel::bounded(1);
        let worker = Worker::spawn(
            "doomed",
            |_| panic!("no such luck"),
            move |message| {
                let _ = tx.send(message);
            },
        );
        assert_eq!(rx.recv().unwrap(), "no such luck");
        drop(worker);
    }

    #[test]
    fn dropping_stops_and_joins() {
        let (tx, rx) = crossbeam_channel::bounded(1);
        let worker = Worker::spawn(
            "patient",
            move |stop| {
                while !stop.is_stopped() {
                    std::thread::yield_now();
                }
                let _ = tx.send(());
            },
            |_| {},
        );
        drop(worker);
        assert!(rx.try_recv().is_ok(), "drop returned before the thread had ended");
    }
}
