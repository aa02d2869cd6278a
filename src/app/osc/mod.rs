//! Open Sound Control in and out: `order` is the address space, `inbox` what waits for the next frame, `socket` the thread
//! that listens, `state` its port, `control` what the window does with it.

mod control;
mod inbox;
mod order;
mod socket;
mod state;

pub use state::OscState;
