//! "Something changed, look again": how workers wake the window without knowing it.

use std::sync::Arc;

/// A cheap handle that any thread may call; the window puts its repaint request behind it.
#[derive(Clone)]
pub struct Waker(Arc<dyn Fn() + Send + Sync>);

impl Waker {
    /// A waker that runs `wake`, which must return at once.
    pub fn new(wake: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(wake))
    }

    /// A waker for headless use, which does nothing.
    pub fn silent() -> Self {
        Self::new(|| {})
    }

    /// Asks the listener to look again.
    pub fn wake(&self) {
        (self.0)();
    }
}

impl std::fmt::Debug for Waker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Waker")
    }
}
