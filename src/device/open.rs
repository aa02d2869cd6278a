//! Opens the device that Burn computes on. The only place that names a back-end.
//!
//! An adapter that computes on the CPU is opened only where the user asks for it. What is opened must agree with the CPU on
//! a forward pass and a training step, or the CPU is used and it is said.

use super::adapters::{Adapter, AdapterKind, adapters};
use super::choice::DeviceChoice;
use super::self_test;
use crate::crash;
use crate::sync::guarded;
use burn::tensor::{Device, Tensor};
use burn_wgpu::wgpu;
use std::sync::{Mutex, PoisonError};

/// An open device and how it came to be chosen.
#[derive(Clone, Debug)]
pub struct OpenDevice {
    /// Burn's handle, for tensors and networks; clones share it.
    pub device: Device,
    /// `CPU (2 threads)` or the adapter's name.
    pub name: String,
    /// Why it is not what was asked for, in a sentence.
    pub note: Option<String>,
    gpu: Option<Gpu>,
}

/// An adapter in use.
#[derive(Clone, Debug)]
struct Gpu {
    adapter: Adapter,
    handle: wgpu::Device,
}

impl OpenDevice {
    /// The CPU, with a sentence on why it is not what was asked for.
    pub fn cpu(note: Option<String>) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, usize::from);
        let plural = if threads == 1 { "" } else { "s" };
        Self {
            device: Device::flex(),
            name: format!("CPU ({threads} thread{plural})"),
            note,
            gpu: None,
        }
    }

    /// Whether kernels run through an adapter, be it a software one.
    pub fn is_gpu(&self) -> bool {
        self.gpu.is_some()
    }

    /// The adapter behind it.
    pub fn adapter(&self) -> Option<&Adapter> {
        self.gpu.as_ref().map(|gpu| &gpu.adapter)
    }

    /// Loses the adapter as a driver's reset does, for good: everything computed there fails from now on. For tests of what
    /// follows.
    pub fn lose(&self) {
        if let Some(gpu) = &self.gpu {
            gpu.handle.destroy();
        }
    }
}

/// Tasks batched before a GPU submission: small, so that a live decode waits for little of a training step.
const TASKS_MAX: usize = 32;

/// Adapters opened so far: Burn opens each once in a process, and none is ever closed.
static OPENED: Mutex<Vec<(Adapter, Device, wgpu::Device)>> = Mutex::new(Vec::new());

/// Whether nothing can be computed on `device` any more.
pub fn has_failed(device: &Device) -> bool {
    let compute = || Tensor::<1>::ones([1], device).add_scalar(1.0).try_into_data().is_err();
    guarded(compute).unwrap_or(true)
}

/// What can be computed on beside the CPU, best first.
pub fn list() -> Vec<Adapter> {
    let _one_at_a_time = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    adapters()
}

/// What was opened for a choice and is not tested yet.
#[derive(Clone, Debug)]
pub struct Candidates {
    /// Best first; none where the CPU is to compute.
    pub adapters: Vec<OpenDevice>,
    /// The CPU, with what the user should know where an adapter was asked for and none could be opened.
    pub fallback: OpenDevice,
}

/// Opens a device and tests it; falls back to the CPU with a note, never fails. The test takes seconds where kernels have to
/// be compiled.
///
/// Call it once, before the window opens: the Vulkan loader dislikes instances that come and go on several threads.
pub fn open_device(choice: &DeviceChoice) -> OpenDevice {
    open_untested(choice).first_that_agrees(|_| {})
}

/// Opens what `choice` says without the self-test.
pub fn open_untested(choice: &DeviceChoice) -> Candidates {
    let cpu = |adapters, note| Candidates {
        adapters,
        fallback: OpenDevice::cpu(note),
    };
    if *choice == DeviceChoice::Cpu {
        return cpu(Vec::new(), None);
    }
    let all = list();
    let (mut opened, mut reasons) = (Vec::new(), Vec::new());
    for adapter in suitable(&all, choice) {
        match open(adapter) {
            Ok(device) => opened.push(device),
            Err(reason) => reasons.push(format!("{} cannot be opened ({reason})", adapter.name)),
        }
    }
    if !opened.is_empty() {
        return cpu(opened, None);
    }
    if reasons.is_empty() {
        reasons.push(none_found(&all, choice));
    }
    let reason = reasons.join("; ");
    if *choice == DeviceChoice::Auto {
        log::info!("no GPU: {reason}");
        return cpu(Vec::new(), None);
    }
    cpu(Vec::new(), Some(format!("{reason}, so the CPU is used.")))
}

