//! The names of categories where most of their points lie, as on a map of a country: in their colours, behind nothing.

use super::looks::category;
use super::visible::Visible;
use crate::session::{ColourBy, LayoutView, SpaceView};
use crate::ui::controls::elided;
use crate::ui::palette;
use crate::ui::tokens::{Colours, type_scale};
use crate::values::ChunkId;
use egui::{Color32, Painter, Pos2, Rect, vec2};

/// Widest name, and how far it stays over its points, in points of the window.
const WIDEST: f32 = 150.0;
const CLEAR: f32 = 10.0;
/// Cells per side of the grid in which the thickest part of a category is sought.
const CELLS: usize = 14;
/// Categories that are named at most: files can be thousands.
const NAMED: usize = 64;

/// A name and where it belongs.
#[derive(Debug)]
struct Name {
    category: usize,
    text: String,
    /// In view units.
    place: [f32; 2],
}

/// Where every name belongs, and what that was worked out for.
#[derive(Debug, Default)]
pub struct Names {
    key: Option<(u64, ColourBy, u64)>,
    /// The largest category first.
    names: Vec<Name>,
}

/// What names are painted with.
pub struct Ink<'a> {
    pub colours: &'a Colours,
    pub dark: bool,
    /// Nothing is written there.
    pub taken: Rect,
}

impl Names {
    /// Writes the names of what is shown of `layout`, as far as they do not cover each other.
    pub fn paint(
        &mut self,
        painter: &Painter,
        view: &SpaceView,
        layout: &LayoutView,
        visible: &Visible,
        colour_by: ColourBy,
        ink: &Ink<'_>,
        screen: impl Fn([f32; 2]) -> Pos2,
    ) {
        let key = (layout.version, colour_by, visible.version);
        if self.key != Some(key) {
            self.names = names(view, layout, visible, colour_by);
            self.key = Some(key);
        }
        let mut taken = vec![ink.taken];
        for name in &self.names {
            let own = palette::category(name.category, ink.dark);
            let colour = own.lerp_to_gamma(ink.colours.text, if ink.dark { 0.35 } else { 0.5 });
            let galley = elided(painter, &name.text, type_scale::label(), colour, WIDEST);
            let over = screen(name.place) - vec2(0.0, CLEAR + 0.5 * galley.size().y);
            let rect = Rect::from_center_size(over, galley.size() + vec2(10.0, 4.0));
            if !painter.clip_rect().contains_rect(rect) || taken.iter().any(|other| other.intersects(rect)) {
                continue;
            }
            let at = rect.min + vec2(5.0, 2.0);
            let halo = ink.colours.ground.gamma_multiply(0.85);
            for (x, y) in [
                (-1.5, 0.0),
                (1.5, 0.0),
                (0.0, -1.5),
                (0.0, 1.5),
                (-1.0, -1.0),
                (1.0, 1.0),
                (-1.0, 1.0),
                (1.0, -1.0),
            ] {
                painter.galley_with_override_text_color(at + vec2(x, y), galley.clone(), halo);
            }
            painter.galley(at, galley, Color32::PLACEHOLDER);
            taken.push(rect);
        }
    }
}

fn names(view: &SpaceView, layout: &LayoutView, visible: &Visible, colour_by: ColourBy) -> Vec<Name> {
    let meta = &view.snapshot.meta;
    let name = |i: usize| match colour_by {
        ColourBy::Genre => meta.genres.get(i).cloned(),
        ColourBy::Cluster => view.cluster_names.get(i).cloned(),
        _ => None,
    };
    if !matches!(colour_by, ColourBy::Genre | ColourBy::Cluster) {
        return Vec::new();
    }
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
    let mut largest: Vec<(usize, Vec<[f32; 2]>)> = members.into_iter().enumerate().collect();
    largest.retain(|(_, places)| !places.is_empty());
    largest.sort_by_key(|(_, places)| std::cmp::Reverse(places.len()));
    largest.truncate(NAMED);
    let placed = largest.into_iter();
    placed
        .filter_map(|(category, places)| {
            Some(Name {
                category,
                text: name(category)?,
                place: over_the_thickest(&places),
            })
        })
        .collect()
}

/// Over the thickest part of `places`: a category may lie in several islands, and the middle of all of them in none.
fn over_the_thickest(places: &[[f32; 2]]) -> [f32; 2] {
    let cell = |v: f32| (((v + 1.0) * 0.5 * CELLS as f32) as usize).min(CELLS - 1);
    let mut counts = [[0usize; CELLS]; CELLS];
    for [x, y] in places {
        counts[cell(*y)][cell(*x)] += 1;
    }
    let around = |cx: usize, cy: usize| {
        let near = |c: usize| c.saturating_sub(1)..(c + 2).min(CELLS);
        near(cy).flat_map(move |y| near(cx).map(move |x| (x, y)))
    };
    let crowd = |cx: usize, cy: usize| around(cx, cy).map(|(x, y)| counts[y][x]).sum::<usize>() + counts[cy][cx];
    let all = (0..CELLS).flat_map(|y| (0..CELLS).map(move |x| (x, y)));
    let (cx, cy) = all.max_by_key(|(x, y)| crowd(*x, *y)).unwrap_or_default();
    let inside = |[x, y]: &&[f32; 2]| cell(*x).abs_diff(cx) <= 1 && cell(*y).abs_diff(cy) <= 1;
    let crowd: Vec<[f32; 2]> = places.iter().filter(inside).copied().collect();
    let mean_x = crowd.iter().map(|[x, _]| x).sum::<f32>() / crowd.len().max(1) as f32;
    let mut heights: Vec<f32> = crowd.iter().map(|[_, y]| *y).collect();
    heights.sort_by(f32::total_cmp);
    let top = heights.get((heights.len().saturating_sub(1) as f32 * 0.9) as usize);
    [mean_x, top.copied().unwrap_or_default()]
}

#[cfg(test)]
mod tests {
    use super::over_the_thickest;

    #[test]
    fn a_name_stands_over_the_largest_island_of_its_category() {
        let island = |x: f32, y: f32, count: usize| {
            (0..count).map(move |i| [x + 0.01 * (i % 5) as f32, y + 0.01 * (i / 5) as f32])
        };
        let places: Vec<[f32; 2]> = island(-0.8, -0.6, 10).chain(island(0.6, 0.5, 30)).collect();
        let [x, y] = over_the_thickest(&places);
        assert!((x - 0.62).abs() < 0.1 && (y - 0.55).abs() < 0.1, "{x} {y}");
    }
}
