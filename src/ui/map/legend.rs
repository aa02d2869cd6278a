//! What the colours mean; a click hides a category, a double click leaves it alone on the map. Folds away where there is no
//! room for it.

use super::MapState;
use crate::session::{ColourBy, SpaceView};
use crate::ui::controls::{elided, follow_keyboard};
use crate::ui::palette;
use crate::ui::tokens::{colours, radius, space, type_scale};
use egui::accesskit::Role;
use egui::{
    Align, Align2, Button, CornerRadius, Frame, Key, Label, Layout, Margin, Modifiers, Rect, RichText, ScrollArea,
    Sense, Shape, Stroke, StrokeKind, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// Categories the legend lists at most; files can be thousands.
const LISTED: usize = 24;

const WIDTH: f32 = 148.0;
/// Room for the name of any colouring, and for the way back from what is hidden.
const FOLDED: f32 = 148.0;
const ROW: f32 = 19.0;
const HEADER: f32 = 22.0;

/// A map smaller than this begins with its legend folded, in points.
const ROOMY: [f32; 2] = [640.0, 400.0];

/// Whether the legend of a map that fills `bounds` is unfolded.
pub fn is_open(state: &MapState, bounds: Rect) -> bool {
    let roomy = bounds.width() >= ROOMY[0] && bounds.height() >= ROOMY[1];
    state.legend_open.unwrap_or(roomy)
}

/// Where the legend lies on a map that fills `bounds`.
pub fn rect(state: &MapState, view: &SpaceView, colour_by: ColourBy, bounds: Rect) -> Rect {
    let open = is_open(state, bounds);
    let (entries, left_out) = entries(view, colour_by);
    let rows = (entries.len() + usize::from(left_out > 0)) as f32;
    let wanted = match (open, entries.is_empty()) {
        (false, _) => 0.0,
        (true, true) => 34.0,
        (true, false) => rows * ROW,
    };
    let height = wanted.min((bounds.height() * 0.85 - HEADER).max(0.0));
    let width = if open { WIDTH } else { FOLDED };
    let size = vec2(width, HEADER + height + 2.0 * space::TIGHT);
    let corner = bounds.left_bottom() + vec2(space::ROOMY, -space::ROOMY);
    Rect::from_min_size(corner - vec2(0.0, size.y), size)
}

/// Draws the legend into the lower left of `bounds`.
pub fn show(ui: &mut Ui, state: &mut MapState, view: &SpaceView, colour_by: ColourBy, bounds: Rect) {
    let c = colours(ui);
    let open = is_open(state, bounds);
    let rect = rect(state, view, colour_by, bounds);
    let (entries, left_out) = entries(view, colour_by);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("legend"));
    // What lies under it must not hear the pointer.
    child.interact(rect, child.scope_id().with("ground"), Sense::CLICK | Sense::DRAG);
    Frame::new()
        .fill(c.panel.gamma_multiply(0.92))
        .corner_radius(CornerRadius::same(radius::CARD))
        .inner_margin(Margin::symmetric(space::SNUG as i8, space::TIGHT as i8))
        .show(&mut child, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            header(ui, state, &entries, colour_by, open);
            if !open {
                return;
            }
            if entries.is_empty() {
                gradient(ui, colour_by);
                return;
            }
            let height = rect.height() - HEADER - 2.0 * space::TIGHT;
            ScrollArea::vertical().max_height(height).show(ui, |ui| {
                for (index, name) in &entries {
                    entry(ui, state, &entries, *index, name);
                }
                if left_out > 0 {
                    let text = RichText::new(format!("and {left_out} more")).font(type_scale::caption());
                    ui.add(Label::new(text.color(c.weak)));
                }
                follow_keyboard(ui);
            });
        });
}

/// The name of the colouring, which folds the legend, and the way back from what is hidden.
fn header(ui: &mut Ui, state: &mut MapState, entries: &[(usize, String)], colour_by: ColourBy, open: bool) {
    let c = colours(ui);
    ui.allocate_ui_with_layout(
        vec2(ui.available_width(), HEADER),
        Layout::right_to_left(Align::Center),
        |ui| {
            ui.spacing_mut().button_padding = vec2(2.0, 0.0);
            ui.spacing_mut().interact_size.y = HEADER - 2.0;
            if !state.hidden.is_empty() {
                let all = RichText::new("Show all").font(type_scale::caption()).color(c.accent);
                if ui.add(Button::new(all).frame_when_inactive(false)).clicked() {
                    state.hidden.clear();
                }
            }
            let room = vec2(ui.available_width(), HEADER - 2.0);
            let (rect, fold) = ui.allocate_exact_size(room, Sense::click());
            let name = if open { "Fold the legend" } else { "Unfold the legend" };
            fold.widget_info(|| WidgetInfo::labeled(Role::Button, true, name));
            let ink = if fold.hovered() { c.text } else { c.weak };
            if fold.has_focus() {
                let ring = Stroke::new(1.5, c.accent);
                ui.painter()
                    .rect_stroke(rect, radius::CONTROL, ring, StrokeKind::Inside);
            }
            let middle = pos2(rect.left() + 9.0, rect.center().y);
            let down = if open { 1.0 } else { -1.0 };
            let arrow = [vec2(-4.0, -2.0), vec2(4.0, -2.0), vec2(0.0, 3.0)].map(|d| middle + d * vec2(1.0, down));
            ui.painter()
                .add(Shape::convex_polygon(arrow.to_vec(), ink, Stroke::NONE));
            let place = pos2(rect.left() + 20.0, rect.center().y);
            let name_rect = ui
                .painter()
                .text(place, Align2::LEFT_CENTER, colour_by.name(), type_scale::caption(), ink);
            if !open {
                let beside = rect.with_min_x(name_rect.right() + space::SNUG);
                in_little(ui, state, entries, beside);
            }
            if fold.on_hover_text(name).clicked() {
                state.legend_open = Some(!open);
            }
        },
    );
}

