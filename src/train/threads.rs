//! The threads that a training step may use.

use crate::sync::priority;
use burn::tensor::Device;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Mutex, PoisonError};

/// One thread for every core where the CPU trains, none of its own elsewhere.
///
/// Every thread is a pool of its own: Burn's CPU back-end deals a product out to the pool that it is called in, and shares of a
/// batch that deal out to each other's threads wait for each other more than they gain.
pub(super) struct Threads(Vec<ThreadPool>);

impl Threads {
    /// As many as suit `device`.
    pub fn new(device: &Device) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with(if *device == Device::flex() { cores } else { 1 })
    }

    /// `count` of them.
    pub fn with(count: usize) -> Self {
        if count < 2 {
            return Self(Vec::new());
        }
        // What a hand does on the map comes before learning.
        let thread = |i: usize| {
            ThreadPoolBuilder::new()
                .num_threads(1)
                .thread_name(move |_| format!("train {i}"))
                .start_handler(|_| priority::lower())
                .build()
                .ok()
        };
        Self((0..count).filter_map(thread).collect())
    }

    /// How many work at a time.
    pub fn count(&self) -> usize {
        self.0.len().max(1)
    }

    /// `work` done on every item, in their order: each thread takes the next item when it has done one.
    pub fn each<T: Send, R: Send>(&self, items: Vec<T>, work: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
        if self.0.len() < 2 {
            return items.into_iter().map(work).collect();
        }
        let done: Vec<Mutex<Option<R>>> = items.iter().map(|_| Mutex::new(None)).collect();
        let waiting = Mutex::new(items.into_iter().zip(&done));
        let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).next();
        in_all(&self.0, &|| {
            while let Some((item, place)) = next() {
                let result = work(item);
                *place.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
            }
        });
        done.into_iter()
            .filter_map(|place| place.into_inner().unwrap_or_else(PoisonError::into_inner))
            .collect()
    }
}

/// `work` in every pool at once; returns when all have done it.
fn in_all(pools: &[ThreadPool], work: &(impl Fn() + Sync)) {
    if let [first, others @ ..] = pools {
        first.in_place_scope(|scope| {
            scope.spawn(|_| work());
            in_all(others, work);
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;

    #[test]
    fn threads_work_at_once_each_alone_and_answers_keep_their_order() {
        let threads = Threads::with(3);
        assert_eq!(threads.count(), 3);
        let together = Barrier::new(3);
        let seen = threads.each((0..6).collect(), |i: usize| {
            if i < 3 {
                // Passes only when three are at work.
                together.wait();
            }
            (i * i, rayon::current_num_threads())
        });
        assert_eq!(seen, (0..6).map(|i| (i * i, 1)).collect::<Vec<_>>());
    }

    #[test]
    fn a_panic_reaches_the_caller() {
        let threads = Threads::with(2);
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            threads.each(vec![1, 2, 3], |i| assert_ne!(i, 2));
        }));
        assert!(outcome.is_err());
        assert_eq!(
            threads.each(vec![4, 5], |i| i),
            vec![4, 5],
            "the threads are still there"
        );
    }
}
