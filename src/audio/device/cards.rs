//! Not real-time: output devices as the system lists them, and opening one. The only cpal import.

use super::alsa_messages::with_alsa_logged;
use super::block_sizes::{Behind, BlockSizes};
use super::jack_server;
use super::refusals;
use super::sound_cards::{DeviceEntry, OpenDevice, SoundCards, StreamInfo};
use crate::audio::AudioError;
use crate::audio::output::{Counters, DeviceClock, Link, Output};
use crate::sync::{Priority, priority};
use cpal::traits::{DeviceTrait, HostTrait, StreamTrait};
use cpal::{BufferSize, ErrorKind, FromSample, SampleFormat, SizedSample, StreamConfig, SupportedBufferSize};
use crossbeam_channel::{Sender, bounded};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

/// How long a stream rests after an error other than an underrun.
const ERROR_PAUSE: Duration = Duration::from_millis(2);

/// Threads that sound goes through in this process: cpal's own, and the one on which PulseAudio's library talks to the server.
const SOUND_THREADS: [&str; 2] = ["cpal_alsa_out", "threaded-ml"];

/// The outputs that the system offers now, the default first.
pub fn list() -> Vec<DeviceEntry> {
    let mut entries = with_alsa_logged(offered);
    entries.extend(jack_server::offered());
    entries
}

fn offered() -> Vec<DeviceEntry> {
    let entry = |device: &cpal::Device, is_default| {
        device.id().ok().map(|id| DeviceEntry {
            id: id.to_string(),
            name: device.to_string(),
            is_default,
        })
    };
    let mut entries: Vec<DeviceEntry> = Vec::new();
    for (rank, host) in hosts().enumerate() {
        let default = host.default_output_device().filter(|_| rank == 0);
        let first = default.iter().filter_map(|device| entry(device, true));
        let others = host.output_devices().into_iter().flatten();
        for entry in first.chain(others.filter_map(|device| entry(&device, false))) {
            if entries.iter().all(|known| known.id != entry.id) {
                entries.push(entry);
            }
        }
    }
    entries
}

/// The ways to the system's sound cards, the one that it uses by default first: on Linux ALSA, and PipeWire before it with the
/// feature of that name.
fn hosts() -> impl Iterator<Item = cpal::Host> {
    let default = cpal::default_host();
    let others = cpal::available_hosts()
        .into_iter()
        .filter(|id| *id != default.id())
        .filter_map(|id| cpal::host_from_id(id).ok())
        .collect::<Vec<_>>();
    std::iter::once(default).chain(others)
}

/// The sound cards of this system.
pub struct SystemCards;

impl SoundCards for SystemCards {
    fn offers(&self, id: &str) -> bool {
        match jack_server::is(id) {
            true => jack_server::is_running(),
            false => with_alsa_logged(|| find(Some(id)).is_ok()),
        }
    }

    fn open(
        &self,
        id: Option<&str>,
        block_sizes: &BlockSizes,
        counters: &Arc<Counters>,
        connect: &dyn Fn(u32) -> Result<Link, AudioError>,
    ) -> Result<OpenDevice, AudioError> {
        if id.is_some_and(jack_server::is) {
            return jack_server::open(counters, connect);
        }
        priority::while_urgent(|| {
            let mut opened = with_alsa_logged(|| open(id, block_sizes, counters, connect))?;
            opened.stream_info.priority = priority::of_threads_called(&SOUND_THREADS);
            Ok(opened)
        })
    }
}

/// What stands behind the device with the identifier `id`, by the names that ALSA gives to cards.
fn behind(id: &str) -> Behind {
    const CARDS: [&str; 5] = ["hw:", "plughw:", "sysdefault:", "front:", "hdmi:"];
    let name = id.split_once(':').map_or(id, |(_, name)| name);
    match !cfg!(target_os = "linux") || CARDS.iter().any(|card| name.starts_with(card)) {
        true => Behind::Hardware,
        false => Behind::Server,
    }
}

