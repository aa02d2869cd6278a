//! Opens the window, or says in a sentence why it cannot be opened.

use super::window_size::{SMALLEST, UNSEEN};
use super::{App, AppOptions, SettingsFile};
use crate::device::{AdapterKind, DeviceChoice, list, open_untested};
use eframe::egui_wgpu::wgpu::Backends;
use eframe::egui_wgpu::{WgpuConfiguration, WgpuSetup};
use egui::ViewportBuilder;

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// The desktop cannot be reached: no display variable is set.
    #[error(
        "there is no display to open a window on (neither DISPLAY nor WAYLAND_DISPLAY is set); every job also runs \
         without a window, see songspace --help"
    )]
    NoDisplay,
    /// Neither Vulkan nor OpenGL works; with the reason from the first attempt.
    #[error(
        "no graphics driver can draw the window; install a Vulkan or OpenGL driver (on Debian: mesa-vulkan-drivers), or \
         use the jobs of songspace --help, which need none (details: {0})"
    )]
    NoGraphics(String),
    /// Any other failure, in the words of the window library.
    #[error("the window cannot be opened; try it again, or use the jobs of songspace --help (details: {0})")]
    Window(String),
}

/// Opens the window and returns when it is closed.
///
/// # Errors
/// When there is no display or no graphics driver. OpenGL is tried when Vulkan fails.
pub fn run(mut options: AppOptions) -> Result<(), AppError> {
    if !has_display() {
        return Err(AppError::NoDisplay);
    }
    // Before the window's own graphics: drivers dislike instances that come and go on several threads.
    let settings = SettingsFile::standard().load();
    options.folders.cache_bytes = (f64::from(settings.cache_gb).max(0.0) * 1e9) as u64;
    let asked = match &options.device {
        DeviceChoice::Auto => settings.compute.clone(),
        named => named.clone(),
    };
    let device = open_untested(&asked);
    let adapters = list()
        .into_iter()
        .filter(|adapter| adapter.kind != AdapterKind::Software);
    let adapters: Vec<String> = adapters.map(|adapter| adapter.name).collect();
    let size = settings.window_size.unwrap_or(UNSEEN);
    let start = |backends: Option<Backends>| {
        let (options, device, adapters) = (options.clone(), device.clone(), adapters.clone());
        eframe::run_native(
            "Songspace",
            native_options(backends, size),
            Box::new(move |cc| {
                let mut app = App::start(&cc.egui_ctx, options, device, SettingsFile::standard());
                app.session.adapters = adapters;
                Ok(Box::new(app))
            }),
        )
    };
    let first = match start(None) {
        Err(eframe::Error::Wgpu(error)) => error,
        other => return other.map_err(|error| AppError::Window(error.to_string())),
    };
    log::warn!("no Vulkan window ({first}); trying OpenGL");
    match start(Some(Backends::GL)) {
        Err(eframe::Error::Wgpu(_)) => Err(AppError::NoGraphics(first.to_string())),
        other => other.map_err(|error| AppError::Window(error.to_string())),
    }
}

fn native_options(backends: Option<Backends>, size: [f32; 2]) -> eframe::NativeOptions {
    let mut wgpu_options = WgpuConfiguration::default();
    if let (Some(backends), WgpuSetup::CreateNew(setup)) = (backends, &mut wgpu_options.wgpu_setup) {
        setup.instance_descriptor.backends = backends;
    }
    eframe::NativeOptions {
        viewport: ViewportBuilder::default()
            .with_title("Songspace")
            .with_app_id("org.songspace.songspace")
            .with_inner_size(size)
            .with_min_inner_size(SMALLEST)
            .with_drag_and_drop(true),
        wgpu_options,
        ..eframe::NativeOptions::default()
    }
}

#[cfg(any(target_os = "linux", target_os = "freebsd"))]
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

#[cfg(not(any(target_os = "linux", target_os = "freebsd")))]
fn has_display() -> bool {
    true
}
