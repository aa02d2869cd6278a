//! All points as one mesh: one triangle each, culled to the pane, kept until the view or the looks change.

use super::looks::Look;
use super::sprite;
use egui::epaint::{Mesh, Vertex};
use egui::{Color32, Shape, TextureId, Ui, pos2};
use egui_plot::{PlotBounds, PlotGeometry, PlotItem, PlotItemBase, PlotTransform};
use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::sync::Arc;

/// The plot item of one frame.
pub struct Cloud<'a> {
    pub base: PlotItemBase,
    /// View units, one per point.
    pub positions: Arc<[[f32; 2]]>,
    pub looks: Arc<[Look]>,
    /// In points.
    pub radius: f32,
    pub texture: TextureId,
    pub cache: &'a RefCell<MeshCache>,
    /// Changes whenever positions or looks do.
    pub version: u64,
}

/// The mesh of the last frame.
#[derive(Debug, Default)]
pub struct MeshCache {
    key: Option<Key>,
    mesh: Arc<Mesh>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
struct Key {
    version: u64,
    scale: [f32; 2],
    offset: [f32; 2],
    frame: [f32; 4],
    radius: f32,
}

impl PlotItem for Cloud<'_> {
    fn shapes(&self, _ui: &Ui, transform: &PlotTransform, shapes: &mut Vec<Shape>) {
        let frame = transform.frame();
        let key = Key {
            version: self.version,
            scale: [transform.dpos_dvalue_x() as f32, transform.dpos_dvalue_y() as f32],
            offset: [
                transform.position_from_point_x(0.0),
                transform.position_from_point_y(0.0),
            ],
            frame: [frame.left(), frame.top(), frame.right(), frame.bottom()],
            radius: self.radius,
        };
        let mut cache = self.cache.borrow_mut();
        if cache.key != Some(key) {
            cache.mesh = Arc::new(self.mesh(&key));
            cache.key = Some(key);
        }
        shapes.push(Shape::Mesh(Arc::clone(&cache.mesh)));
    }

    fn initialize(&mut self, _x_range: RangeInclusive<f64>) {}

    fn color(&self) -> Color32 {
        Color32::GRAY
    }

    fn geometry(&self) -> PlotGeometry<'_> {
        PlotGeometry::None
    }

    fn bounds(&self) -> PlotBounds {
        PlotBounds::from_min_max([-1.0; 2], [1.0; 2])
    }

    fn base(&self) -> &PlotItemBase {
        &self.base
    }

    fn base_mut(&mut self) -> &mut PlotItemBase {
        &mut self.base
    }
}

impl Cloud<'_> {
    fn mesh(&self, key: &Key) -> Mesh {
        let Key {
            scale: [sx, sy],
            offset: [ox, oy],
            frame: [left, top, right, bottom],
            radius,
            ..
        } = *key;
        let mut mesh = Mesh::with_texture(self.texture);
        mesh.vertices.reserve(3 * self.positions.len());
        let uvs = sprite::uvs();
        let corners = sprite::CORNERS.map(|[x, y]| [x * radius, y * radius]);
        for ([x, y], look) in self.positions.iter().zip(self.looks.iter()) {
            let (px, py) = (ox + x * sx, oy + y * sy);
            let inside = px > left - radius && px < right + radius && py > top - radius && py < bottom + radius;
            if !inside || look.colour == Color32::TRANSPARENT {
                continue;
            }
            let uv = uvs[look.mark as usize];
            for k in 0..3 {
                mesh.vertices.push(Vertex {
                    pos: pos2(px + corners[k][0], py + corners[k][1]),
                    uv: uv[k],
                    color: look.colour,
                });
            }
        }
        mesh.indices = (0..mesh.vertices.len() as u32).collect();
        mesh
    }
}

/// Radius of a point on a pane whose shorter side is `side` points: smaller the more points there are, larger the closer one looks
/// and the larger the pane.
pub fn point_radius(points: usize, zoom: f32, side: f32) -> f32 {
    const USUAL_SIDE: f32 = 600.0;
    let crowd = (2_000.0 / points.max(200) as f32).powf(0.22);
    let pane = (side / USUAL_SIDE).clamp(0.5, 4.0).powf(0.35);
    (3.6 * crowd * pane * zoom.max(0.2).powf(0.4)).clamp(1.2, 16.0)
}
