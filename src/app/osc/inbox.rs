//! What was heard and waits for the next frame: of every fader the newest position, of everything else what fits.

use super::order::{Fader, OscOrder};
use std::collections::BTreeMap;
use std::net::IpAddr;

/// Orders that count every time: more between two frames than this are not followed.
const MOST_EVENTS: usize = 64;
/// Faders at once.
const MOST_FADERS: usize = 256;

/// Filled by the thread that listens, emptied once a frame.
#[derive(Debug, Default)]
pub(super) struct Inbox {
    faders: BTreeMap<Fader, OscOrder>,
    events: Vec<OscOrder>,
    pub understood: u64,
    pub malformed: u64,
    pub overtaken: u64,
    /// Whoever was heard last.
    pub heard_from: Option<IpAddr>,
    /// Why nothing is heard.
    pub problem: Option<String>,
}

impl Inbox {
    /// Takes in an order; whether it is the first since the inbox was emptied.
    pub fn put(&mut self, order: OscOrder) -> bool {
        let was_empty = self.faders.is_empty() && self.events.is_empty();
        self.understood += 1;
        match order.fader() {
            Some(fader) if self.faders.len() < MOST_FADERS || self.faders.contains_key(&fader) => {
                self.overtaken += u64::from(self.faders.insert(fader, order).is_some());
            }
            None if self.events.len() < MOST_EVENTS => self.events.push(order),
            _ => self.overtaken += 1,
        }
        was_empty
    }

    /// Everything that waits: faders, then events in the order in which they came.
    pub fn empty(&mut self) -> Vec<OscOrder> {
        let faders = std::mem::take(&mut self.faders);
        faders.into_values().chain(self.events.drain(..)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_leaves_the_newest_position_and_a_bounded_number_of_events() {
        let mut inbox = Inbox::default();
        assert!(inbox.put(OscOrder::Detail(0.0)));
        for i in 0..10_000u16 {
            assert!(!inbox.put(OscOrder::Detail(f32::from(i))));
            inbox.put(OscOrder::Play(true));
        }
        let orders = inbox.empty();
        assert_eq!(orders[0], OscOrder::Detail(9_999.0));
        assert_eq!(orders.len(), 1 + MOST_EVENTS);
        assert_eq!(inbox.understood, 20_001);
        assert_eq!(inbox.overtaken, 10_000 + 10_000 - MOST_EVENTS as u64);
        assert!(inbox.empty().is_empty() && inbox.put(OscOrder::Play(false)));
    }
}
