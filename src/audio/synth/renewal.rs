//! Real-time: voices that give way to voices without a past, so that a take begins with a synth that can be had again.
//!
//! Phases, filters and the limiter remember what came before. The voices that played go on for a moment and fade out while fresh
//! ones, at the same place of the same source, fade in; after that what is heard depends on nothing before the take.

use super::controls::Controls;
use super::repair::{Repair, Wreck};
use super::retirement::Retirement;
use super::voices::Voices;

/// Hops of the fade: .37 s.
const FADE_HOPS: u16 = 64;

/// The voices that leave.
pub struct Renewal {
    leaving: Option<Box<Voices>>,
    /// Hops of the fade that have sounded.
    faded: u16,
    mixed: Vec<[f32; 2]>,
    /// Nothing was handed to the device lately: there is nothing to fade from.
    pub is_rested: bool,
    /// Where fresh voices must begin with the next hop, in frames, whatever played; within, `None` = silent.
    pub forced: Option<Option<f64>>,
}

impl Renewal {
    /// Nothing leaves.
    pub fn new(hop_len: usize) -> Self {
        Self {
            leaving: None,
            faded: 0,
            mixed: vec![[0.0; 2]; hop_len],
            is_rested: true,
            forced: None,
        }
    }

    /// Lets `voices` fade out, or sends them away at once where nothing is heard.
    pub fn leave(&mut self, voices: Option<Box<Voices>>, repair: &mut Repair) {
        self.end(repair);
        if self.is_rested {
            let message = None;
            repair.send_away(Wreck { voices, message });
        } else {
            self.leaving = voices;
            self.faded = 0;
        }
    }

    /// Sends away what still leaves.
    pub fn end(&mut self, repair: &mut Repair) {
        if let Some(voices) = self.leaving.take() {
            repair.send_away(Wreck {
                voices: Some(voices),
                message: None,
            });
        }
    }

    /// Makes the next hop of what leaves, before that of the fresh voices, whose place is the one that is told.
    pub fn make(&mut self, controls: &Controls, retirement: &mut Retirement) {
        self.is_rested = false;
        if let Some(leaving) = &mut self.leaving {
            self.mixed.copy_from_slice(leaving.hop(controls, retirement));
        }
    }

    /// `fresh` over what leaves.
    pub fn mix<'a>(&'a mut self, fresh: &'a [[f32; 2]], repair: &mut Repair) -> &'a [[f32; 2]] {
        if self.leaving.is_none() {
            return fresh;
        }
        let step = 1.0 / (f32::from(FADE_HOPS) * fresh.len() as f32);
        let start = f32::from(self.faded) / f32::from(FADE_HOPS);
        for (index, (mixed, new)) in self.mixed.iter_mut().zip(fresh).enumerate() {
            let share = start + step * index as f32;
            *mixed = [0, 1].map(|channel| mixed[channel] + share * (new[channel] - mixed[channel]));
        }
        self.faded += 1;
        if self.faded == FADE_HOPS {
            self.end(repair);
        }
        &self.mixed
    }
}
