//! What a training computes on: the adapter where the training fits and as long as it works, else the CPU.

use super::JobError;
use super::sink::{JobEvent, JobSink};
use crate::device::{self, Adapter, OpenDevice};
use crate::model::ModelConfig;
use crate::sync::panic_message;
use crate::train::{TrainError, TrainOptions, step_memory_bytes};
use burn::tensor::Device;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// Drivers grant one buffer at least a quarter of an adapter's memory (OpenCL demands it, the others do as much); wgpu tells
/// no more of the memory than that.
const MEMORY_PER_BUFFER: u64 = 4;

/// The device for a training with `options`, and a sentence where that is the CPU because the adapter is too small.
pub fn training_device(open: OpenDevice, options: &TrainOptions) -> (Device, Option<String>) {
    // Genres add next to nothing.
    let config = ModelConfig::new(options.codec, options.preset, 1, options.chunk_secs);
    let needed = step_memory_bytes(&config, options);
    match open.adapter().and_then(|adapter| too_small(adapter, needed)) {
        Some(sentence) => (Device::flex(), Some(sentence)),
        None => (open.device, None),
    }
}

fn too_small(adapter: &Adapter, needed: u64) -> Option<String> {
    let most = adapter.largest_buffer_bytes.saturating_mul(MEMORY_PER_BUFFER);
    let gigabytes = |bytes: u64| bytes as f64 / 1e9;
    (needed > most).then(|| {
        format!(
            "A step of this training takes {:.1} GB and {} has about {:.1} GB, so it runs on the CPU. Smaller batches take less.",
            gigabytes(needed),
            adapter.name,
            gigabytes(most)
        )
    })
}

/// Runs `work` on `device`. When that fails on the way, says so and runs `work` on the CPU, which is to go on from what the
/// first run left on disk.
pub(super) fn surviving_its_loss<T>(
    device: &Device,
    sink: &mut dyn JobSink,
    mut work: impl FnMut(&Device, &mut dyn JobSink) -> Result<T, JobError>,
) -> Result<T, JobError> {
    let cpu = Device::flex();
    if *device == cpu {
        return work(device, sink);
    }
    // On a lost device some calls return errors and others panic. A panic that is no driver's comes again on the CPU.
    let first = catch_unwind(AssertUnwindSafe(|| work(device, sink)));
    let reason = match &first {
        Ok(Ok(_)) => None,
        Ok(Err(JobError::Train(TrainError::Device(reason)))) => Some(reason.clone()),
        Ok(Err(error)) => device::has_failed(device).then(|| error.to_string()),
        Err(payload) => Some(panic_message(payload.as_ref())),
    };
    if let Some(reason) = reason {
        log::error!("the device was lost: {reason}");
        sink.event(JobEvent::DeviceLost(
            "The GPU stopped working. The training goes on from its last checkpoint on the CPU.".into(),
        ));
        return work(&cpu, sink);
    }
    first.unwrap_or_else(|payload| resume_unwind(payload))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{DeviceChoice, list, open_device};
    use crate::jobs::Control;

    struct Heard(Vec<JobEvent>);

    impl JobSink for Heard {
        fn event(&mut self, event: JobEvent) {
            self.0.push(event);
        }

        fn control(&mut self) -> Control {
            Control::Continue
        }
    }

    #[test]
    fn an_adapter_that_is_too_small_is_named_with_both_figures() {
        let open = open_device(&DeviceChoice::Cpu);
        let (device, sentence) = training_device(open, &TrainOptions::default());
        assert!(device == Device::flex() && sentence.is_none());
        let Some(mut adapter) = list().into_iter().next() else {
            return;
        };
        adapter.largest_buffer_bytes = 1_000_000_000;
        assert_eq!(too_small(&adapter, 4_000_000_000), None);
        let sentence = too_small(&adapter, 4_200_000_000).unwrap();
        assert!(
            sentence.contains("4.2 GB") && sentence.contains(&adapter.name),
            "{sentence}"
        );
    }

    #[test]
    fn what_fails_on_the_cpu_is_not_tried_again() {
        let mut heard = Heard(Vec::new());
        let mut runs = 0;
        let failed: Result<(), JobError> = surviving_its_loss(&Device::flex(), &mut heard, |_, _| {
            runs += 1;
            Err(TrainError::Device("no such luck".into()).into())
        });
        assert!(failed.is_err() && runs == 1 && heard.0.is_empty());
    }
}
