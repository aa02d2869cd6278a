//! A take that is played again, as far as it has come.

/// A replay on its way.
pub struct Replay {
    /// The window's clock at the take's beginning.
    pub zero_secs: f64,
    /// The next act.
    pub next: usize,
    /// Faders follow the labels: what they did is not done again.
    pub as_recorded: bool,
    pub end_secs: f64,
}
