//! A snapshot with everything the window needs to know about it, computed once when it is published.

use super::Field;
use super::search_text::{ClipText, SearchIn};
use super::shown::{Shown, is_shown};
use crate::atlas::{Neighbour, PointGrid};
use crate::space::{KeptPin, LayoutKind, Snapshot};
use crate::values::{ChunkId, MapPoint};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A number that was not given out before. An address would not do: a view that goes leaves its own to the next one.
fn next_version() -> u64 {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Immutable and shared: panes keep what they made of it as long as its version is the same.
#[derive(Debug)]
pub struct SpaceView {
    /// No other view has it.
    pub version: u64,
    /// What everything else here was computed from.
    pub snapshot: Arc<Snapshot>,
    /// The strongest genre of every chunk.
    pub genre_of: Vec<Option<u16>>,
    /// Chunks per genre.
    pub genre_counts: Vec<usize>,
    /// What lies in each cluster: its strongest genre, with a number where several clusters have the same.
    pub cluster_names: Vec<String>,
    /// NaN where unknown.
    pub valence: Vec<f32>,
    /// One per chunk, like `valence`; NaN where unknown.
    pub arousal: Vec<f32>,
    /// Where the corpus lies on the emotion pad.
    pub emotion_field: Field,
    /// What can be searched for, one per clip.
    pub search_text: Vec<ClipText>,
    /// Whether a clip has a point on the map: of a large corpus, others are learned from but not shown.
    pub is_mapped: Vec<bool>,
    /// In the snapshot's order.
    pub layouts: Vec<LayoutView>,
}

/// One layout in view units: the longer side of its bounding rectangle mapped to -1..1, so that any two layouts can be morphed.
#[derive(Debug)]
pub struct LayoutView {
    /// No other layout of any view has it.
    pub version: u64,
    /// Which of the snapshot's layouts it was made from.
    pub kind: LayoutKind,
    /// One place per chunk.
    pub positions: Arc<[[f32; 2]]>,
    /// Half-extents of `positions`: the longer one is 1.
    pub span: [f32; 2],
    /// Density of `positions`, 1 where it is greatest.
    pub field: Field,
    grid: PointGrid,
    centre: MapPoint,
    half_extent: f32,
}

impl SpaceView {
    /// Works out everything about `snapshot`; some milliseconds for 20,000 chunks.
    pub fn new(snapshot: Arc<Snapshot>) -> Self {
        let chunks = || (0..snapshot.chunks.len()).map(|i| snapshot.labels(ChunkId(i as u32)));
        let genre_of: Vec<Option<u16>> = chunks().map(|labels| labels.leading_genre()).collect();
        let mut genre_counts = vec![0; snapshot.meta.genres.len()];
        for genre in genre_of.iter().flatten() {
            if let Some(count) = genre_counts.get_mut(usize::from(*genre)) {
                *count += 1;
            }
        }
        let cluster_names = cluster_names(&snapshot, &genre_of);
        let valence: Vec<f32> = chunks().map(|labels| labels.valence.unwrap_or(f32::NAN)).collect();
        let arousal: Vec<f32> = chunks().map(|labels| labels.arousal.unwrap_or(f32::NAN)).collect();
        let emotion_field = Field::of_points(valence.iter().zip(&arousal).map(|(v, a)| [*v, *a]), 3);
        let search_text = snapshot
            .clips
            .iter()
            .map(|clip| ClipText::new(&snapshot, clip))
            .collect();
        let mut is_mapped = vec![false; snapshot.clips.len()];
        for chunk in &snapshot.chunks {
            is_mapped[chunk.clip.0 as usize] = true;
        }
        let layouts = snapshot
            .layouts
            .iter()
            .map(|layout| LayoutView::new(layout.kind, &layout.points))
            .collect();
        Self {
            version: next_version(),
            genre_of,
            genre_counts,
            cluster_names,
            valence,
            arousal,
            emotion_field,
            search_text,
            is_mapped,
            layouts,
            snapshot,
        }
    }

    /// The layout of `kind`, or the first there is.
    pub fn layout(&self, kind: LayoutKind) -> Option<&LayoutView> {
        self.layouts
            .iter()
            .find(|layout| layout.kind == kind)
            .or_else(|| self.layouts.first())
    }

    /// Clips on the map, and minutes that they last.
    pub fn on_map(&self) -> (usize, f32) {
        let clips = self.snapshot.clips.iter().zip(&self.is_mapped);
        let mapped = clips.filter(|(_, is_mapped)| **is_mapped);
        mapped.fold((0, 0.0), |(count, minutes), (clip, _)| {
            (count + 1, minutes + clip.duration_secs / 60.0)
        })
    }

    /// For every clip whether it matches `query` (in lower case).
    pub fn clips_matching(&self, query: &str, within: SearchIn) -> Vec<bool> {
        let texts = self.search_text.iter();
        texts.map(|text| text.matches(query, within)).collect()
    }

    /// Name of the strongest genre of `chunk`.
    pub fn genre_name(&self, chunk: ChunkId) -> Option<&str> {
        let genre = (*self.genre_of.get(chunk.0 as usize)?)?;
        self.snapshot.meta.genres.get(usize::from(genre)).map(String::as_str)
    }
}

/// One name a cluster.
fn cluster_names(snapshot: &Snapshot, genre_of: &[Option<u16>]) -> Vec<String> {
    let count = snapshot.clusters.iter().max().map_or(0, |last| usize::from(*last) + 1);
    let genres = &snapshot.meta.genres;
    let mut counts = vec![vec![0usize; genres.len()]; count];
    for (cluster, genre) in snapshot.clusters.iter().zip(genre_of) {
        if let Some(cell) = genre.and_then(|genre| counts[usize::from(*cluster)].get_mut(usize::from(genre))) {
            *cell += 1;
        }
    }
    let strongest: Vec<Option<usize>> = counts
        .iter()
        .map(|counts| {
            let (genre, most) = counts.iter().enumerate().max_by_key(|(_, count)| **count)?;
            (*most > 0).then_some(genre)
        })
        .collect();
    let named = |(cluster, genre): (usize, &Option<usize>)| {
        let Some(genre) = genre else {
            return format!("Cluster {}", cluster + 1);
        };
        let alike = |until: usize| {
            strongest[..until]
                .iter()
                .filter(|other| **other == Some(*genre))
                .count()
        };
        match alike(count) {
            1 => genres[*genre].clone(),
            _ => format!("{} {}", genres[*genre], alike(cluster) + 1),
        }
    };
    strongest.iter().enumerate().map(named).collect()
}

impl LayoutView {
    /// Works out everything about `points`, one per chunk.
    pub fn new(kind: LayoutKind, points: &[MapPoint]) -> Self {
        let (mut low, mut high) = ([f32::MAX; 2], [f32::MIN; 2]);
        for point in points.iter().filter(|p| p.x.is_finite() && p.y.is_finite()) {
            for (axis, value) in [point.x, point.y].into_iter().enumerate() {
                low[axis] = low[axis].min(value);
                high[axis] = high[axis].max(value);
            }
        }
        if low[0] > high[0] {
            (low, high) = ([-1.0; 2], [1.0; 2]);
        }
        let centre = MapPoint {
            x: (low[0] + high[0]) * 0.5,
            y: (low[1] + high[1]) * 0.5,
        };
        let half_extent = ((high[0] - low[0]).max(high[1] - low[1]) * 0.5).max(1e-6);
        let place = |point: &MapPoint| [(point.x - centre.x) / half_extent, (point.y - centre.y) / half_extent];
        let positions: Arc<[[f32; 2]]> = points.iter().map(place).collect();
        let field = Field::of_points(positions.iter().copied(), Field::glow_radius(positions.len()));
        let in_view: Vec<MapPoint> = positions.iter().map(|[x, y]| MapPoint { x: *x, y: *y }).collect();
        Self {
            version: next_version(),
            kind,
            grid: PointGrid::new(&in_view),
            positions,
            span: [0, 1].map(|axis| ((high[axis] - low[axis]) * 0.5 / half_extent).clamp(0.0, 1.0)),
            field,
            centre,
            half_extent,
        }
    }

    /// View units to the layout's own.
    pub fn map_from_view(&self, view: [f32; 2]) -> MapPoint {
        MapPoint {
            x: view[0] * self.half_extent + self.centre.x,
            y: view[1] * self.half_extent + self.centre.y,
        }
    }

    /// The layout's own units to view units.
    pub fn view_from_map(&self, point: MapPoint) -> [f32; 2] {
        [
            (point.x - self.centre.x) / self.half_extent,
            (point.y - self.centre.y) / self.half_extent,
        ]
    }

    /// Where `pin` lies in view units: on its own layout its very place, on another one its chunk's.
    pub fn place_of(&self, pin: &KeptPin) -> Option<[f32; 2]> {
        match pin.layout == self.kind {
            true => Some(self.view_from_map(pin.point)),
            false => self.positions.get(pin.chunk.0 as usize).copied(),
        }
    }

    /// The whole width of the layout in its own units.
    pub fn extent(&self) -> f32 {
        2.0 * self.half_extent
    }

    /// The chunk among `shown` that is nearest to `view`, and its distance in view units.
    pub fn nearest(&self, view: [f32; 2], shown: Option<&Shown>) -> Option<(ChunkId, f32)> {
        let found = self.nearest_shown(view, 1, shown).into_iter().next()?;
        Some((ChunkId(found.index), found.distance_squared.sqrt()))
    }

    /// The `count` chunks among `shown` that are nearest to `view`, nearest first.
    pub fn nearest_many(&self, view: [f32; 2], count: usize, shown: Option<&Shown>) -> Vec<ChunkId> {
        let found = self.nearest_shown(view, count, shown).into_iter();
        found.map(|near| ChunkId(near.index)).collect()
    }

    fn nearest_shown(&self, [x, y]: [f32; 2], count: usize, shown: Option<&Shown>) -> Vec<Neighbour> {
        let mut found = Vec::with_capacity(count);
        let keep = |index| is_shown(shown, ChunkId(index));
        self.grid.nearest_among(MapPoint { x, y }, count, keep, &mut found);
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn view_units_lead_back_to_the_map() {
        let points = [(3.0, 10.0), (5.0, 30.0), (4.0, 12.0)].map(|(x, y)| MapPoint { x, y });
        let layout = LayoutView::new(LayoutKind::Pca, &points);
        for (i, point) in points.iter().enumerate() {
            let back = layout.map_from_view(layout.positions[i]);
            assert!(back.distance_squared(*point) < 1e-6);
            assert!(layout.positions[i].iter().all(|v| v.abs() <= 1.0 + 1e-6));
            assert_eq!(layout.nearest(layout.positions[i], None).unwrap().0, ChunkId(i as u32));
        }
    }

    #[test]
    fn an_empty_or_flat_layout_has_no_nan() {
        assert!(
            LayoutView::new(LayoutKind::Pca, &[])
                .nearest([0.0, 0.0], None)
                .is_none()
        );
        let same = [MapPoint { x: 2.0, y: 2.0 }; 4];
        let layout = LayoutView::new(LayoutKind::Tsne, &same);
        assert!(layout.positions.iter().flatten().all(|v| v.is_finite()));
    }
}
