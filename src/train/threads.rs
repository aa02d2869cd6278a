//! The threads that a training step may use.

use crate::sync::priority;
use burn::tensor::Device;
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

/// One thread for every core where the CPU trains, none of its own elsewhere.
pub(super) struct Threads(Option<ThreadPool>);

impl Threads {
    /// As many as suit `device`.
    pub fn new(device: &Device) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self::with(if *device == Device::flex() { cores } else { 1 })
    }

    /// `count` of them.
    pub fn with(count: usize) -> Self {
        if count < 2 {
            return Self(None);
        }
        // What a hand does on the map comes before learning.
        let pool = ThreadPoolBuilder::new()
            .num_threads(count)
            .thread_name(|i| format!("train {i}"))
            .start_handler(|_| priority::lower())
            .build();
        Self(pool.ok())
    }

    /// How many work at a time.
    pub fn count(&self) -> usize {
        self.0.as_ref().map_or(1, ThreadPool::current_num_threads)
    }

    /// `work` done on every item, in their order.
    pub fn each<T: Send, R: Send>(&self, items: Vec<T>, work: impl Fn(T) -> R + Send + Sync) -> Vec<R> {
        match &self.0 {
            Some(pool) => pool.install(|| items.into_par_iter().with_max_len(1).map(work).collect()),
            None => items.into_iter().map(work).collect(),
        }
    }
}
