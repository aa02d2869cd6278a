//! The only room that owns a `Device`: opening it, the training worker, the decode worker, their messages.

mod messages;

pub use messages::{ComputeEvent, ComputeRequest, Stage};
