//! What the sound engine reports and what the window makes of it.

use super::App;
use crate::audio::AudioEvent;
use crate::session::{Banner, Command};

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
            AudioEvent::BlockGrown { device, block_frames } => {
                log::info!("{device} gets blocks of {block_frames} frames");
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
            } => {
                let lost = if lost_samples == 0 {
                    String::new()
                } else {
                    format!(" ({lost_samples} samples were lost: the disk was too slow)")
                };
                let text = format!("Recorded {secs:.1} s to {}{lost}", path.display());
                self.session.announce(Banner::note(text));
            }
            AudioEvent::RecordingFailed { path, reason } => {
                let text = format!("The recording {} failed: {reason}", path.display());
                self.session.announce(Banner::error(text));
            }
            AudioEvent::Rejected(reason) => self.session.announce(Banner::error(reason)),
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
}
