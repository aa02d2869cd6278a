//! The whole window: which panel lies where.

use super::panes::{Panes, SideTab};
use super::tokens::{colours, size, space};
use super::{
    banners, clock_bar, dialogs, keyboard, keys, map, menu, pictures, player, score, shield, side, status, tour,
};
use crate::session::{Commands, Session};
use egui::{CentralPanel, Frame, Margin, Panel, Ui};
use std::ops::RangeInclusive;

/// Draws the whole window into `ui` and collects what was asked for.
pub fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    panes.menu_bar.read_keys(ui.ctx());
    keys::handle(ui.ctx(), session, panes, commands);
    let c = colours(ui);
    let frame = |x: f32, y: f32| {
        Frame::new()
            .fill(c.panel)
            .inner_margin(Margin::symmetric(x as i8, y as i8))
    };
    let window = ui.max_rect();
    let bar = Panel::top("menu")
        .frame(frame(space::SNUG, space::TIGHT))
        .show(ui, |ui| menu::show(ui, session, panes, commands));
    let below_bar = window.with_min_y(bar.response.rect.bottom());
    Panel::bottom("status")
        .frame(frame(space::ROOMY, 0.0))
        .exact_size(size::STATUS)
        .show(ui, |ui| status::show(ui, session));
    Panel::bottom("player")
        .frame(frame(space::ROOMY, space::ROOMY))
        .exact_size(size::PLAYER)
        .show(ui, |ui| player::show(ui, session, &mut panes.spectrogram, commands));
    if session.clock.on {
        Panel::bottom("clock")
            .frame(frame(space::ROOMY, space::HAIR))
            .exact_size(size::ROW + 2.0 * space::TIGHT)
            .show(ui, |ui| clock_bar::show(ui, session, commands));
    }
    if session.keys.on && session.settings.keys.shows_strip {
        Panel::bottom("keys")
            .frame(frame(space::ROOMY, space::SNUG))
            .exact_size(keyboard::HEIGHT)
            .show(ui, |ui| keyboard::show(ui, session, &mut panes.keyboard, commands));
    }
    score::show(ui, session, commands);
    let nothing_to_tune = session.space.is_none() && panes.side == SideTab::Sound;
    if session.settings.show_conditions && !nothing_to_tune {
        Panel::right("side")
            .frame(frame(space::ROOMY, space::SNUG))
            .default_size(size::SIDE)
            .size_range(side_widths(window.width()))
            .show(ui, |ui| side::show(ui, session, panes, commands));
    }
    CentralPanel::default()
        .frame(Frame::new().fill(c.panel))
        .show(ui, |ui| {
            let whole = ui.available_rect_before_wrap();
            let covered = panes.dialog.is_some()
                || session.leaving.is_some()
                || session.crash_report.is_some()
                || !session.pictures.is_empty();
            map::show(ui, session, &mut panes.map, covered, commands);
            let under_toolbar = panes.map.rect.filter(|_| session.space.is_some());
            let room = under_toolbar.unwrap_or(whole);
            let covered = tour::show(ui, session, room, commands);
            banners::show(ui, session, room, covered, commands);
        });
    shield::show(ui.ctx(), below_bar);
    dialogs::show(ui.ctx(), session, panes, commands);
    pictures::show(ui.ctx(), session, &mut panes.pictures, commands);
}

/// How wide the panel beside the map may be in a window of `width` points: the map keeps room for its tools.
fn side_widths(width: f32) -> RangeInclusive<f32> {
    const LEAST: f32 = 220.0;
    const MAP: f32 = 460.0;
    let most = (width - MAP).clamp(LEAST, 420.0);
    most.min(248.0)..=most
}
