//! Not real-time: a chosen sound card that is missing is replaced by the default one until it is back.

use super::block_sizes::{Behind, BlockSizes};
use super::sound_cards::{OpenDevice, SoundCards, StreamInfo};
use super::stream::{Backend, FIRST_RETRY, LOOK, StreamManager};
use crate::audio::AudioError;
use crate::audio::events::{AudioEvent, EventSender};
use crate::audio::monitor::lock;
use crate::audio::output::{Counters, Link, SynthHome};
use crate::audio::synth::{Controls, Synth, SynthLanes};
use crate::dsp::BandAxis;
use crate::sync::{Priority, Waker};
use crossbeam_channel::{Receiver, bounded, unbounded};
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const USB: &str = "usb";
const BUILT_IN: &str = "built-in";

/// Sound cards that come and go as a test says; the first one is the default.
#[derive(Clone, Default)]
struct Shelf {
    cards: Arc<Mutex<Vec<&'static str>>>,
    refuses: Arc<Mutex<Vec<&'static str>>>,
}

impl SoundCards for Shelf {
    fn offers(&self, id: &str) -> bool {
        lock(&self.cards).contains(&id)
    }

    fn open(
        &self,
        id: Option<&str>,
        block_sizes: &BlockSizes,
        _counters: &Arc<Counters>,
        connect: &dyn Fn(u32) -> Result<Link, AudioError>,
    ) -> Result<OpenDevice, AudioError> {
        let device = match id {
            Some(id) if !self.offers(id) => return Err(AudioError::NoSuchDevice(id.to_owned())),
            Some(id) => id.to_owned(),
            None => (*lock(&self.cards).first().ok_or(AudioError::NoDevice)?).to_owned(),
        };
        if lock(&self.refuses).iter().any(|card| *card == device) {
            let reason = "busy".to_owned();
            return Err(AudioError::Device { device, reason });
        }
        let Link { output, monitor } = connect(48_000)?;
        Ok(OpenDevice {
            stream: Box::new(output),
            stream_info: StreamInfo {
                rate_hz: 48_000,
                channels: 2,
                asked_block_frames: block_sizes.of(&device, Behind::Hardware),
                device,
                block_frames: None,
                priority: Priority::OfTheSystem,
            },
            monitor,
            reasons_rx: bounded(1).1,
        })
    }
}

struct Rig {
    shelf: Shelf,
    manager: StreamManager,
    counters: Arc<Counters>,
    events: Receiver<AudioEvent>,
    backend: Option<Backend>,
    now: Instant,
}

