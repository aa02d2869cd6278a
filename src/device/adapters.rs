//! The adapters that wgpu can compute on, best first.
//!
//! Asking makes and drops graphics instances, which the Vulkan loader dislikes on several threads at once: only
//! [`super::open`] and [`super::list`] come here, one at a time.

use burn::tensor::DeviceKind;
use burn_wgpu::WgpuBackend;
use burn_wgpu::wgpu::{self, DeviceType, DownlevelFlags};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// What an adapter is, in the order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum AdapterKind {
    /// A graphics card with memory of its own.
    Discrete,
    /// Shares the CPU's memory.
    Integrated,
    /// A GPU as a virtual machine sees it.
    Virtual,
    /// The driver does not say.
    Unknown,
    /// It computes on the CPU; never chosen unless asked for.
    Software,
}

impl std::fmt::Display for AdapterKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Discrete => "discrete GPU",
            Self::Integrated => "integrated GPU",
            Self::Virtual => "virtual GPU",
            Self::Unknown => "GPU",
            Self::Software => "software, on the CPU",
        })
    }
}

/// One adapter under the graphics interface it is reached by.
#[derive(Clone, Debug, PartialEq)]
pub struct Adapter {
    /// The driver's name for it; a second one of the same name ends in ` (2)`.
    pub name: String,
    /// As the driver reports it; lists are sorted by it.
    pub kind: AdapterKind,
    /// `Vulkan`, `Metal`, `Dx12`, `Gl`.
    pub interface: String,
    /// The driver's name and version as it gives them; may be empty.
    pub driver: String,
    /// Bytes of the largest buffer a kernel can read.
    pub largest_buffer_bytes: u64,
    pub(super) backend: WgpuBackend,
    pub(super) selector: DeviceKind,
}

impl std::fmt::Display for Adapter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({}, {}", self.name, self.kind, self.interface)?;
        if !self.driver.is_empty() {
            write!(f, ", {}", self.driver)?;
        }
        f.write_str(")")
    }
}

/// Interfaces in the order they are tried: where an adapter is reached by several, the first counts.
const INTERFACES: [(wgpu::Backend, WgpuBackend); 4] = [
    (wgpu::Backend::Metal, WgpuBackend::Metal),
    (wgpu::Backend::Vulkan, WgpuBackend::Vulkan),
    (wgpu::Backend::Dx12, WgpuBackend::Dx12),
    (wgpu::Backend::Gl, WgpuBackend::Gl),
];

/// Every adapter that can run kernels, best first.
pub(super) fn adapters() -> Vec<Adapter> {
    let mut found: Vec<Adapter> = Vec::new();
    for (interface, backend) in INTERFACES {
        // OpenGL reaches the same hardware under other names, so it counts only where nothing else reaches any.
        let is_last_resort = interface == wgpu::Backend::Gl;
        if is_last_resort && found.iter().any(|adapter| adapter.kind != AdapterKind::Software) {
            continue;
        }
        let known: Vec<String> = found.iter().map(|adapter| adapter.name.clone()).collect();
        let new = adapters_of(interface, backend);
        found.extend(new.into_iter().filter(|adapter| !known.contains(&adapter.name)));
    }
    found.sort_by_key(|adapter| adapter.kind);
    number_twins(&mut found);
    found
}

fn adapters_of(interface: wgpu::Backend, backend: WgpuBackend) -> Vec<Adapter> {
    if !wgpu::Instance::enabled_backend_features().contains(interface.into()) {
        return Vec::new();
    }
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor {
        backends: interface.into(),
        ..wgpu::InstanceDescriptor::new_without_display_handle()
    });
    let listed = at_once(instance.enumerate_adapters(interface.into())).unwrap_or_default();
    // Burn counts the adapters of every type on their own, those that cannot compute too.
    let mut counts = [0; 3];
    let mut next = |index: usize| {
        counts[index] += 1;
        counts[index] - 1
    };
    let described = listed.iter().map(|adapter| {
        let info = adapter.get_info();
        let (kind, selector) = match info.device_type {
            DeviceType::DiscreteGpu => (AdapterKind::Discrete, DeviceKind::DiscreteGpu(next(0))),
            DeviceType::IntegratedGpu => (AdapterKind::Integrated, DeviceKind::IntegratedGpu(next(1))),
            DeviceType::VirtualGpu => (AdapterKind::Virtual, DeviceKind::VirtualGpu(next(2))),
            DeviceType::Cpu => (AdapterKind::Software, DeviceKind::Cpu),
            DeviceType::Other => (AdapterKind::Unknown, DeviceKind::DefaultDevice),
        };
        let limits = adapter.limits();
        let described = Adapter {
            name: info.name.trim().to_owned(),
            kind,
            interface: format!("{interface:?}"),
            driver: format!("{} {}", info.driver, info.driver_info).trim().to_owned(),
            largest_buffer_bytes: limits.max_buffer_size.min(limits.max_storage_buffer_binding_size),
            backend,
            selector,
        };
        let computes = adapter
            .get_downlevel_capabilities()
            .flags
            .contains(DownlevelFlags::COMPUTE_SHADERS)
            && limits.max_storage_buffers_per_shader_stage >= 2;
        computes.then_some(described)
    });
    described.flatten().collect()
}

/// Tells adapters of one name apart.
fn number_twins(adapters: &mut [Adapter]) {
    for i in 1..adapters.len() {
        let (before, rest) = adapters.split_at_mut(i);
        let twins = before
            .iter()
            .filter(|other| other.name == rest[0].name || other.name.starts_with(&format!("{} (", rest[0].name)));
        let twins = twins.filter(|other| other.kind == rest[0].kind).count();
        if twins > 0 {
            rest[0].name = format!("{} ({})", rest[0].name, twins + 1);
        }
    }
}

/// The value of a future that never waits: outside a browser, wgpu answers at once.
fn at_once<T>(future: impl Future<Output = T>) -> Option<T> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => Some(value),
        Poll::Pending => None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::device) fn adapter(name: &str, kind: AdapterKind) -> Adapter {
        Adapter {
            name: name.into(),
            kind,
            interface: "Vulkan".into(),
            driver: String::new(),
            largest_buffer_bytes: 1 << 30,
            backend: WgpuBackend::Vulkan,
            selector: DeviceKind::DefaultDevice,
        }
    }

    #[test]
    fn twins_get_numbers_and_others_keep_their_names() {
        let mut all: Vec<Adapter> = ["A40", "A40", "A4", "A40"]
            .map(|name| adapter(name, AdapterKind::Discrete))
            .into();
        number_twins(&mut all);
        let names: Vec<&str> = all.iter().map(|adapter| adapter.name.as_str()).collect();
        assert_eq!(names, ["A40", "A40 (2)", "A4", "A40 (3)"]);
    }
}
