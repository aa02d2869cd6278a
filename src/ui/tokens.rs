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
    pub const SIDE: f32 = 296.0;
    /// A tab of the panel beside the map.
    pub const TAB: f32 = 30.0;
}

/// Type scale.
pub mod type_scale {
    use super::FontId;

    pub const TINY: f32 = 9.0;
    pub const CAPTION: f32 = 11.0;
    pub const LABEL: f32 = 12.5;
    pub const BODY: f32 = 13.0;
    pub const TITLE: f32 = 17.0;
    pub const DISPLAY: f32 = 24.0;

    /// The scale of the level meter.
    pub fn tiny() -> FontId {
        FontId::proportional(TINY)
    }

    /// Labels of meters and legends.
    pub fn caption() -> FontId {
        FontId::proportional(CAPTION)
    }

    /// Names on the map.
    pub fn label() -> FontId {
        FontId::proportional(LABEL)
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

/// Greys from the ground of the map up to text, all of one hue: surfaces are told apart by lightness alone.
const fn ramp(dark: bool) -> [Color32; 9] {
    const fn grey(r: u8, g: u8, b: u8) -> Color32 {
        Color32::from_rgb(r, g, b)
    }
    if dark {
        [
            grey(11, 12, 15),
            grey(15, 16, 20),
            grey(21, 23, 28),
            grey(29, 32, 38),
            grey(38, 42, 49),
            grey(53, 58, 67),
            grey(84, 90, 102),
            grey(150, 157, 169),
            grey(233, 236, 241),
        ]
    } else {
        [
            grey(251, 251, 252),
            grey(226, 229, 233),
            grey(242, 243, 245),
            grey(255, 255, 255),
            grey(229, 231, 236),
            grey(211, 215, 222),
            grey(168, 174, 184),
            grey(90, 97, 108),
            grey(27, 30, 36),
        ]
    }
}

const fn over(grey: [Color32; 9], tones: Tones) -> Colours {
    Colours {
        ground: grey[0],
        trough: grey[1],
        panel: grey[2],
        raised: grey[3],
        control: grey[4],
        control_hot: grey[5],
        line: grey[4],
        line_strong: grey[6],
        weak: grey[7],
        text: grey[8],
        accent: tones.accent,
        accent_soft: tones.accent_soft,
        on_accent: tones.on_accent,
        good: tones.good,
        warning: tones.warning,
        bad: tones.bad,
    }
}

/// What is not grey: the one accent and the three meanings.
struct Tones {
    accent: Color32,
    accent_soft: Color32,
    on_accent: Color32,
    good: Color32,
    warning: Color32,
    bad: Color32,
}

/// Colour roles.
#[derive(Debug)]
pub struct Colours {
    /// Behind the map, the waveform and the spectrogram.
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
    /// What is drawn rather than written: waveforms at rest, the knob of nothing.
    pub line_strong: Color32,
    pub text: Color32,
    pub weak: Color32,
    /// What is on, what is chosen, what plays: nothing else has it.
    pub accent: Color32,
    /// The same as a surface that text lies on: how far a slider is up, a chosen row.
    pub accent_soft: Color32,
    /// Text and marks on the accent.
    pub on_accent: Color32,
    pub good: Color32,
    pub warning: Color32,
    pub bad: Color32,
}

/// Night: graphite with one cyan light, which no genre has.
pub static DARK: Colours = over(
    ramp(true),
    Tones {
        accent: Color32::from_rgb(84, 214, 236),
        accent_soft: Color32::from_rgb(27, 72, 86),
        on_accent: Color32::from_rgb(4, 26, 31),
        good: Color32::from_rgb(110, 205, 120),
        warning: Color32::from_rgb(242, 178, 76),
        bad: Color32::from_rgb(247, 112, 104),
    },
);

/// Day: paper with the same light, darker so that it can be read.
pub static LIGHT: Colours = over(
    ramp(false),
    Tones {
        accent: Color32::from_rgb(0, 112, 138),
        accent_soft: Color32::from_rgb(176, 220, 231),
        on_accent: Color32::from_rgb(246, 253, 255),
        good: Color32::from_rgb(22, 118, 52),
        warning: Color32::from_rgb(150, 90, 0),
        bad: Color32::from_rgb(186, 38, 34),
    },
);

/// The colours of the theme `ui` is drawn in.
pub fn colours(ui: &Ui) -> &'static Colours {
    of_visuals(ui.visuals())
}

/// The colours of the theme `visuals` belong to.
pub fn of_visuals(visuals: &Visuals) -> &'static Colours {
    if visuals.dark_mode { &DARK } else { &LIGHT }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance after WCAG 2.
    fn luminance(colour: Color32) -> f32 {
        let linear = |v: u8| match f32::from(v) / 255.0 {
            low if low <= 0.040_45 => low / 12.92,
            v => ((v + 0.055) / 1.055).powf(2.4),
        };
        0.2126 * linear(colour.r()) + 0.7152 * linear(colour.g()) + 0.0722 * linear(colour.b())
    }

    fn contrast(a: Color32, b: Color32) -> f32 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn what_is_written_can_be_read_on_every_surface() {
        for c in [&DARK, &LIGHT] {
            for ground in [c.ground, c.panel, c.raised, c.trough, c.control, c.accent_soft] {
                assert!(contrast(c.text, ground) > 7.0, "text on {ground:?}");
            }
            for ground in [c.ground, c.panel, c.raised] {
                for ink in [c.weak, c.accent, c.good, c.warning, c.bad] {
                    assert!(
                        contrast(ink, ground) > 4.5,
                        "{ink:?} on {ground:?}: {}",
                        contrast(ink, ground)
                    );
                }
            }
            assert!(contrast(c.on_accent, c.accent) > 4.5);
            assert!(contrast(c.text, c.control_hot) > 4.5);
        }
    }
}