fn open(
    id: Option<&str>,
    block_sizes: &BlockSizes,
    counters: &Arc<Counters>,
    connect: &dyn Fn(u32) -> Result<Link, AudioError>,
) -> Result<OpenDevice, AudioError> {
    let device = find(id)?;
    let name = device.to_string();
    let refused = |error: cpal::Error| AudioError::Device {
        device: name.clone(),
        reason: refusals::in_words(&error),
    };
    let default = device.default_output_config().map_err(refused)?;
    let block_frames = block_sizes.of(&name, device.id().map_or(Behind::Server, |id| behind(&id.to_string())));
    let block_frames = match default.buffer_size() {
        SupportedBufferSize::Range { min, max } => block_frames.clamp(*min, (*max).max(*min)),
        SupportedBufferSize::Unknown => block_frames,
    };
    let attempt = |buffer_size| {
        let config = StreamConfig {
            buffer_size,
            ..default.config()
        };
        let Link { output, monitor } = connect(config.sample_rate)?;
        let (reasons_tx, reasons_rx) = bounded(4);
        let format = default.sample_format();
        let stream = build(&device, config, format, output, Arc::clone(counters), reasons_tx)
            .and_then(|stream| stream.play().map(|()| stream))
            .map_err(refused)?;
        let stream_info = StreamInfo {
            device: name.clone(),
            rate_hz: config.sample_rate,
            channels: config.channels,
            asked_block_frames: block_frames,
            block_frames: stream.buffer_size().ok(),
            priority: Priority::OfTheSystem,
        };
        Ok(OpenDevice {
            stream: Box::new(stream),
            stream_info,
            monitor,
            reasons_rx,
        })
    };
    attempt(BufferSize::Fixed(block_frames)).or_else(|_: AudioError| attempt(BufferSize::Default))
}

/// Finds the device `id`, or the default.
fn find(id: Option<&str>) -> Result<cpal::Device, AudioError> {
    let Some(id) = id else {
        return cpal::default_host().default_output_device().ok_or(AudioError::NoDevice);
    };
    let is_wanted = |device: &cpal::Device| device.id().is_ok_and(|own| own.to_string() == id);
    hosts()
        .flat_map(|host| {
            let default = host.default_output_device();
            default.into_iter().chain(host.output_devices().into_iter().flatten())
        })
        .find(is_wanted)
        .ok_or_else(|| AudioError::NoSuchDevice(id.to_owned()))
}

fn build(
    device: &cpal::Device,
    config: StreamConfig,
    format: SampleFormat,
    output: Output,
    counters: Arc<Counters>,
    reasons_tx: Sender<String>,
) -> Result<cpal::Stream, cpal::Error> {
    match format {
        SampleFormat::I8 => build_as::<i8>(device, config, output, counters, reasons_tx),
        SampleFormat::I16 => build_as::<i16>(device, config, output, counters, reasons_tx),
        SampleFormat::I24 => build_as::<cpal::I24>(device, config, output, counters, reasons_tx),
        SampleFormat::I32 => build_as::<i32>(device, config, output, counters, reasons_tx),
        SampleFormat::U8 => build_as::<u8>(device, config, output, counters, reasons_tx),
        SampleFormat::U16 => build_as::<u16>(device, config, output, counters, reasons_tx),
        SampleFormat::U24 => build_as::<cpal::U24>(device, config, output, counters, reasons_tx),
        SampleFormat::U32 => build_as::<u32>(device, config, output, counters, reasons_tx),
        SampleFormat::F64 => build_as::<f64>(device, config, output, counters, reasons_tx),
        _ => build_as::<f32>(device, config, output, counters, reasons_tx),
    }
}

fn build_as<T: SizedSample + FromSample<f32>>(
    device: &cpal::Device,
    config: StreamConfig,
    mut output: Output,
    counters: Arc<Counters>,
    reasons_tx: Sender<String>,
) -> Result<cpal::Stream, cpal::Error> {
    let channels = usize::from(config.channels);
    let mut clock = DeviceClock::new(config.sample_rate, Arc::clone(&counters));
    device.build_output_stream::<T, _, _>(
        config,
        move |block: &mut [T], info: &cpal::OutputCallbackInfo| {
            priority::hurry();
            let (times, now) = (info.timestamp(), Instant::now());
            let latency = times.playback.saturating_duration_since(times.callback);
            clock.asked(block.len() / channels.max(1), latency, now);
            output.fill(block, channels, now, T::from_sample_);
        },
        move |error: cpal::Error| match error.kind() {
            ErrorKind::Xrun => {
                counters.xruns.fetch_add(1, Relaxed);
            }
            ErrorKind::DeviceChanged | ErrorKind::RealtimeDenied => {}
            kind => {
                // Full when errors repeat; the first reason is the one to tell.
                let _ = reasons_tx.try_send(refusals::in_words(&error));
                // The stream's thread asks again at once, for ever: it would take the processor from the very server that it
                // waits for.
                std::thread::sleep(ERROR_PAUSE);
                let fatal = matches!(kind, ErrorKind::DeviceNotAvailable | ErrorKind::StreamInvalidated);
                counters.lost.fetch_or(fatal, Relaxed);
            }
        },
        None,
    )
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn cards_are_told_from_servers_by_their_names() {
        for id in [
            "alsa:hw:CARD=PCH,DEV=0",
            "alsa:plughw:CARD=PCH,DEV=0",
            "alsa:sysdefault:CARD=PCH",
        ] {
            assert_eq!(behind(id), Behind::Hardware, "{id}");
        }
        for id in ["alsa:default", "alsa:pulse", "alsa:pipewire", "alsa:jack"] {
            assert_eq!(behind(id), Behind::Server, "{id}");
        }
    }
}