impl Rig {
    /// A manager that wants the USB card, of `cards`.
    fn new(cards: &[&'static str]) -> Self {
        let shelf = Shelf::default();
        lock(&shelf.cards).extend(cards);
        let (controls, counters) = (Arc::new(Controls::default()), Arc::new(Counters::default()));
        let lanes = SynthLanes::unconnected();
        let (events_tx, events) = EventSender::new(Waker::silent());
        let mut manager = StreamManager {
            cards: Box::new(shelf.clone()),
            home: SynthHome::new(Synth::new(&BandAxis::standard(), 1, Arc::clone(&controls), lanes)),
            wanted: Some(USB.to_owned()),
            block_sizes: BlockSizes::default(),
            silent_only: false,
            controls,
            counters: Arc::clone(&counters),
            lanes_tx: unbounded().0,
            requests_rx: bounded(1).1,
            stream_info: Arc::default(),
            events: events_tx,
        };
        let now = Instant::now();
        let backend = manager.connect(now);
        Self {
            shelf,
            manager,
            counters,
            events,
            backend,
            now,
        }
    }

    /// Lets `time` pass, in which the device asks for sound.
    fn pass(&mut self, time: Duration) {
        self.now += time;
        self.counters.callbacks.fetch_add(1, Relaxed);
        let backend = self.backend.take().expect("something keeps time");
        self.backend = self.manager.supervise(backend, self.now);
    }

    fn plug_in(&self, card: &'static str) {
        lock(&self.shelf.cards).push(card);
    }

    fn unplug(&self, card: &'static str) {
        lock(&self.shelf.cards).retain(|other| *other != card);
    }

    /// What plays now.
    fn plays(&self) -> Option<String> {
        lock(&self.manager.stream_info).as_ref().map(|info| info.device.clone())
    }

    /// Frames that were asked of it.
    fn asked_block_frames(&self) -> Option<u32> {
        lock(&self.manager.stream_info)
            .as_ref()
            .map(|info| info.asked_block_frames)
    }

    /// What the new events say about replacements.
    fn replacements(&self) -> Vec<(String, String)> {
        let replaced = |event| match event {
            AudioEvent::DeviceReplaced { reason, device } => Some((reason, device)),
            _ => None,
        };
        self.events.try_iter().filter_map(replaced).collect()
    }
}

#[test]
fn a_missing_card_is_replaced_by_the_default_until_it_is_back() {
    let mut rig = Rig::new(&[BUILT_IN]);
    assert_eq!(rig.plays().as_deref(), Some(BUILT_IN), "silence in place of sound");
    let told = rig.replacements();
    assert!(
        matches!(&told[..], [(reason, device)] if reason.contains(USB) && device == BUILT_IN),
        "{told:?}"
    );
    rig.pass(LOOK);
    assert_eq!(rig.plays().as_deref(), Some(BUILT_IN));
    rig.plug_in(USB);
    rig.pass(LOOK);
    assert_eq!(rig.plays().as_deref(), Some(USB), "it is there and was chosen");
    assert!(rig.replacements().is_empty());
}

#[test]
fn a_card_pulled_while_it_plays_hands_over_to_the_default() {
    let mut rig = Rig::new(&[BUILT_IN, USB]);
    assert_eq!(rig.plays().as_deref(), Some(USB));
    rig.unplug(USB);
    rig.counters.lost.store(true, Relaxed);
    rig.pass(Duration::from_millis(20));
    assert_eq!(rig.plays(), None, "a short silence");
    rig.pass(FIRST_RETRY);
    assert_eq!(rig.plays().as_deref(), Some(BUILT_IN));
    assert_eq!(rig.replacements().len(), 1);
}

#[test]
fn a_card_that_is_there_but_refuses_is_not_tried_over_and_over() {
    let mut rig = Rig::new(&[BUILT_IN]);
    lock(&rig.shelf.refuses).push(USB);
    rig.plug_in(USB);
    rig.pass(LOOK);
    assert_eq!(rig.plays().as_deref(), Some(BUILT_IN));
    rig.replacements();
    for _ in 0..5 {
        rig.pass(LOOK);
    }
    assert!(rig.replacements().is_empty(), "every try interrupts the sound");
    lock(&rig.shelf.refuses).clear();
    rig.unplug(USB);
    rig.pass(LOOK);
    rig.plug_in(USB);
    rig.pass(LOOK);
    assert_eq!(rig.plays().as_deref(), Some(USB));
}

#[test]
fn without_any_card_the_message_names_the_chosen_one() {
    let rig = Rig::new(&[]);
    assert_eq!(rig.plays(), None);
    let unavailable = |event| match event {
        AudioEvent::DeviceUnavailable { reason } => Some(reason),
        _ => None,
    };
    let reasons: Vec<String> = rig.events.try_iter().filter_map(unavailable).collect();
    assert!(matches!(&reasons[..], [reason] if reason.contains(USB)), "{reasons:?}");
}

#[test]
fn a_card_that_drops_out_gets_larger_blocks_and_keeps_them_until_it_is_chosen_anew() {
    let mut rig = Rig::new(&[USB]);
    let first = rig.asked_block_frames().expect("it plays");
    rig.counters.dropouts.fetch_add(1, Relaxed);
    rig.pass(Duration::from_millis(20));
    assert_eq!(rig.asked_block_frames(), Some(first), "one may happen");
    rig.manager.controls.sounding.store(true, Relaxed);
    rig.counters.dropouts.fetch_add(1, Relaxed);
    rig.pass(Duration::from_millis(20));
    assert_eq!(rig.asked_block_frames(), Some(2 * first));
    assert_eq!(rig.counters.dropouts.load(Relaxed), 3, "opening it again is heard too");
    let grown = |event| matches!(event, AudioEvent::BlockGrown { device, block_frames } if device == USB && block_frames == 2 * first);
    assert!(
        rig.events.try_iter().any(grown),
        "nobody could keep it for the next start"
    );
    rig.pass(Duration::from_secs(1));
    assert_eq!(
        rig.asked_block_frames(),
        Some(2 * first),
        "the gap of opening is no reason to grow"
    );
    rig.manager.block_sizes.forget();
    // There is one synth.
    rig.backend = None;
    rig.backend = rig.manager.connect(rig.now);
    assert_eq!(rig.asked_block_frames(), Some(first));
}