/// The folded legend: as many colours as fit, without their names.
fn in_little(ui: &Ui, state: &MapState, entries: &[(usize, String)], room: Rect) {
    const STEP: f32 = 9.0;
    let fits = (room.width() / STEP).max(0.0) as usize;
    for (at, (index, _)) in entries
        .iter()
        .filter(|(i, _)| !state.hidden.contains(i))
        .take(fits)
        .enumerate()
    {
        let centre = pos2(room.left() + STEP * (at as f32 + 0.5), room.center().y);
        let colour = palette::category(*index, ui.visuals().dark_mode);
        palette::paint_mark(ui.painter(), centre, 3.2, palette::mark(*index), colour);
    }
}

/// Categories and their names, and how many more there are.
fn entries(view: &SpaceView, colour_by: ColourBy) -> (Vec<(usize, String)>, usize) {
    let listed = match colour_by {
        ColourBy::Genre => (0..view.snapshot.meta.genres.len())
            .filter(|i| view.genre_counts[*i] > 0)
            .map(|i| (i, view.snapshot.meta.genres[i].clone()))
            .collect(),
        ColourBy::Cluster => {
            let clusters = view.cluster_names.len();
            let named = view.cluster_names.iter().take(LISTED).cloned().enumerate();
            return (named.collect(), clusters.saturating_sub(LISTED));
        }
        ColourBy::File => {
            let clips = &view.snapshot.clips;
            let titles = clips.iter().take(LISTED).map(|clip| clip.title.clone()).enumerate();
            return (titles.collect(), clips.len().saturating_sub(LISTED));
        }
        ColourBy::Valence | ColourBy::Arousal | ColourBy::Density => Vec::new(),
    };
    (listed, 0)
}

fn entry(ui: &mut Ui, state: &mut MapState, entries: &[(usize, String)], index: usize, name: &str) {
    let c = colours(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let hidden = state.hidden.contains(&index);
    if response.hovered() {
        ui.painter().rect_filled(rect, radius::CONTROL, c.control_hot);
    }
    if response.has_focus() {
        let ring = Stroke::new(1.5, c.accent);
        ui.painter()
            .rect_stroke(rect, radius::CONTROL, ring, StrokeKind::Inside);
    }
    let colour = if hidden {
        c.weak.gamma_multiply(0.4)
    } else {
        palette::category(index, ui.visuals().dark_mode)
    };
    let centre = pos2(rect.left() + 9.0, rect.center().y);
    palette::paint_mark(ui.painter(), centre, 4.4, palette::mark(index), colour);
    let ink = if hidden { c.weak.gamma_multiply(0.6) } else { c.text };
    let galley = elided(ui.painter(), name, type_scale::caption(), ink, rect.width() - 22.0);
    let cut = galley.elided;
    let place = pos2(rect.left() + 20.0, rect.center().y - 0.5 * galley.size().y);
    ui.painter().galley(place, galley, ink);
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, !hidden, format!("Show {name}")));
    // The keyboard's way: Enter hides or shows, Shift and Enter leave it alone.
    let with_shift = response.has_focus() && ui.input_mut(|input| input.consume_key(Modifiers::SHIFT, Key::Enter));
    if response.double_clicked() || with_shift {
        let alone = entries.iter().all(|(i, _)| *i == index || state.hidden.contains(i));
        state.hidden = if alone {
            Default::default()
        } else {
            entries.iter().map(|(i, _)| *i).filter(|i| *i != index).collect()
        };
    } else if response.clicked() && !state.hidden.remove(&index) {
        state.hidden.insert(index);
    }
    let how = "Click to hide or show, double click (Shift+Enter) to see and hear it alone";
    response.on_hover_text(if cut { format!("{name}\n{how}") } else { how.to_owned() });
}

fn gradient(ui: &mut Ui, colour_by: ColourBy) {
    let (c, dark) = (colours(ui), ui.visuals().dark_mode);
    let (low, high) = match colour_by {
        ColourBy::Valence => ("dark", "bright"),
        ColourBy::Arousal => ("calm", "energetic"),
        _ => ("sparse", "dense"),
    };
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 10.0), Sense::hover());
    const STEPS: usize = 32;
    for i in 0..STEPS {
        let t = i as f32 / (STEPS - 1) as f32;
        let colour = match colour_by {
            ColourBy::Density => palette::sequential(t, dark),
            _ => palette::diverging(t, dark),
        };
        let x = |k: usize| rect.left() + rect.width() * k as f32 / STEPS as f32;
        let cell = Rect::from_x_y_ranges(x(i)..=x(i + 1), rect.y_range());
        ui.painter().rect_filled(cell, 0.0, colour);
    }
    let (row, _) = ui.allocate_exact_size(vec2(ui.available_width(), 18.0), Sense::hover());
    let word = |at, align, text| {
        ui.painter().text(at, align, text, type_scale::caption(), c.weak);
    };
    word(row.left_bottom(), Align2::LEFT_BOTTOM, low);
    word(row.right_bottom(), Align2::RIGHT_BOTTOM, high);
}
