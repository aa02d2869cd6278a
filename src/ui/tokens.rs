//! The design system: one scale of spaces, one of type, one set of colour roles per theme.
//!
//! Panes name roles ("weak text", "accent"), never numbers or hues, so dark and light stay the same design.

use egui::{Color32, FontId, Ui, Visuals};

/// Distances in points; each step is clearly larger than the last.
pub mod space {
    pub const HAIR: f32 = 2.0;
    pub const TIGHT: f32 = 4.0;
    pub const SNUG: f32 = 8.0;
    pub const ROOMY: f32 = 12.0;
    pub const WIDE: f32 = 16.0;
    pub const VAST: f32 = 24.0;
}

/// Corner radii in points.
pub mod radius {
    pub const CONTROL: u8 = 5;
    pub const CARD: u8 = 8;
}

/// Heights and widths that several panes share, in points.
pub mod size {
    /// A slider, a button, a row of a list.
    pub const ROW: f32 = 24.0;
    /// A slider in a long list.
    pub const TIGHT_ROW: f32 = 20.0;
    /// The status line.
    pub const STATUS: f32 = 24.0;
    /// The player under the map.
    pub const PLAYER: f32 = 116.0;
    /// The panel beside the map.
    pub const SIDE: f32 = 288.0;
}

/// Type scale.
pub mod type_scale {
    use super::FontId;

    pub const CAPTION: f32 = 11.0;
    pub const BODY: f32 = 13.0;
    pub const TITLE: f32 = 17.0;
    pub const DISPLAY: f32 = 24.0;

    /// Labels of meters and legends.
    pub fn caption() -> FontId {
        FontId::proportional(CAPTION)
    }

    /// Everything that is read.
    pub fn body() -> FontId {
        FontId::proportional(BODY)
    }

    /// Headings of cards and sheets.
    pub fn title() -> FontId {
        FontId::proportional(TITLE)
    }

    /// The one sentence of an empty state.
    pub fn display() -> FontId {
        FontId::proportional(DISPLAY)
    }

    /// Figures that change: fixed width, so they do not dance.
    pub fn figures() -> FontId {
        FontId::monospace(CAPTION)
    }
}

/// Colour roles.
#[derive(Debug)]
pub struct Colours {
    /// Behind the map, the scope and the spectrogram.
    pub ground: Color32,
    /// Panels.
    pub panel: Color32,
    /// Cards, menus, popups.
    pub raised: Color32,
    /// Troughs of sliders, text fields.
    pub trough: Color32,
    /// Buttons at rest and under the pointer.
    pub control: Color32,
    pub control_hot: Color32,
    /// Hairlines.
    pub line: Color32,
    pub text: Color32,
    pub weak: Color32,
    /// What sounds, what is chosen.
    pub accent: Color32,
    /// Text and marks on the accent.
    pub on_accent: Color32,
    pub good: Color32,
    pub warning: Color32,
    pub bad: Color32,
}

/// Night: ink blue with a warm lamp.
pub static DARK: Colours = Colours {
    ground: Color32::from_rgb(13, 16, 22),
    panel: Color32::from_rgb(21, 25, 33),
    raised: Color32::from_rgb(29, 34, 44),
    trough: Color32::from_rgb(12, 15, 20),
    control: Color32::from_rgb(37, 43, 55),
    control_hot: Color32::from_rgb(50, 58, 73),
    line: Color32::from_rgb(42, 49, 62),
    text: Color32::from_rgb(228, 232, 239),
    weak: Color32::from_rgb(143, 153, 170),
    accent: Color32::from_rgb(246, 190, 102),
    on_accent: Color32::from_rgb(32, 22, 6),
    good: Color32::from_rgb(121, 204, 160),
    warning: Color32::from_rgb(240, 180, 90),
    bad: Color32::from_rgb(244, 124, 116),
};

/// Day: paper with the same lamp, darker so that it can be read.
pub static LIGHT: Colours = Colours {
    ground: Color32::from_rgb(252, 251, 248),
    panel: Color32::from_rgb(243, 241, 236),
    raised: Color32::from_rgb(255, 255, 253),
    trough: Color32::from_rgb(228, 225, 218),
    control: Color32::from_rgb(230, 227, 220),
    control_hot: Color32::from_rgb(218, 214, 205),
    line: Color32::from_rgb(214, 210, 201),
    text: Color32::from_rgb(33, 36, 43),
    weak: Color32::from_rgb(98, 102, 112),
    accent: Color32::from_rgb(176, 102, 8),
    on_accent: Color32::from_rgb(255, 250, 240),
    good: Color32::from_rgb(22, 120, 76),
    warning: Color32::from_rgb(156, 96, 0),
    bad: Color32::from_rgb(188, 44, 38),
};

/// The colours of the theme `ui` is drawn in.
pub fn colours(ui: &Ui) -> &'static Colours {
    of_visuals(ui.visuals())
}

/// The colours of the theme `visuals` belong to.
pub fn of_visuals(visuals: &Visuals) -> &'static Colours {
    if visuals.dark_mode { &DARK } else { &LIGHT }
}