impl Candidates {
    /// The first that computes what the CPU computes, else the CPU. `trying` is told whose test begins.
    pub fn first_that_agrees(self, mut trying: impl FnMut(&OpenDevice)) -> OpenDevice {
        let adapters: Vec<&str> = self.adapters.iter().map(|adapter| adapter.name.as_str()).collect();
        crash::remember("adapters", adapters.join(", "));
        let mut notes = Vec::new();
        for mut candidate in self.adapters {
            trying(&candidate);
            match verify(&candidate) {
                Ok(()) => {
                    candidate.note = (!notes.is_empty()).then(|| notes.join("; ") + ".");
                    return candidate;
                }
                Err(note) => notes.push(note),
            }
        }
        match notes.is_empty() {
            true => self.fallback,
            false => OpenDevice::cpu(Some(notes.join("; ") + ", so the CPU is used.")),
        }
    }
}

/// Whether a device computes what the CPU computes.
///
/// # Errors
/// A sentence without its full stop when it does not, or fails.
fn verify(device: &OpenDevice) -> Result<(), String> {
    match self_test::compare(&device.device) {
        Ok(report) if report.agrees() => Ok(()),
        Ok(report) => Err(format!("{} computes differently from the CPU ({report})", device.name)),
        Err(error) => Err(format!("{} failed its self-test ({error})", device.name)),
    }
}

/// The adapters that `choice` allows, best first.
fn suitable<'a>(all: &'a [Adapter], choice: &DeviceChoice) -> Vec<&'a Adapter> {
    let is_software = |adapter: &&Adapter| adapter.kind == AdapterKind::Software;
    let candidates = all.iter();
    match choice {
        DeviceChoice::Cpu => Vec::new(),
        DeviceChoice::Auto | DeviceChoice::Gpu => candidates.filter(|adapter| !is_software(adapter)).collect(),
        DeviceChoice::Software => candidates.filter(is_software).take(1).collect(),
        DeviceChoice::Named(part) => {
            let part = part.to_lowercase();
            candidates
                .filter(|adapter| adapter.name.to_lowercase().contains(&part))
                .take(1)
                .collect()
        }
    }
}

fn none_found(all: &[Adapter], choice: &DeviceChoice) -> String {
    match choice {
        DeviceChoice::Software => {
            "No software adapter was found (on Debian and Ubuntu it is the package mesa-vulkan-drivers)".into()
        }
        DeviceChoice::Named(part) if all.is_empty() => format!("No adapter is called {part}; there is none at all"),
        DeviceChoice::Named(part) => {
            let names: Vec<&str> = all.iter().map(|adapter| adapter.name.as_str()).collect();
            format!("No adapter is called {part}; there is {}", names.join(", "))
        }
        _ => "No GPU was found".into(),
    }
}

fn open(adapter: &Adapter) -> Result<OpenDevice, String> {
    let mut opened = OPENED.lock().unwrap_or_else(PoisonError::into_inner);
    let known = opened.iter().find(|(known, ..)| known == adapter);
    let (device, handle) = match known {
        Some((_, device, handle)) => (device.clone(), handle.clone()),
        None => {
            let (device, setup) = Device::wgpu_options()
                .graphics_api(adapter.backend)
                .device_kind(adapter.selector.clone())
                .tasks_max(TASKS_MAX)
                .init_with_setup()
                .map_err(|error| error.to_string())?;
            opened.push((adapter.clone(), device.clone(), setup.device.clone()));
            (device, setup.device)
        }
    };
    Ok(OpenDevice {
        device,
        name: adapter.name.clone(),
        note: None,
        gpu: Some(Gpu {
            adapter: adapter.clone(),
            handle,
        }),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::adapters::tests::adapter;

    fn machine() -> Vec<Adapter> {
        vec![
            adapter("NVIDIA GeForce RTX 4060", AdapterKind::Discrete),
            adapter("Intel Iris Xe", AdapterKind::Integrated),
            adapter("llvmpipe", AdapterKind::Software),
        ]
    }

    fn names(choice: &DeviceChoice) -> Vec<String> {
        let all = machine();
        suitable(&all, choice)
            .iter()
            .map(|adapter| adapter.name.clone())
            .collect()
    }

    #[test]
    fn software_is_never_chosen_by_itself_and_names_are_found_by_parts() {
        let real = ["NVIDIA GeForce RTX 4060", "Intel Iris Xe"];
        assert_eq!(names(&DeviceChoice::Auto), real);
        assert_eq!(names(&DeviceChoice::Gpu), real);
        assert_eq!(names(&DeviceChoice::Software), ["llvmpipe"]);
        assert_eq!(names(&DeviceChoice::from("iris".to_owned())), ["Intel Iris Xe"]);
        assert!(names(&DeviceChoice::Cpu).is_empty());
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let all = machine();
        let choice = DeviceChoice::from("radeon".to_owned());
        assert!(suitable(&all, &choice).is_empty());
        let sentence = none_found(&all, &choice);
        assert!(
            sentence.contains("radeon") && sentence.contains("Intel Iris Xe"),
            "{sentence}"
        );
    }
}
