//! Not real-time: a panic in the callback is a moment of silence, an event, and then sound again.

use super::synth::Source;
use super::{AudioEngine, AudioEvent, AudioOptions, BlockRenderer};
use crate::dsp::BandAxis;
use crate::values::{ChunkAudio, DecodedChunk, Frames};
use std::sync::Arc;
use std::time::{Duration, Instant};

const RATE_HZ: u32 = 48_000;
const BLOCK_FRAMES: usize = 256;

/// Six seconds of a noise.
fn hum() -> ChunkAudio {
    let (frames, bands) = (1_024, BandAxis::standard().bands());
    ChunkAudio::Spectral {
        log_amplitude: Frames::from_vec(bands, vec![-4.0; frames * bands]),
        texture: Frames::zeros(frames, bands),
    }
}

fn decoded(audio: ChunkAudio) -> Arc<DecodedChunk> {
    Arc::new(DecodedChunk {
        generation: 1,
        ..DecodedChunk::of(audio)
    })
}

fn next_block(renderer: &mut BlockRenderer) -> Vec<f32> {
    let mut block = vec![f32::NAN; BLOCK_FRAMES];
    renderer.render(&mut block, 1);
    block
}

/// Renders until `wanted` is satisfied with a block and what the engine has said so far.
fn render_until(
    engine: &AudioEngine,
    renderer: &mut BlockRenderer,
    what: &str,
    wanted: impl Fn(&[f32], &[AudioEvent]) -> bool,
) {
    let deadline = Instant::now() + Duration::from_secs(20);
    let mut events = Vec::new();
    loop {
        let block = next_block(renderer);
        events.extend(engine.poll_events());
        if wanted(&block, &events) {
            return;
        }
        assert!(Instant::now() < deadline, "{what}: it did not happen; {events:?}");
        // The monitor makes the spare voices on its own thread.
        std::thread::yield_now();
    }
}

fn sounds(block: &[f32]) -> bool {
    block.iter().any(|sample| sample.abs() > 1e-3)
}

fn panicked(events: &[AudioEvent]) -> bool {
    events
        .iter()
        .any(|event| matches!(event, AudioEvent::SynthPanicked(message) if message.contains("index out of bounds")))
}

#[test]
fn a_panic_is_silence_then_an_event_and_the_next_sound_plays() {
    let (engine, mut renderer) = AudioEngine::detached(AudioOptions::default(), RATE_HZ).unwrap();
    engine.play();
    engine.publish(decoded(hum()));
    render_until(&engine, &mut renderer, "the first sound", |block, _| sounds(block));

    engine.publish_source(Source::broken());
    let block = next_block(&mut renderer);
    assert!(
        block.iter().all(|sample| *sample == 0.0),
        "the block of the panic is silent"
    );
    assert_eq!(engine.meters().panics, 1);
    render_until(&engine, &mut renderer, "the event", |_, events| panicked(events));

    engine.publish(decoded(hum()));
    render_until(&engine, &mut renderer, "the sound after it", |block, _| sounds(block));
    let panics = engine.meters().panics;
    assert!(
        panics <= 2,
        "{panics} panics: what makes new voices panic must be dropped"
    );
}

#[test]
fn after_a_panic_what_sounded_goes_on_at_its_place() {
    let (engine, mut renderer) = AudioEngine::detached(AudioOptions::default(), RATE_HZ).unwrap();
    engine.play();
    engine.set_original(Some(Arc::new(hum())));
    engine.hear_original(true);
    engine.seek(0.5);
    render_until(&engine, &mut renderer, "the first sound", |block, _| sounds(block));
    let place = engine.position();
    assert!(place > 0.4);
    engine.publish_source(Source::broken());
    engine.hear_original(false);
    next_block(&mut renderer);
    assert_eq!(engine.meters().panics, 1);
    engine.hear_original(true);
    render_until(&engine, &mut renderer, "the sound after it", |block, _| sounds(block));
    let moved = engine.position() - place;
    assert!((0.0..0.1).contains(&moved), "it went on at {moved} from where it was");
}
