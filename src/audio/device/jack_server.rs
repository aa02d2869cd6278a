//! Not real-time: two ports of a JACK server, where one runs, and their callback. JACK's library is loaded when it is asked for, so that nothing needs it.

use super::refusals;
use super::sound_cards::{DeviceEntry, OpenDevice, StreamInfo};
use crate::audio::AudioError;
use crate::audio::output::{Counters, DeviceClock, Link, Output};
use crate::sync::Priority;
use crossbeam_channel::bounded;
use jack::{AudioOut, Client, ClientOptions, Control, Port, PortFlags, ProcessScope};
use std::sync::Arc;
use std::sync::atomic::Ordering::Relaxed;
use std::time::{Duration, Instant};

const NAME: &str = "JACK";
/// Of the device among others.
const ID: &str = "jack:songspace";
/// How patch bays show it.
const CLIENT: &str = "songspace";
const PORTS: [&str; 2] = ["out_1", "out_2"];
/// Longer periods are filled in parts of as many frames.
const PART_FRAMES: usize = 1_024;

/// Whether the device `id` is this one.
pub fn is(id: &str) -> bool {
    id == ID
}

/// What can be chosen, where a server runs.
pub fn offered() -> Option<DeviceEntry> {
    is_running().then(|| DeviceEntry {
        id: ID.to_owned(),
        name: NAME.to_owned(),
        is_default: false,
    })
}

/// Whether a server answers.
pub fn is_running() -> bool {
    client("songspace (looking)").is_ok()
}

fn client(name: &str) -> Result<Client, jack::Error> {
    Client::new(name, ClientOptions::NO_START_SERVER).map(|(client, _)| client)
}

/// Joins the server and connects to its first two outputs to the world; other connections are a patch bay's.
///
/// # Errors
/// No server, or it refuses.
pub fn open(
    counters: &Arc<Counters>,
    connect: &dyn Fn(u32) -> Result<Link, AudioError>,
) -> Result<OpenDevice, AudioError> {
    let refused = |error: jack::Error| AudioError::Device {
        device: NAME.to_owned(),
        reason: refusals::in_words_of_jack(&error),
    };
    let client = client(CLIENT).map_err(refused)?;
    let (rate_hz, period) = (client.sample_rate(), client.buffer_size());
    let Link { output, monitor } = connect(rate_hz)?;
    let [left, right] = PORTS.map(|name| client.register_port(name, AudioOut::default()));
    let ports = [left.map_err(refused)?, right.map_err(refused)?];
    let own: Vec<String> = ports.iter().filter_map(|port| port.name().ok()).collect();
    let process = Process {
        ports,
        output,
        clock: DeviceClock::new(rate_hz, Arc::clone(counters)),
        rate_hz,
    };
    let news = News {
        counters: Arc::clone(counters),
    };
    let stream = client.activate_async(news, process).map_err(refused)?;
    let client = stream.as_client();
    let heard = client.ports(None, Some("audio"), PortFlags::IS_INPUT | PortFlags::IS_PHYSICAL);
    for (from, to) in own.iter().zip(&heard) {
        if let Err(error) = client.connect_ports_by_name(from, to) {
            log::warn!("JACK does not connect {from} to {to}: {error}");
        }
    }
    Ok(OpenDevice {
        stream_info: StreamInfo {
            device: NAME.to_owned(),
            rate_hz,
            channels: 2,
            asked_block_frames: period,
            block_frames: Some(period),
            priority: Priority::OfTheSystem,
        },
        stream: Box::new(stream),
        monitor,
        // A server that has ended asks for no more sound; that alone tells.
        reasons_rx: bounded(0).1,
    })
}

/// Real-time: fills the ports.
struct Process {
    ports: [Port<AudioOut>; 2],
    output: Output,
    clock: DeviceClock,
    rate_hz: u32,
}

impl jack::ProcessHandler for Process {
    fn process(&mut self, _: &Client, scope: &ProcessScope) -> Control {
        let now = Instant::now();
        let (_, latency_frames) = self.ports[0].get_latency_range(jack::LatencyType::Playback);
        let latency = Duration::from_secs_f64(f64::from(latency_frames) / f64::from(self.rate_hz.max(1)));
        self.clock.asked(scope.n_frames() as usize, latency, now);
        let [left, right] = &mut self.ports;
        let (left, right) = (left.as_mut_slice(scope), right.as_mut_slice(scope));
        let mut part = [0.0; 2 * PART_FRAMES];
        for (left, right) in left.chunks_mut(PART_FRAMES).zip(right.chunks_mut(PART_FRAMES)) {
            let block = &mut part[..2 * left.len()];
            self.output.fill(block, 2, now, |sample| sample);
            for ((frame, left), right) in block.as_chunks::<2>().0.iter().zip(left).zip(right) {
                [*left, *right] = *frame;
            }
        }
        Control::Continue
    }
}

/// What the server tells beside asking for sound.
struct News {
    counters: Arc<Counters>,
}

impl jack::NotificationHandler for News {
    fn xrun(&mut self, _: &Client) -> Control {
        self.counters.xruns.fetch_add(1, Relaxed);
        Control::Continue
    }
}
