//! `songspace play`: a recipe through the sound card, looped until Ctrl-C or for a number of seconds.

use super::progress::stop_on_ctrl_c;
use super::select::{ConditionArguments, SourceArguments, recipe};
use crate::audio::{AudioEngine, AudioEvent, AudioOptions, Playback};
use crate::bundle::Snapshot;
use crate::compute::{DeviceChoice, open_device};
use crate::render::{SpaceDecoder, frames};
use crate::space::DecodedChunk;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

const POLL: Duration = Duration::from_millis(50);
/// How long the sound fades and the recorder finishes.
const FADE: Duration = Duration::from_millis(300);

/// What to play and how.
#[derive(Debug, clap::Args)]
pub struct PlayArguments {
    space: PathBuf,
    #[command(flatten)]
    source: SourceArguments,
    #[command(flatten)]
    condition: ConditionArguments,
    /// Stop after this long; without it, at Ctrl-C.
    #[arg(long)]
    seconds: Option<f32>,
    /// Chunk seconds per second, 0.25 to 4; the pitch stays.
    #[arg(long, default_value_t = 1.0)]
    speed: f32,
    /// Amplitude factor, 0 to 1.
    #[arg(long, default_value_t = 0.8)]
    volume: f32,
    /// Record what is heard to this WAV file.
    #[arg(long)]
    record: Option<PathBuf>,
    #[arg(long, value_enum, default_value = "auto")]
    device: DeviceChoice,
}

/// Plays until told to stop.
pub fn run(arguments: &PlayArguments) -> anyhow::Result<()> {
    let snapshot = Arc::new(Snapshot::open(&arguments.space)?);
    let decoder = SpaceDecoder::new(&snapshot, &open_device(arguments.device).device)?;
    let recipe = recipe(&snapshot, &arguments.source, &arguments.condition)?;
    let asked_at = Instant::now();
    let audio = decoder.audio(frames(&snapshot, &decoder, &recipe)?);
    let decode_secs = asked_at.elapsed().as_secs_f32();

    let engine = AudioEngine::start(AudioOptions::default());
    engine.set_playback(Playback {
        speed: arguments.speed,
        volume: arguments.volume,
        texture: recipe.texture,
        ..Playback::default()
    });
    if let Some(path) = &arguments.record {
        engine.start_recording(path)?;
    }
    engine.publish(Arc::new(DecodedChunk {
        generation: 1,
        asked_at,
        decode_secs,
        audio,
    }));
    engine.play();

    let stop = stop_on_ctrl_c();
    let begun = Instant::now();
    let over = |begun: Instant| {
        arguments
            .seconds
            .is_some_and(|secs| begun.elapsed().as_secs_f32() >= secs)
    };
    while !stop.is_stopped() && !over(begun) {
        std::thread::sleep(POLL);
        report(&engine);
    }
    engine.stop();
    std::thread::sleep(FADE);
    engine.stop_recording();
    std::thread::sleep(FADE);
    report(&engine);
    let meters = engine.meters();
    eprintln!(
        "empty rings {}, device underruns {}, synth {:.0} % of a core",
        meters.empty_rings,
        meters.xruns,
        100.0 * meters.synth_load
    );
    Ok(())
}

/// Says what happened to the sound card and the recording.
fn report(engine: &AudioEngine) {
    for event in engine.poll_events() {
        match event {
            AudioEvent::DeviceOpened(granted) => eprintln!("playing on {granted:?}"),
            AudioEvent::DeviceLost { device, reason } => eprintln!("{device} went away: {reason}"),
            AudioEvent::DeviceUnavailable { reason } => eprintln!("no sound card: {reason}"),
            AudioEvent::RecordingStopped { path, secs, .. } => eprintln!("recorded {secs:.1} s to {}", path.display()),
            AudioEvent::RecordingFailed { path, reason } => eprintln!("{}: not recorded: {reason}", path.display()),
            AudioEvent::Rejected(reason) | AudioEvent::Died(reason) => eprintln!("{reason}"),
            AudioEvent::BlockGrown { block_frames, .. } => eprintln!("larger blocks: {block_frames} frames"),
            AudioEvent::RecordingStarted(_) | AudioEvent::Ended => {}
        }
    }
}
