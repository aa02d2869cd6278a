//! The names of categories where their points lie: with more of them than looks there are, colours alone say nothing.

use super::looks::category;
use super::visible::Visible;
use crate::session::{ColourBy, LayoutView, SpaceView};
use crate::ui::controls::elided;
use crate::ui::palette::DISTINCT_CATEGORIES;
use crate::ui::tokens::{Colours, type_scale};
use crate::values::ChunkId;
use egui::{Painter, Pos2, Rect, vec2};

/// Widest name, and how far it stays over its points, in points of the window.
const WIDEST: f32 = 130.0;
const CLEAR: f32 = 10.0;

/// Where every name belongs, and what that was worked out for.
#[derive(Debug, Default)]
pub struct Names {
    key: Option<(u64, ColourBy, u64)>,
    /// The largest category first: name and place in view units.
    names: Vec<(String, [f32; 2])>,
}

impl Names {
    /// Writes the names of what is shown of `layout`, as far as they do not cover each other. Nothing where few categories
    /// are told apart by their looks.
    pub fn paint(
        &mut self,
        painter: &Painter,
        view: &SpaceView,
        layout: &LayoutView,
        visible: &Visible,
        colour_by: ColourBy,
        c: &Colours,
        screen: impl Fn([f32; 2]) -> Pos2,
    ) {
        let key = (layout.version, colour_by, visible.version);
        if self.key != Some(key) {
            self.names = names(view, layout, visible, colour_by);
            self.key = Some(key);
        }
        let mut taken: Vec<Rect> = Vec::new();
        for (name, place) in &self.names {
            let galley = elided(painter, name, type_scale::caption(), c.text, WIDEST);
            let over = screen(*place) - vec2(0.0, CLEAR + 0.5 * galley.size().y);
            let rect = Rect::from_center_size(over, galley.size() + vec2(8.0, 4.0));
            if !painter.clip_rect().contains_rect(rect) || taken.iter().any(|other| other.intersects(rect)) {
                continue;
            }
            painter.rect_filled(rect, 4.0, c.panel.gamma_multiply(0.8));
            painter.galley(rect.min + vec2(4.0, 2.0), galley, c.text);
            taken.push(rect);
        }
    }
}

fn names(view: &SpaceView, layout: &LayoutView, visible: &Visible, colour_by: ColourBy) -> Vec<(String, [f32; 2])> {
    let meta = &view.snapshot.meta;
    let name = |i: usize| match colour_by {
        ColourBy::Genre => meta.genres.get(i).cloned(),
        ColourBy::Cluster => Some(format!("Cluster {}", i + 1)),
        _ => None,
    };
    let mut members: Vec<Vec<[f32; 2]>> = Vec::new();
    for (i, place) in layout.positions.iter().enumerate() {
        let Some(category) = category(view, colour_by, i).filter(|_| visible.has(ChunkId(i as u32))) else {
            continue;
        };
        if members.len() <= category {
            members.resize(category + 1, Vec::new());
        }
        members[category].push(*place);
    }
    let used = members.iter().filter(|places| !places.is_empty()).count();
    if used <= DISTINCT_CATEGORIES {
        return Vec::new();
    }
    let mut largest: Vec<(usize, Vec<[f32; 2]>)> = members.into_iter().enumerate().collect();
    largest.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    let placed = largest.into_iter().filter(|(_, places)| !places.is_empty());
    placed.filter_map(|(i, places)| Some((name(i)?, top(places)))).collect()
}

/// Over the middle of `places`, below the topmost tenth of them: a few points elsewhere do not pull the name away.
fn top(mut places: Vec<[f32; 2]>) -> [f32; 2] {
    let last = places.len() - 1;
    let mut part = |axis: usize, share: f32| {
        let index = (last as f32 * share).round() as usize;
        let (_, at, _) = places.select_nth_unstable_by(index, |a, b| a[axis].total_cmp(&b[axis]));
        at[axis]
    };
    [part(0, 0.5), part(1, 0.9)]
}
