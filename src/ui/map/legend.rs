//! What the colours mean; a click hides a category, a double click leaves it alone on the map.

use super::MapState;
use crate::session::{ColourBy, SpaceView};
use crate::ui::palette::{self, Mark};
use crate::ui::tokens::{colours, radius, space, type_scale};
use egui::accesskit::Role;
use egui::{
    Align2, Color32, CornerRadius, Frame, Label, Margin, Painter, Pos2, Rect, RichText, ScrollArea, Sense, Shape,
    Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

/// Categories the legend lists at most; files can be thousands.
const LISTED: usize = 24;

/// Draws the legend into the lower left of `bounds`.
pub fn show(ui: &mut Ui, state: &mut MapState, view: &SpaceView, colour_by: ColourBy, bounds: Rect) {
    let dark = ui.visuals().dark_mode;
    let c = colours(ui);
    let (entries, left_out) = entries(view, colour_by);
    let rows = (entries.len() + usize::from(left_out > 0)).max(1) as f32;
    let wanted = if entries.is_empty() { 44.0 } else { rows * ROW };
    let height = wanted.min(bounds.height() * 0.7);
    let size = vec2(WIDTH, height + 2.0 * space::SNUG);
    let corner = bounds.left_bottom() + vec2(space::ROOMY, -space::ROOMY);
    let rect = Rect::from_min_size(corner - vec2(0.0, size.y), size);
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt("legend"));
    Frame::new()
        .fill(c.panel.gamma_multiply(0.88))
        .corner_radius(CornerRadius::same(radius::CARD))
        .inner_margin(Margin::same(space::SNUG as i8))
        .show(&mut child, |ui| {
            ui.spacing_mut().item_spacing.y = 0.0;
            if entries.is_empty() {
                gradient(ui, colour_by, dark);
                return;
            }
            ScrollArea::vertical().max_height(height).show(ui, |ui| {
                for (index, name) in &entries {
                    entry(ui, state, &entries, *index, name, dark);
                }
                if left_out > 0 {
                    let text = RichText::new(format!("and {left_out} more")).font(type_scale::caption());
                    ui.add(Label::new(text.color(c.weak)));
                }
            });
        });
}

/// What the legend takes from the left of the map, in points.
pub const COVERED: f32 = WIDTH + 2.0 * space::ROOMY;

const WIDTH: f32 = 148.0;
const ROW: f32 = 19.0;

/// Categories and their names, and how many more there are.
fn entries(view: &SpaceView, colour_by: ColourBy) -> (Vec<(usize, String)>, usize) {
    let listed = match colour_by {
        ColourBy::Genre => (0..view.snapshot.meta.genres.len())
            .filter(|i| view.genre_counts[*i] > 0)
            .map(|i| (i, view.snapshot.meta.genres[i].clone()))
            .collect(),
        ColourBy::Cluster => {
            let clusters = view
                .snapshot
                .clusters
                .iter()
                .max()
                .map_or(0, |last| usize::from(*last) + 1);
            let name = |i: usize| (i, format!("Cluster {}", i + 1));
            return (
                (0..clusters.min(LISTED)).map(name).collect(),
                clusters.saturating_sub(LISTED),
            );
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

fn entry(ui: &mut Ui, state: &mut MapState, entries: &[(usize, String)], index: usize, name: &str, dark: bool) {
    let c = colours(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), Sense::click());
    let hidden = state.hidden.contains(&index);
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, radius::CONTROL, c.control_hot);
    }
    let colour = if hidden {
        c.weak.gamma_multiply(0.4)
    } else {
        palette::category(index, dark)
    };
    paint_mark(
        ui.painter(),
        pos2(rect.left() + 9.0, rect.center().y),
        4.2,
        palette::mark(index),
        colour,
    );
    let ink = if hidden { c.weak.gamma_multiply(0.6) } else { c.text };
    ui.painter().with_clip_rect(rect.intersect(ui.clip_rect())).text(
        pos2(rect.left() + 20.0, rect.center().y),
        Align2::LEFT_CENTER,
        name,
        type_scale::caption(),
        ink,
    );
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, !hidden, format!("Show {name}")));
    if response.double_clicked() {
        let alone = entries.iter().all(|(i, _)| *i == index || state.hidden.contains(i));
        state.hidden = if alone {
            Default::default()
        } else {
            entries.iter().map(|(i, _)| *i).filter(|i| *i != index).collect()
        };
    } else if response.clicked() && !state.hidden.remove(&index) {
        state.hidden.insert(index);
    }
    response.on_hover_text("Click to hide or show, double click to see it alone");
}

fn gradient(ui: &mut Ui, colour_by: ColourBy, dark: bool) {
    let c = colours(ui);
    let (low, high) = match colour_by {
        ColourBy::Valence => ("unpleasant", "pleasant"),
        ColourBy::Arousal => ("calm", "excited"),
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
    ui.painter().text(
        row.left_bottom(),
        Align2::LEFT_BOTTOM,
        low,
        type_scale::caption(),
        c.weak,
    );
    ui.painter().text(
        row.right_bottom(),
        Align2::RIGHT_BOTTOM,
        high,
        type_scale::caption(),
        c.weak,
    );
}

/// A mark as it looks on the map.
fn paint_mark(painter: &Painter, centre: Pos2, r: f32, mark: Mark, colour: Color32) {
    match mark {
        Mark::Disc => {
            painter.circle_filled(centre, r, colour);
        }
        Mark::Diamond => {
            let r = r * 1.2;
            let points = [vec2(0.0, -r), vec2(r, 0.0), vec2(0.0, r), vec2(-r, 0.0)];
            painter.add(Shape::convex_polygon(
                points.map(|d| centre + d).to_vec(),
                colour,
                Stroke::NONE,
            ));
        }
    }
}
