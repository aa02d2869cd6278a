//! What the sound engine reports and measures, and what the window makes of it.

use super::App;
use super::real_outputs::real_outputs;
use crate::audio::{AudioEvent, DeviceEntry, StreamInfo};
use crate::session::{Banner, Command, Level};

/// Samples of the scope's picture.
const SCOPE_LEN: usize = 1_024;

impl App {
    pub(super) fn on_audio(&mut self, event: AudioEvent) {
        match event {
            AudioEvent::DeviceOpened(granted) => {
                if let Some(reason) = self.session.silence.take() {
                    self.session.retract(&reason);
                }
                self.session.audio_device = Some(granted.device);
            }
            AudioEvent::DeviceLost { device, reason } => {
                let text = format!("The sound card {device} went away ({reason}). The music goes on when it is back.");
                self.session.silence = Some(text.clone());
                self.session.announce(Banner::warning(text));
            }
            AudioEvent::DeviceUnavailable { reason } => {
                if self.session.silence.is_none() {
                    let reason = reason.trim_end_matches('.');
                    let text = format!("No sound card can be used: {reason}. Everything else works.");
                    self.session.announce(Banner::warning(text.clone()));
                    self.session.silence = Some(text);
                }
            }
            AudioEvent::DeviceReplaced { reason, device } => {
                let text = format!("The sound comes from {device} instead: {reason}.");
                self.session.announce(Banner::warning(text));
            }
            AudioEvent::BlockGrown { device, block_frames } => {
                log::info!("{device} gets blocks of {block_frames} frames");
                self.session.settings.device_blocks.insert(device, block_frames);
            }
            AudioEvent::Ended => {
                self.session.transport.playing = false;
                self.audio.stop();
            }
            AudioEvent::RecordingStarted(path) => log::info!("recording to {}", path.display()),
            AudioEvent::RecordingStopped {
                path,
                secs,
                lost_samples,
            } => self.on_recorded(path, secs, lost_samples),
            AudioEvent::RecordingFailed { path, reason } => {
                self.end_take();
                let text = format!("The recording {} failed: {reason}", path.display());
                self.session.announce(Banner::error(text));
            }
            AudioEvent::Rejected(reason) => self.session.announce(Banner::error(reason)),
            AudioEvent::SynthPanicked(message) => {
                let text = format!("The sound stumbled over a fault in Songspace ({message}) and goes on.");
                self.session.announce(Banner::warning(text));
            }
            AudioEvent::Died(message) => {
                let text =
                    format!("The sound stopped working ({message}). Save what you need and start Songspace again.");
                self.session
                    .announce(Banner::error(text).with_action("Save", Command::Save));
            }
        }
    }

    /// Lists the sound cards on a thread of its own.
    pub(super) fn list_audio_devices(&mut self) {
        let audio = self.audio.clone();
        self.tasks.run(
            "listing sound cards",
            move |_| {
                let devices = audio.devices();
                Box::new(move |app: &mut App| app.on_audio_devices(devices))
            },
            |message| Box::new(move |_: &mut App| log::warn!("the sound cards cannot be listed: {message}")),
        );
    }

    /// Reads the engine's figures into the session.
    pub(super) fn read_meters(&mut self) {
        let figures = self.audio.meters();
        let transport = &mut self.session.transport;
        transport.recording = figures.recording_secs.is_some();
        transport.recorded_secs = figures.recording_secs.unwrap_or(0.0) as f32;
        let meters = &mut self.session.meters;
        let ms = |spread: crate::audio::Percentiles| (spread.readings > 0).then_some(spread.last * 1e3);
        meters.request_ms = ms(figures.request_to_sample);
        meters.device_ms = figures.sample_to_ear_secs.map(|secs| secs * 1e3);
        meters.decode_ms = ms(figures.decode);
        let dropouts = figures.dropouts;
        if !transport.playing {
            self.meter_reader.unheard_dropouts = dropouts.saturating_sub(meters.dropouts);
        }
        meters.dropouts = dropouts.saturating_sub(self.meter_reader.unheard_dropouts);
        self.session.audio_details = figures.device.as_ref().map(details);
        self.session.audio_device = figures.device.map(|granted| granted.device);
        if !transport.playing {
            meters.peak_db = None;
            meters.rms_db = None;
            meters.channels = Default::default();
            meters.playhead = None;
            return;
        }
        let level = |amplitude: f32| (amplitude > 1e-5).then(|| 20.0 * amplitude.log10());
        for (channel, shown) in meters.channels.iter_mut().enumerate() {
            let peak_db = level(figures.peak[channel]);
            *shown = Level {
                peak_db,
                rms_db: level(figures.rms[channel]),
                held_db: self.meter_reader.holds[channel].follow(peak_db, self.now_secs),
            };
        }
        meters.clipped |= figures.clips;
        meters.peak_db = level(figures.peak[0].max(figures.peak[1]));
        meters.rms_db = level(figures.rms[0].max(figures.rms[1]));
        meters.playhead = Some(self.audio.position());
        let rate_hz = self.audio.scope(&mut self.meter_reader.samples);
        let samples = &self.meter_reader.samples;
        meters.scope.clear();
        meters.scope.extend(&samples[samples.len().saturating_sub(SCOPE_LEN)..]);
        self.meter_reader.extend(&mut meters.tape, rate_hz, self.now_secs);
    }

    /// The system's sound cards were listed.
    fn on_audio_devices(&mut self, devices: Vec<DeviceEntry>) {
        let devices = real_outputs(devices);
        self.session.audio_devices = devices.iter().map(|device| device.name.clone()).collect();
        self.meter_reader.devices = devices;
    }
}

/// What the sound card granted, in a line.
fn details(granted: &StreamInfo) -> String {
    let frames = granted.block_frames.unwrap_or(granted.asked_block_frames);
    format!(
        "{} Hz, blocks of {frames} frames, {}",
        granted.rate_hz, granted.priority
    )
}
