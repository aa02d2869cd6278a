//! Controls of our own: what stock widgets cannot do or cannot do in this little room.

mod bar;
mod buttons;
mod card;
mod elided;
mod follow;
mod hold_arrows;
mod learnable;

pub use bar::Bar;
pub use buttons::{icon_button, round_button, segmented, tabs, toggle_chip};
pub use card::{caption, card, floating, footer, heading, hint};
pub use elided::elided;
pub use follow::follow_keyboard;
pub use hold_arrows::hold_arrows;
pub use learnable::{learnable, learnable_axes};
