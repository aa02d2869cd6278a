//! `songspace play`: a recipe through the sound card.

use super::number::finite;
use super::piece::{PieceArguments, Wanted};
use super::progress::stop_on_signal;
use super::terminal::tell;
use crate::audio::{AudioEngine, AudioEvent, AudioOptions, Mode, Playback};
use crate::decode::SpaceDecoder;
use crate::jobs::{Limiting, SoundLength, render_sound, render_take_sound};
use crate::sync::StopFlag;
use crate::values::{ChunkAudio, DecodedChunk};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often events are looked at.
const POLL: Duration = Duration::from_millis(20);

/// Sound that is still on its way to the loudspeaker when the engine has made the last of it.
const TAIL: Duration = Duration::from_millis(200);

/// What to play, under which condition, how.
#[derive(Debug, clap::Args)]
pub struct PlayArguments {
    #[command(flatten)]
    piece: PieceArguments,
    /// Start again at the end, until interrupted.
    #[arg(long = "loop")]
    looped: bool,
    /// 0.25 to 4 times as fast, at the same pitch.
    #[arg(long, default_value_t = 1.0, value_parser = finite)]
    speed: f32,
    /// 0 to 1.
    #[arg(long, default_value_t = 0.8, value_parser = finite)]
    volume: f32,
    /// Also write what is heard to this WAV file.
    #[arg(long)]
    record: Option<PathBuf>,
    /// The output device, by the identifier that `songspace doctor` prints.
    #[arg(long)]
    output: Option<String>,
    /// Keep time without a sound card.
    #[arg(long)]
    silent: bool,
}

/// Renders, then plays to the end or until interrupted.
pub fn run(arguments: &PlayArguments) -> anyhow::Result<()> {
    let interrupted = stop_on_signal();
    let piece = arguments.piece.open(&interrupted)?;
    let (snapshot, roots) = (&piece.snapshot, &piece.roots);
    let decoder = SpaceDecoder::new(snapshot, &arguments.piece.device().device)?;
    let asked_at = Instant::now();
    let (rendered, unheard) = match &piece.wanted {
        Wanted::Take((take, how)) => render_take_sound(snapshot, &decoder, take, *how, roots, &interrupted)?,
        Wanted::Recipe(recipe) => {
            // The engine has the limiter.
            let as_asked = (Limiting::Off, SoundLength::AsAsked);
            render_sound(snapshot, &decoder, recipe, as_asked, roots, &interrupted)?
        }
    };
    if let Some(why) = unheard {
        tell(why);
    }
    let chunk = DecodedChunk {
        asked_at,
        decode_secs: asked_at.elapsed().as_secs_f32(),
        ..DecodedChunk::of(ChunkAudio::Pcm {
            channels: usize::from(rendered.channels),
            samples: rendered.samples,
            sample_rate_hz: rendered.sample_rate_hz,
        })
    };
    play(arguments, chunk, &interrupted)
}

fn play(arguments: &PlayArguments, chunk: DecodedChunk, interrupted: &StopFlag) -> anyhow::Result<()> {
    let engine = AudioEngine::start(AudioOptions {
        device: arguments.output.clone(),
        silent: arguments.silent,
        ..AudioOptions::default()
    });
    engine.set_playback(Playback {
        mode: if arguments.looped { Mode::Loop } else { Mode::OneShot },
        speed: arguments.speed,
        volume: arguments.volume,
        ..Playback::default()
    });
    if let Some(path) = &arguments.record {
        engine.start_recording(path)?;
    }
    engine.publish(Arc::new(chunk));
    engine.play();
    while !interrupted.is_stopped() {
        if tell_events(&engine)? {
            std::thread::sleep(TAIL);
            break;
        }
        std::thread::sleep(POLL);
    }
    engine.stop_recording();
    tell_events(&engine).map(|_| ())
}

/// Tells what happened; true once the end was reached.
fn tell_events(engine: &AudioEngine) -> anyhow::Result<bool> {
    let mut ended = false;
    for event in engine.poll_events() {
        tell(match event {
            AudioEvent::Ended => {
                ended = true;
                continue;
            }
            AudioEvent::DeviceOpened(granted) => format!("playing on {} at {} Hz", granted.device, granted.rate_hz),
            AudioEvent::DeviceLost { device, reason } => format!("{device} went away ({reason}); waiting for it"),
            AudioEvent::DeviceUnavailable { reason } => format!("{reason}; playing in silence"),
            AudioEvent::DeviceReplaced { reason, device } => format!("{reason}; playing on {device} instead"),
            AudioEvent::BlockGrown { device, block_frames } => {
                format!("{device} could not keep up; it now gets blocks of {block_frames} frames")
            }
            AudioEvent::RecordingStarted(path) => format!("recording to {}", path.display()),
            AudioEvent::RecordingStopped { path, secs, .. } => format!("wrote {} ({secs:.1} s)", path.display()),
            AudioEvent::SynthPanicked(message) => format!("the sound stumbled over a fault ({message}) and goes on"),
            AudioEvent::RecordingFailed { reason, .. } | AudioEvent::Rejected(reason) | AudioEvent::Died(reason) => {
                anyhow::bail!(reason);
            }
        });
    }
    Ok(ended)
}
