//! Not real-time: how large the blocks are that a device is asked for.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

/// A device of its own answers soonest so.
const OF_HARDWARE: u32 = 256;
/// A sound server hands blocks through threads of its own, which must all get their turn in time.
const OF_SERVER: u32 = 512;
/// What is kept or asked for is pulled into this.
const SENSIBLE: RangeInclusive<u32> = 32..=2_048;

/// What stands behind a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Behind {
    /// Nothing: the device is the card.
    Hardware,
    /// A sound server, or a plug-in that may lead to one.
    Server,
}

/// The sizes to ask for: the usual ones, and those of devices that needed larger blocks.
#[derive(Clone, Debug, Default)]
pub struct BlockSizes {
    usual: Option<u32>,
    grown: BTreeMap<String, u32>,
}

impl BlockSizes {
    /// `usual` instead of what suits the device, but for devices whose blocks have `grown`, by their names.
    pub fn new(usual: Option<u32>, grown: BTreeMap<String, u32>) -> Self {
        Self { usual, grown }
    }

    /// Frames to ask `device` for.
    pub fn of(&self, device: &str, behind: Behind) -> u32 {
        let usual = self.usual.unwrap_or(match behind {
            Behind::Hardware => OF_HARDWARE,
            Behind::Server => OF_SERVER,
        });
        let grown = self.grown.get(device).copied().unwrap_or(0);
        usual.max(grown).clamp(*SENSIBLE.start(), *SENSIBLE.end())
    }

    /// Doubles the blocks of `device`, which had `frames`, and returns their new size; `None` when they are as large as they get.
    pub fn grow(&mut self, device: &str, frames: u32) -> Option<u32> {
        let larger = frames.saturating_mul(2).min(*SENSIBLE.end());
        (larger > frames).then(|| {
            self.grown.insert(device.to_owned(), larger);
            larger
        })
    }

    /// Every device begins with the usual size again.
    pub fn forget(&mut self) {
        self.grown.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_grow_by_device_up_to_a_bound_and_can_be_forgotten() {
        let mut sizes = BlockSizes::default();
        assert_eq!(sizes.of("card", Behind::Hardware), OF_HARDWARE);
        assert_eq!(sizes.of("server", Behind::Server), OF_SERVER);
        let mut frames = OF_SERVER;
        while let Some(larger) = sizes.grow("server", frames) {
            assert_eq!(larger, 2 * frames);
            frames = larger;
        }
        assert_eq!(frames, *SENSIBLE.end());
        assert_eq!(sizes.of("server", Behind::Server), frames);
        assert_eq!(
            sizes.of("card", Behind::Hardware),
            OF_HARDWARE,
            "another device is another matter"
        );
        sizes.forget();
        assert_eq!(sizes.of("server", Behind::Server), OF_SERVER);
    }

    #[test]
    fn a_size_from_a_damaged_settings_file_is_pulled_into_range() {
        let sizes = BlockSizes::new(None, BTreeMap::from([("card".to_owned(), u32::MAX)]));
        assert_eq!(sizes.of("card", Behind::Hardware), *SENSIBLE.end());
        assert_eq!(
            BlockSizes::new(Some(0), BTreeMap::new()).of("card", Behind::Server),
            *SENSIBLE.start()
        );
    }
}
