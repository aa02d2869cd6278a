//! What the window holds of the clock, as plain values.

use super::clock_out::ClockOut;
use super::link::LinkPlay;
use crate::session::Taps;

/// What the window holds of the clock.
#[derive(Default)]
pub struct ClockState {
    pub taps: Taps,
    pub out: Option<(String, Option<ClockOut>)>,
    pub link: Option<LinkPlay>,
    /// Smoothed level of what is heard, 0..=1.
    pub level: f32,
}
