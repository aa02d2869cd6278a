//! Short jobs beside the big workers: exports, looking at a folder, listing devices. One thread each.

use crate::sync::{StopFlag, Waker, Worker};
use crossbeam_channel::{Receiver, Sender, unbounded};

/// What a task brings back is applied to the window on the UI thread.
pub type Outcome<T> = Box<dyn FnOnce(&mut T) + Send>;

/// Running tasks and the way back.
pub struct Tasks<T> {
    outcomes_tx: Sender<Outcome<T>>,
    outcomes_rx: Receiver<Outcome<T>>,
    running: Vec<(Worker, &'static str)>,
    waker: Waker,
}

impl<T: 'static> Tasks<T> {
    /// No tasks yet; `waker` is called after each.
    pub fn new(waker: Waker) -> Self {
        let (outcomes_tx, outcomes_rx) = unbounded();
        Self {
            outcomes_tx,
            outcomes_rx,
            running: Vec::new(),
            waker,
        }
    }

    /// Runs `work` on a thread called `name`; what it returns is applied by [`Self::take`]. A panic becomes `on_panic`. The flag
    /// is set when the window closes, which waits for the work: it must look at the flag often.
    pub fn run(
        &mut self,
        name: &'static str,
        work: impl FnOnce(&StopFlag) -> Outcome<T> + Send + 'static,
        on_panic: impl FnOnce(String) -> Outcome<T> + Send + 'static,
    ) {
        self.running.retain(|(worker, _)| !worker.is_finished());
        let (tx, waker) = (self.outcomes_tx.clone(), self.waker.clone());
        let (panic_tx, panic_waker) = (tx.clone(), waker.clone());
        let worker = Worker::spawn(
            name,
            move |stop| {
                // A window that is gone needs no outcome.
                let _ = tx.send(work(stop));
                waker.wake();
            },
            move |message| {
                let _ = panic_tx.send(on_panic(message));
                panic_waker.wake();
            },
        );
        self.running.push((worker, name));
    }

    /// The next outcome, if there is one.
    pub fn take(&self) -> Option<Outcome<T>> {
        self.outcomes_rx.try_recv().ok()
    }

    /// What the newest task still running does.
    pub fn busy(&self) -> Option<&'static str> {
        self.running
            .iter()
            .rev()
            .find(|(worker, _)| !worker.is_finished())
            .map(|(_, name)| *name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closing_tells_a_long_task_to_end_and_waits_for_it() {
        let (ended_tx, ended) = unbounded();
        let mut tasks: Tasks<()> = Tasks::new(Waker::silent());
        tasks.run(
            "endless",
            move |stop| {
                while !stop.is_stopped() {
                    std::thread::yield_now();
                }
                let _ = ended_tx.send(());
                Box::new(|_: &mut ()| {})
            },
            |_| Box::new(|_: &mut ()| {}),
        );
        drop(tasks);
        assert!(ended.try_recv().is_ok());
    }
}
