//! The card beside the pointer: which clip, which labels, what is near.

use crate::session::{LayoutView, SpaceView};
use crate::ui::controls::caption;
use crate::ui::palette;
use crate::ui::tokens::{colours, radius, space, type_scale};
use crate::values::ChunkId;
use egui::{Area, CornerRadius, Frame, Margin, Order, Pos2, Rect, RichText, Sense, Stroke, Ui, Vec2, vec2};

/// What the pointer is over, with its neighbours, found once per point.
#[derive(Clone, Debug, PartialEq)]
pub struct Hovered {
    pub chunk: ChunkId,
    /// Nearest chunks of other clips.
    pub neighbours: Vec<ChunkId>,
}

impl Hovered {
    /// Looks up the neighbours of `chunk` in `layout`.
    pub fn find(view: &SpaceView, layout: &LayoutView, chunk: ChunkId) -> Self {
        const SHOWN: usize = 3;
        const POOL: usize = 64;
        let clip = |chunk: ChunkId| view.snapshot.chunks[chunk.0 as usize].clip;
        let here = layout.positions[chunk.0 as usize];
        let mut seen = vec![clip(chunk)];
        let mut neighbours = Vec::new();
        for near in layout.nearest_many(here, POOL) {
            if !seen.contains(&clip(near)) && neighbours.len() < SHOWN {
                seen.push(clip(near));
                neighbours.push(near);
            }
        }
        Self { chunk, neighbours }
    }
}

/// Draws the card near `pointer`, inside `bounds`.
pub fn show(ui: &Ui, view: &SpaceView, hovered: &Hovered, pointer: Pos2, bounds: Rect) {
    const WIDTH: f32 = 232.0;
    let c = colours(ui);
    Area::new(ui.scope_id().with("hover card"))
        .order(Order::Tooltip)
        .interactable(false)
        .fixed_pos(pointer + vec2(18.0, 18.0))
        .constrain_to(bounds)
        .show(ui.ctx(), |ui| {
            Frame::new()
                .fill(c.raised)
                .stroke(Stroke::new(1.0, c.line))
                .corner_radius(CornerRadius::same(radius::CARD))
                .inner_margin(Margin::same(10))
                .show(ui, |ui| {
                    ui.set_width(WIDTH);
                    ui.spacing_mut().item_spacing.y = space::HAIR;
                    contents(ui, view, hovered);
                });
        });
}

fn contents(ui: &mut Ui, view: &SpaceView, hovered: &Hovered) {
    let snapshot = &view.snapshot;
    let chunk = snapshot.chunks[hovered.chunk.0 as usize];
    let clip = &snapshot.clips[chunk.clip.0 as usize];
    ui.add(egui::Label::new(RichText::new(&clip.title).strong()).truncate());
    let minutes = (chunk.start_secs / 60.0).floor();
    let at = format!("{minutes:.0}:{:04.1}", chunk.start_secs - 60.0 * minutes);
    let by = if clip.artist.is_empty() {
        format!("at {at}")
    } else {
        format!("{} · at {at}", clip.artist)
    };
    caption(ui, by);
    ui.add_space(space::TIGHT);
    if let Some(genre) = view.genre_of[hovered.chunk.0 as usize] {
        ui.horizontal(|ui| {
            swatch(ui, palette::category(usize::from(genre), ui.visuals().dark_mode));
            ui.label(RichText::new(&snapshot.meta.genres[usize::from(genre)]).font(type_scale::caption()));
        });
    }
    let labels = snapshot.labels(hovered.chunk);
    if let (Some(valence), Some(arousal)) = (labels.valence, labels.arousal) {
        let how = if clip.estimated { " (estimated)" } else { "" };
        caption(ui, format!("valence {valence:+.2} · arousal {arousal:+.2}{how}"));
    }
    if !hovered.neighbours.is_empty() {
        ui.add_space(space::TIGHT);
        caption(ui, "Near it");
        for neighbour in &hovered.neighbours {
            let title = &snapshot.clips[snapshot.chunks[neighbour.0 as usize].clip.0 as usize].title;
            ui.add(egui::Label::new(RichText::new(title).font(type_scale::caption())).truncate());
        }
    }
}

fn swatch(ui: &mut Ui, colour: egui::Color32) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(10.0), Sense::hover());
    ui.painter().circle_filled(rect.center(), 4.0, colour);
}
