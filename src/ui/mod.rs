//! Panes: `(&Session, &mut Panes, &mut Commands)` to pixels.
//!
//! UI thread only. A pane reads the session, keeps what only it needs (a hovered point, a half-typed word) in its
//! own state, and asks for everything else with a [`crate::session::Command`]. Nothing here imports the
//! back-ends, so every pane runs in a test with a session made by hand.

mod banners;
mod clock_bar;
mod conditions;
mod controls;
mod dialogs;
mod hand;
mod icon;
mod keyboard;
mod keys;
mod map;
mod memory;
mod menu;
mod palette;
mod panes;
mod pictures;
mod player;
mod score;
mod shield;
mod side;
mod status;
mod style;
mod takes;
mod tokens;
mod tour;
mod training;
mod window;

pub use dialogs::{Dialog, PathSheet};
pub use map::{Camera, MapState, Room, Tool};
pub use panes::{Panes, SideTab};
pub use style::{install, set_theme};
pub use training::TrainingPaneState;
pub use window::show;
