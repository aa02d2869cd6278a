//! What the engine makes of chunks and recordings, sample by sample, and the whole of it with its threads on the silent back-end. What
//! needs a process of its own stands elsewhere: `tests/realtime.rs` counts allocations, `tests/virtual_card.rs` has a sound server.

mod detail;
#[path = "../../benches/peers/phase.rs"]
mod griffin_lim;
mod loops;
mod phase;
mod playing;
mod silent;
#[path = "../sounds/mod.rs"]
mod sounds;
mod stereo;
