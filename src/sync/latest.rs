//! A slot in which the newest value wins: requests that nobody has taken are replaced, never queued.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Any thread may [`put`](Self::put); one consumer waits with [`wait`](Self::wait). Clones share the slot.
#[derive(Debug)]
pub struct Latest<T> {
    shared: Arc<Shared<T>>,
}

#[derive(Debug)]
struct Shared<T> {
    slot: Mutex<Option<T>>,
    filled: Condvar,
}

impl<T> Clone for Latest<T> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<T> Default for Latest<T> {
    fn default() -> Self {
        Self {
            shared: Arc::new(Shared {
                slot: Mutex::new(None),
                filled: Condvar::new(),
            }),
        }
    }
}

impl<T> Latest<T> {
    /// Stores `value` and returns the one it replaced, if nobody had taken it.
    pub fn put(&self, value: T) -> Option<T> {
        let replaced = self.lock().replace(value);
        self.shared.filled.notify_one();
        replaced
    }

    /// Whether a value waits to be taken.
    pub fn is_waiting(&self) -> bool {
        self.lock().is_some()
    }

    /// Takes the newest value, if there is one.
    pub fn take(&self) -> Option<T> {
        self.lock().take()
    }

    /// Takes the newest value, waiting for one at most `timeout`.
    pub fn wait(&self, timeout: Duration) -> Option<T> {
        let (mut slot, _) = self
            .shared
            .filled
            .wait_timeout_while(self.lock(), timeout, |slot| slot.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        slot.take()
    }

    /// Waits until a value is there, at most `timeout`, and leaves it; `false` when none came.
    pub fn wait_until_filled(&self, timeout: Duration) -> bool {
        let (slot, _) = self
            .shared
            .filled
            .wait_timeout_while(self.lock(), timeout, |slot| slot.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        slot.is_some()
    }

    fn lock(&self) -> MutexGuard<'_, Option<T>> {
        // A value is replaced whole, so a panicking holder cannot leave half of one behind.
        self.shared.slot.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_newest_value_wins(values in prop::collection::vec(any::<u32>(), 1..50)) {
            let slot = Latest::default();
            for value in &values {
                slot.put(*value);
            }
            prop_assert!(slot.is_waiting());
            prop_assert_eq!(slot.take(), values.last().copied());
            prop_assert!(!slot.is_waiting());
            prop_assert_eq!(slot.take(), None);
        }
    }

    #[test]
    fn a_waiting_consumer_is_woken_by_a_put() {
        let slot = Latest::default();
        let producer = slot.clone();
        let worker = crate::sync::Worker::spawn(
            "producer",
            move |_| {
                producer.put(7);
            },
            |_| {},
        );
        assert_eq!(slot.wait(Duration::from_secs(10)), Some(7));
        drop(worker);
    }
}
