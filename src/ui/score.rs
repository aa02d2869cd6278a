//! The open take under the map: its curves over time, the handles of the part that is meant, and what can be done with it.

use super::controls::{caption, heading};
use super::palette;
use super::tokens::{colours, space};
use crate::session::{Command, Commands, ExportTarget, FileAsk, Session, TakeView};
use egui::{Button, DragValue, Id, Panel, Ui};
use egui_plot::{Corner, Legend, Line, Plot, PlotPoints, Polygon, VLine};

/// Which handle is held.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Handle {
    From,
    To,
}

/// Draws the panel while a take is open.
pub fn show(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let Some(take) = &session.take else { return };
    Panel::bottom("take")
        .resizable(true)
        .default_size(232.0)
        .size_range(150.0..=420.0)
        .show(ui, |ui| {
            bar(ui, take, commands);
            curves(ui, take, commands);
        });
}

fn bar(ui: &mut Ui, take: &TakeView, commands: &mut Commands) {
    ui.add_space(space::TIGHT);
    ui.horizontal_wrapped(|ui| {
        heading(ui, &format!("Take {}", take.name));
        let possible = take.why_not.is_none();
        let text = if take.playhead.is_some() {
            "Stop the take"
        } else {
            "Play the take"
        };
        if ui.add_enabled(possible, Button::new(text)).clicked() {
            commands.push(Command::ReplayScore);
        }
        if ui.add_enabled(possible, Button::new("Render…")).clicked() {
            commands.push(Command::Ask(FileAsk::Export(ExportTarget::TakeWav)));
        }
        let (mut from, mut to) = (take.from, take.to);
        for (name, value) in [("from", &mut from), ("to", &mut to)] {
            let label = ui.label(name);
            let field = DragValue::new(value).speed(0.05).range(0.0..=take.secs).suffix(" s");
            ui.add(field.fixed_decimals(2)).labelled_by(label.id);
        }
        if (from, to) != (take.from, take.to) {
            commands.push(Command::TrimScore { from, to });
        }
        let is_new = take.kept != (take.from, take.to);
        if ui.add_enabled(is_new, Button::new("Keep this part")).clicked() {
            commands.push(Command::KeepTrim);
        }
        if ui.button("Close the take").clicked() {
            commands.push(Command::CloseScore);
        }
        caption(ui, format!("{:.1} s", take.secs));
    });
    if let Some(sentence) = &take.why_not {
        caption(ui, sentence.clone());
    } else if take.curves.is_empty() {
        caption(ui, "Nothing was moved in this take.");
    }
}

fn curves(ui: &mut Ui, take: &TakeView, commands: &mut Commands) {
    let (c, dark) = (colours(ui), ui.visuals().dark_mode);
    let held = Id::unique("the take's handle that is held");
    let height = ui.available_height().max(60.0);
    let plot = Plot::new("take curves")
        .height(height)
        .legend(Legend::default().position(Corner::RightTop))
        .allow_drag(false)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .allow_double_click_reset(false)
        .grid_color(c.line)
        .include_x(0.0)
        .include_x(take.secs)
        .include_y(-0.02)
        .include_y(1.02)
        .show_axes([true, false])
        .x_axis_label("seconds");
    let shown = plot.show(ui, |plot| {
        for (from, to) in [(0.0, take.from), (take.to, take.secs)] {
            let corners = vec![[from, -0.02], [to, -0.02], [to, 1.02], [from, 1.02]];
            let veil = Polygon::new("", PlotPoints::from(corners)).allow_hover(false);
            plot.polygon(veil.fill_color(c.panel.gamma_multiply(0.75)).stroke((0.0, c.panel)));
        }
        for (index, curve) in take.curves.iter().enumerate() {
            let colour = palette::category(index, dark);
            let points = PlotPoints::from(curve.points.clone());
            // A step is no band between two heights.
            let line = Line::new(curve.name.clone(), points).allow_band(false);
            plot.line(line.color(colour).width(1.6));
        }
        for at in [take.from, take.to] {
            plot.vline(VLine::new("", at).color(c.text).width(2.0).allow_hover(false));
        }
        if let Some(at) = take.playhead {
            plot.vline(VLine::new("", at).color(c.weak).width(1.0).allow_hover(false));
        }
        plot.pointer_coordinate().map(|place| place.x)
    });
    let Some(at) = shown.inner else { return };
    let response = shown.response;
    if response.drag_started() {
        let is_first = (at - take.from).abs() < (at - take.to).abs();
        let handle = if is_first { Handle::From } else { Handle::To };
        ui.data_mut(|data| data.insert_temp(held, handle));
    }
    if response.dragged() {
        let (from, to) = match ui.data(|data| data.get_temp(held)) {
            Some(Handle::From) => (at.min(take.to), take.to),
            Some(Handle::To) => (take.from, at.max(take.from)),
            None => return,
        };
        commands.push(Command::TrimScore { from, to });
    }
}
