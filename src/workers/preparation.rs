//! Makes an adapter ready while the CPU plays: the self-test, then the decoder's kernels for every size of network that
//! comes on screen. A thread of its own, because compiling and timing kernels takes from seconds to minutes.

use super::DecodeEvent;
use super::compute::Compute;
use super::decoders::{guarded, too_slow, try_out};
use super::desk::DecodeDesk;
use crate::decode::DecodeError;
use crate::device::{Candidates, OpenDevice};
use crate::sync::{StopFlag, Worker};
use std::time::Duration;

/// How long the thread sleeps before it looks for a new snapshot and at its stop flag.
const IDLE: Duration = Duration::from_millis(100);

/// Starts the thread. Without `candidates`, the device in `compute` was tested.
pub(super) fn start(candidates: Option<Candidates>, compute: Compute, desk: DecodeDesk) -> Worker {
    if let Some(first) = candidates.as_ref().and_then(|all| all.adapters.first()) {
        compute.begin_preparing(&first.name);
    }
    let on_panic = compute.clone();
    Worker::spawn(
        "prepare",
        move |stop| {
            if let Some(candidates) = candidates.filter(|all| !all.adapters.is_empty()) {
                let chosen = candidates.first_that_agrees(|next| compute.begin_preparing(&next.name));
                compute.choose(chosen);
            }
            while !stop.is_stopped() {
                prepare_decoding(&compute, &desk, stop);
                std::thread::sleep(IDLE);
            }
        },
        move |message| {
            on_panic.choose(OpenDevice::cpu(Some(format!(
                "The GPU could not be prepared ({message}), so the CPU is used."
            ))));
        },
    )
}

/// Makes the kernels for the snapshot on screen, if they are missing.
fn prepare_decoding(compute: &Compute, desk: &DecodeDesk, stop: &StopFlag) {
    let Some(snapshot) = desk.snapshot() else { return };
    let (adapter, config) = (compute.device(), &snapshot.meta.model);
    if stop.is_stopped() || !adapter.is_gpu() || !compute.lacks_kernels_for(config) {
        return;
    }
    match guarded(|| try_out(&snapshot, &adapter)) {
        Ok(secs) if secs <= compute.slowest_decode().as_secs_f32() => compute.kernels_are_ready_for(config),
        Ok(secs) => {
            if compute.adapter_is_too_slow() {
                desk.tell(DecodeEvent::CpuTookOver(too_slow(&adapter, secs)));
            }
        }
        Err(DecodeError::Device(reason)) => {
            let why = format!("{} stopped working ({reason}), so the CPU is used.", adapter.name);
            compute.fall_back(why);
        }
        // The decode worker meets the same on the CPU and says so; here it is not to be tried again and again.
        Err(_) => compute.kernels_are_ready_for(config),
    }
}
