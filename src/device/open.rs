//! Opens the device that Burn computes on. The only place that names a back-end.
//!
//! A GPU is taken only when it is a real one: software rasterisers crash under compute kernels or never finish. The
//! chosen GPU must then agree with the CPU on a forward pass and a training step, or the CPU is used and it is said.

use super::self_test;
use burn::tensor::wgpu::WgpuBackend;
use burn::tensor::{Device, DeviceKind};
use burn_wgpu::wgpu::DeviceType;
use serde::{Deserialize, Serialize};

/// What the user asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum DeviceChoice {
    /// A GPU when there is a real one that passes the self-test, else the CPU.
    #[default]
    Auto,
    Gpu,
    Cpu,
}

/// An open device and how it came to be chosen.
#[derive(Clone, Debug)]
pub struct OpenDevice {
    pub device: Device,
    /// `CPU (2 threads)` or the adapter's name.
    pub name: String,
    pub is_gpu: bool,
    /// Why it is not what was asked for, in a sentence.
    pub note: Option<String>,
}

/// Tasks batched before a GPU submission: small, so that a live decode waits for little of a training step.
const TASKS_MAX: usize = 32;

/// Opens a device; falls back to the CPU with a note, never fails.
///
/// Call it once, before the window opens: the Vulkan loader dislikes instances that come and go on several threads.
pub fn open_device(choice: DeviceChoice) -> OpenDevice {
    if choice == DeviceChoice::Cpu {
        return cpu(None);
    }
    match open_gpu() {
        Ok(gpu) => match self_test::compare(&gpu.device) {
            Ok(report) if report.agrees() => gpu,
            Ok(report) => cpu(Some(format!(
                "{} computes differently from the CPU ({report}), so the CPU is used",
                gpu.name
            ))),
            Err(error) => cpu(Some(format!(
                "{} failed its self-test ({error}), so the CPU is used",
                gpu.name
            ))),
        },
        Err(reason) if choice == DeviceChoice::Gpu => {
            cpu(Some(format!("No GPU can be used ({reason}), so the CPU is")))
        }
        Err(reason) => {
            log::info!("no GPU: {reason}");
            cpu(None)
        }
    }
}

fn cpu(note: Option<String>) -> OpenDevice {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let plural = if threads == 1 { "" } else { "s" };
    OpenDevice {
        device: Device::flex(),
        name: format!("CPU ({threads} thread{plural})"),
        is_gpu: false,
        note,
    }
}

fn open_gpu() -> Result<OpenDevice, String> {
    let backend = if cfg!(target_os = "macos") {
        WgpuBackend::Auto
    } else {
        WgpuBackend::Vulkan
    };
    let mut reasons = Vec::new();
    for kind in [
        DeviceKind::DiscreteGpu(0),
        DeviceKind::IntegratedGpu(0),
        DeviceKind::VirtualGpu(0),
    ] {
        let opened = Device::wgpu_options()
            .graphics_api(backend)
            .device_kind(kind)
            .tasks_max(TASKS_MAX)
            .init_with_setup();
        match opened {
            Ok((device, setup)) => {
                let info = setup.adapter.get_info();
                if info.device_type == DeviceType::Cpu {
                    reasons.push(format!("{} is a software rasteriser", info.name));
                    continue;
                }
                return Ok(OpenDevice {
                    device,
                    name: info.name,
                    is_gpu: true,
                    note: None,
                });
            }
            Err(error) => reasons.push(error.to_string()),
        }
    }
    reasons.dedup();
    Err(reasons.join("; "))
}
