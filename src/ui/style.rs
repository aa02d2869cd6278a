//! Puts the tokens into egui's own style, so that stock widgets look like ours.

use super::hand::Hand;
use super::tokens::{self, Colours, radius, space, type_scale};
use crate::session::ThemeChoice;
use egui::style::WidgetVisuals;
use egui::{Context, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme, ThemePreference, vec2};

/// Installs both themes and what takes slow frames apart; once, when the window opens.
pub fn install(ctx: &Context) {
    for (theme, colours) in [(Theme::Dark, &tokens::DARK), (Theme::Light, &tokens::LIGHT)] {
        ctx.style_mut_of(theme, |style| apply(style, colours));
    }
    ctx.add_plugin(Hand::default());
}

/// Switches to `choice`.
pub fn set_theme(ctx: &Context, choice: ThemeChoice) {
    ctx.set_theme(match choice {
        ThemeChoice::Dark => ThemePreference::Dark,
        ThemeChoice::Light => ThemePreference::Light,
        ThemeChoice::System => ThemePreference::System,
    });
}

fn apply(style: &mut Style, c: &Colours) {
    let proportional = |size| FontId::new(size, FontFamily::Proportional);
    style.text_styles = [
        (TextStyle::Small, proportional(type_scale::CAPTION)),
        (TextStyle::Body, proportional(type_scale::BODY)),
        (TextStyle::Button, proportional(type_scale::BODY)),
        (TextStyle::Heading, proportional(type_scale::TITLE)),
        (
            TextStyle::Monospace,
            FontId::new(type_scale::BODY, FontFamily::Monospace),
        ),
    ]
    .into();
    style.spacing.item_spacing = vec2(space::SNUG, 6.0);
    style.spacing.button_padding = vec2(10.0, 4.0);
    style.spacing.interact_size.y = tokens::size::ROW;
    style.spacing.menu_margin = Margin::same(6);
    style.spacing.window_margin = Margin::same(16);
    style.spacing.menu_width = 260.0;
    style.spacing.tooltip_width = 280.0;
    // Beside the contents, never over their right edge, where the figures stand.
    style.spacing.scroll.floating_allocated_width = space::SNUG;
    style.interaction.selectable_labels = false;
    style.interaction.tooltip_delay = 0.4;
    style.animation_time = 0.12;

    let v = &mut style.visuals;
    v.panel_fill = c.panel;
    v.window_fill = c.raised;
    v.window_stroke = Stroke::new(1.0, c.line);
    v.window_corner_radius = CornerRadius::same(radius::CARD);
    v.menu_corner_radius = CornerRadius::same(radius::CARD);
    v.extreme_bg_color = c.trough;
    v.faint_bg_color = c.raised;
    v.code_bg_color = c.trough;
    v.weak_text_color = Some(c.weak);
    v.hyperlink_color = c.accent;
    v.warn_fg_color = c.warning;
    v.error_fg_color = c.bad;
    v.selection.bg_fill = c.accent_soft;
    v.selection.stroke = Stroke::new(1.0, c.text);
    v.slider_trailing_fill = true;
    v.window_shadow.color = egui::Color32::from_black_alpha(90);
    v.popup_shadow.color = egui::Color32::from_black_alpha(70);

    let state = |fill, stroke, text| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: stroke,
        corner_radius: CornerRadius::same(radius::CONTROL),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    v.widgets.noninteractive = state(c.panel, Stroke::new(1.0, c.line), c.text);
    v.widgets.inactive = state(c.control, Stroke::NONE, c.text);
    v.widgets.hovered = state(c.control_hot, Stroke::NONE, c.text);
    v.widgets.active = state(c.control_hot, Stroke::new(1.0, c.accent), c.text);
    v.widgets.open = state(c.control_hot, Stroke::NONE, c.text);
}
