//! Which device computes now: one answer for every worker, and the one place where it changes.
//!
//! A window starts on the CPU and changes to the adapter when that is prepared; it goes back to the CPU when the adapter is
//! lost. Decoding stays on the CPU longer: until its own kernels are ready, and for good where the adapter is too slow.

use crate::crash;
use crate::device::OpenDevice;
use crate::model::ModelConfig;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Decodes that take longer on an adapter do not keep up with a hand.
const SLOWEST_DECODE: Duration = Duration::from_millis(100);

/// Clones share the answer.
#[derive(Clone, Debug)]
pub struct Compute(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    device: OpenDevice,
    slowest_decode: Duration,
    /// Rises with every change of the device.
    version: u64,
    preparing: Option<Preparing>,
    decoding: Decoding,
}

/// An adapter that will compute when it is ready.
#[derive(Clone, Debug)]
struct Preparing {
    name: String,
    since: Instant,
}

/// What the adapter can do for the live decoder.
#[derive(Clone, Debug, PartialEq)]
enum Decoding {
    /// Its kernels are ready for networks of these sizes.
    Ready(Vec<ModelConfig>),
    TooSlow,
}

impl From<OpenDevice> for Compute {
    fn from(device: OpenDevice) -> Self {
        crash::remember("computes on", device.name.clone());
        Self(Arc::new(Mutex::new(State {
            device,
            slowest_decode: SLOWEST_DECODE,
            version: 0,
            preparing: None,
            decoding: Decoding::Ready(Vec::new()),
        })))
    }
}

impl Compute {
    /// The same with another limit for what decodes may take on the adapter before the CPU takes over.
    pub fn with_slowest_decode(self, limit: Duration) -> Self {
        self.lock().slowest_decode = limit;
        self
    }

    /// What a decode may take on the adapter.
    pub(super) fn slowest_decode(&self) -> Duration {
        self.lock().slowest_decode
    }

    /// The device to compute on.
    pub fn device(&self) -> OpenDevice {
        self.lock().device.clone()
    }

    /// A number that changes with the device.
    pub(super) fn version(&self) -> u64 {
        self.lock().version
    }

    /// The adapter that is being prepared, and for how long.
    pub(super) fn preparing(&self) -> Option<(String, Duration)> {
        let state = self.lock();
        let preparing = state.preparing.as_ref()?;
        Some((preparing.name.clone(), preparing.since.elapsed()))
    }

    /// The adapter that decodes for networks of the sizes in `config`; `None` where the CPU does.
    pub(super) fn decoding_adapter(&self, config: &ModelConfig) -> Option<OpenDevice> {
        let state = self.lock();
        let ready = matches!(&state.decoding, Decoding::Ready(sizes) if sizes.contains(config));
        (ready && state.device.is_gpu()).then(|| state.device.clone())
    }

    /// Whether an adapter decodes for networks of the sizes in `config`.
    pub fn decodes_on_adapter(&self, config: &ModelConfig) -> bool {
        self.decoding_adapter(config).is_some()
    }

    /// Whether the adapter is too slow to decode.
    pub fn has_given_up_decoding(&self) -> bool {
        self.lock().decoding == Decoding::TooSlow
    }

    /// Whether kernels for `config` would be of use and are not there.
    pub(super) fn lacks_kernels_for(&self, config: &ModelConfig) -> bool {
        let state = self.lock();
        let missing = matches!(&state.decoding, Decoding::Ready(sizes) if !sizes.contains(config));
        missing && (state.device.is_gpu() || state.preparing.is_some())
    }

    /// An adapter called `name` is being made ready.
    pub(super) fn begin_preparing(&self, name: &str) {
        self.lock().preparing = Some(Preparing {
            name: name.to_owned(),
            since: Instant::now(),
        });
    }

    /// Preparing has ended; this device computes from now on.
    pub(super) fn choose(&self, device: OpenDevice) {
        crash::remember("computes on", device.name.clone());
        let mut state = self.lock();
        state.device = device;
        state.version += 1;
        state.preparing = None;
        state.decoding = Decoding::Ready(Vec::new());
    }

    /// The CPU computes from now on; `why` is a sentence. Returns whether an adapter did before.
    pub(super) fn fall_back(&self, why: String) -> bool {
        let was_gpu = self.device().is_gpu();
        if was_gpu {
            self.choose(OpenDevice::cpu(Some(why)));
        }
        was_gpu
    }

    /// The adapter's kernels for `config` are ready.
    pub(super) fn kernels_are_ready_for(&self, config: &ModelConfig) {
        if let Decoding::Ready(sizes) = &mut self.lock().decoding
            && !sizes.contains(config)
        {
            sizes.push(config.clone());
        }
    }

    /// The CPU decodes from now on. Returns whether the adapter was thought fast enough before.
    pub(super) fn adapter_is_too_slow(&self) -> bool {
        let mut state = self.lock();
        std::mem::replace(&mut state.decoding, Decoding::TooSlow) != Decoding::TooSlow
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is one assignment, so a panicking holder leaves nothing half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
