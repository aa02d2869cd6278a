//! Beside the pointed-at point: in one line which clip it is, and after a pause which labels it has and what is near. It lies
//! under everything that floats, and comes only while nothing else is open.

use crate::session::{LayoutView, Shown, SpaceView, mood_in_words};
use crate::ui::controls::caption;
use crate::ui::palette;
use crate::ui::tokens::{colours, radius, space, type_scale};
use crate::values::ChunkId;
use egui::{Align2, Area, CornerRadius, Frame, Margin, Order, Pos2, Rect, RichText, Sense, Stroke, Ui, Vec2, vec2};
use std::time::Duration;

/// How long the pointer rests on a point before everything about it is said.
const PAUSE_SECS: f64 = 0.6;

/// What the pointer is over, with its neighbours, found once per point.
#[derive(Clone, Debug, PartialEq)]
pub struct Hovered {
    pub chunk: ChunkId,
    /// Nearest chunks of other clips.
    pub neighbours: Vec<ChunkId>,
    /// When the pointer moved last before it rested, on the window's clock.
    since_secs: f64,
    /// Once it has rested, everything stays said while it is over this point.
    rested: bool,
}

impl Hovered {
    /// Looks up the neighbours of `chunk` among what is `shown` of `layout`.
    pub fn find(view: &SpaceView, layout: &LayoutView, shown: Option<&Shown>, chunk: ChunkId, now_secs: f64) -> Self {
        const NAMED: usize = 3;
        const POOL: usize = 64;
        let clip = |chunk: ChunkId| view.snapshot.chunks[chunk.0 as usize].clip;
        let here = layout.positions[chunk.0 as usize];
        let mut seen = vec![clip(chunk)];
        let mut neighbours = Vec::new();
        for near in layout.nearest_many(here, POOL, shown) {
            if !seen.contains(&clip(near)) && neighbours.len() < NAMED {
                seen.push(clip(near));
                neighbours.push(near);
            }
        }
        Self {
            chunk,
            neighbours,
            since_secs: now_secs,
            rested: false,
        }
    }

    /// Whether the pointer has rested here. Asks for the frame in which it will have.
    fn rests(&mut self, ui: &Ui) -> bool {
        let (now, moving) = ui.input(|input| (input.time, input.pointer.is_moving()));
        if moving {
            self.since_secs = now;
        }
        let left_secs = PAUSE_SECS - (now - self.since_secs);
        self.rested |= left_secs <= 0.0;
        if !self.rested {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(left_secs));
        }
        self.rested
    }
}

/// From the point to the card.
const BESIDE: f32 = 14.0;

/// What the card may take up without lying on the point.
struct Room {
    width: f32,
    is_left: bool,
    names_neighbours: bool,
}

impl Room {
    /// On the wider side of `place`, unless the right one is wide enough.
    fn beside(place: Pos2, bounds: Rect) -> Self {
        const WIDEST: f32 = 232.0;
        const NARROWEST: f32 = 120.0;
        // Its margins, and the border.
        const ROUND_IT: f32 = 24.0;
        const TALL: f32 = 200.0;
        let [left, right] = [place.x - bounds.left(), bounds.right() - place.x].map(|room| room - BESIDE - ROUND_IT);
        let is_left = right < WIDEST && left > right;
        Self {
            width: if is_left { left } else { right }.clamp(NARROWEST, WIDEST),
            is_left,
            names_neighbours: bounds.height() >= TALL,
        }
    }
}

/// Draws the card beside the point at `place`, inside `bounds`.
pub fn show(ui: &Ui, view: &SpaceView, hovered: &mut Hovered, place: Pos2, bounds: Rect) {
    let c = colours(ui);
    let rests = hovered.rests(ui);
    let room = Room::beside(place, bounds);
    let across = if room.is_left { -BESIDE } else { BESIDE };
    Area::new(ui.scope_id().with(("hover card", rests)))
        .order(Order::Middle)
        .interactable(false)
        .pivot(if room.is_left {
            Align2::RIGHT_TOP
        } else {
            Align2::LEFT_TOP
        })
        .fixed_pos(place + vec2(across, if rests { BESIDE } else { 8.0 }))
        .constrain_to(bounds)
        .show(ui.ctx(), |ui| {
            let margin = if rests {
                Margin::same(10)
            } else {
                Margin::symmetric(8, 4)
            };
            Frame::new()
                .fill(c.raised.gamma_multiply(if rests { 1.0 } else { 0.92 }))
                .stroke(Stroke::new(1.0, c.line))
                .corner_radius(CornerRadius::same(radius::CARD))
                .inner_margin(margin)
                .show(ui, |ui| {
                    ui.set_max_width(room.width);
                    ui.spacing_mut().item_spacing.y = space::HAIR;
                    title(ui, view, hovered.chunk);
                    if rests {
                        ui.set_width(room.width);
                        details(ui, view, hovered, room.names_neighbours);
                    }
                });
        });
}

fn title(ui: &mut Ui, view: &SpaceView, chunk: ChunkId) {
    let clip = &view.snapshot.clips[view.snapshot.chunks[chunk.0 as usize].clip.0 as usize];
    ui.add(egui::Label::new(RichText::new(&clip.title).strong()).truncate());
}

fn details(ui: &mut Ui, view: &SpaceView, hovered: &Hovered, names_neighbours: bool) {
    let snapshot = &view.snapshot;
    let chunk = snapshot.chunks[hovered.chunk.0 as usize];
    let clip = &snapshot.clips[chunk.clip.0 as usize];
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
            swatch(ui, usize::from(genre));
            ui.label(RichText::new(&snapshot.meta.genres[usize::from(genre)]).font(type_scale::caption()));
        });
    }
    let labels = snapshot.labels(hovered.chunk);
    if let (Some(valence), Some(arousal)) = (labels.valence, labels.arousal) {
        let how = if clip.estimated { " (estimated)" } else { "" };
        caption(ui, format!("{}{how}", mood_in_words((valence, arousal))));
    }
    if names_neighbours && !hovered.neighbours.is_empty() {
        ui.add_space(space::TIGHT);
        caption(ui, "Near it");
        for neighbour in &hovered.neighbours {
            let title = &snapshot.clips[snapshot.chunks[neighbour.0 as usize].clip.0 as usize].title;
            ui.add(egui::Label::new(RichText::new(title).font(type_scale::caption())).truncate());
        }
    }
}

fn swatch(ui: &mut Ui, genre: usize) {
    let (rect, _) = ui.allocate_exact_size(Vec2::splat(10.0), Sense::hover());
    let colour = palette::category(genre, ui.visuals().dark_mode);
    palette::paint_mark(ui.painter(), rect.center(), 4.0, palette::mark(genre), colour);
}
