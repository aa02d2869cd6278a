//! The few pictograms of the window, drawn as shapes: no font has to have them and they scale with everything.

use egui::{Color32, Painter, Pos2, Rect, Shape, Stroke, StrokeKind, Vec2, vec2};

/// A pictogram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Play,
    Stop,
    Record,
    Fit,
    Plus,
    Minus,
    Close,
    Pin,
    Path,
    Dice,
    Tick,
    Pencil,
    Folder,
    Copy,
    Frame,
}

impl Icon {
    /// Draws it in the middle of `rect`.
    pub fn paint(self, painter: &Painter, rect: Rect, colour: Color32) {
        let side = rect.width().min(rect.height());
        let r = side * 0.5;
        let c = rect.center();
        let stroke = Stroke::new((side * 0.11).max(1.2), colour);
        let at = |x: f32, y: f32| c + vec2(x, y) * r;
        let fill = |points: Vec<Pos2>| painter.add(Shape::convex_polygon(points, colour, Stroke::NONE));
        let line = |points: Vec<Pos2>| painter.add(Shape::line(points, stroke));
        match self {
            Self::Play => {
                fill(vec![at(-0.55, -0.8), at(0.85, 0.0), at(-0.55, 0.8)]);
            }
            Self::Stop => {
                painter.rect_filled(Rect::from_center_size(c, Vec2::splat(r * 1.3)), r * 0.2, colour);
            }
            Self::Record => {
                painter.circle_filled(c, r * 0.68, colour);
            }
            Self::Fit => {
                for (x, y) in [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)] {
                    line(vec![
                        at(x * 0.75, y * 0.3),
                        at(x * 0.75, y * 0.75),
                        at(x * 0.3, y * 0.75),
                    ]);
                }
            }
            Self::Plus | Self::Minus => {
                line(vec![at(-0.65, 0.0), at(0.65, 0.0)]);
                if self == Self::Plus {
                    line(vec![at(0.0, -0.65), at(0.0, 0.65)]);
                }
            }
            Self::Close => {
                line(vec![at(-0.5, -0.5), at(0.5, 0.5)]);
                line(vec![at(-0.5, 0.5), at(0.5, -0.5)]);
            }
            Self::Tick => {
                line(vec![at(-0.75, 0.05), at(-0.2, 0.6), at(0.8, -0.6)]);
            }
            Self::Pencil => {
                line(vec![
                    at(-0.75, 0.75),
                    at(-0.6, 0.2),
                    at(0.4, -0.8),
                    at(0.8, -0.4),
                    at(-0.2, 0.6),
                    at(-0.75, 0.75),
                ]);
            }
            Self::Folder => {
                let edge = [
                    (-0.85, 0.65),
                    (-0.85, -0.6),
                    (-0.3, -0.6),
                    (-0.1, -0.35),
                    (0.85, -0.35),
                    (0.85, 0.65),
                ];
                painter.add(Shape::closed_line(edge.map(|(x, y)| at(x, y)).to_vec(), stroke));
            }
            Self::Copy => {
                let sheet = |x: f32, y: f32| Rect::from_center_size(at(x, y), vec2(r * 1.05, r * 1.2));
                painter.rect_stroke(sheet(0.28, 0.25), r * 0.15, stroke, StrokeKind::Middle);
                line(vec![
                    at(-0.45, 0.35),
                    at(-0.8, 0.35),
                    at(-0.8, -0.85),
                    at(0.25, -0.85),
                    at(0.25, -0.5),
                ]);
            }
            Self::Frame => {
                let frame = Rect::from_center_size(c, vec2(r * 1.7, r * 1.3));
                painter.extend(Shape::dashed_line(
                    &[
                        frame.left_top(),
                        frame.right_top(),
                        frame.right_bottom(),
                        frame.left_bottom(),
                        frame.left_top(),
                    ],
                    stroke,
                    r * 0.42,
                    r * 0.3,
                ));
            }
            Self::Pin => {
                painter.circle_stroke(at(0.0, -0.3), r * 0.45, stroke);
                line(vec![at(0.0, 0.15), at(0.0, 0.9)]);
            }
            Self::Path => {
                let wave = (0..=16).map(|i| {
                    let t = i as f32 / 8.0 - 1.0;
                    at(t * 0.85, (t * 3.1).sin() * 0.5)
                });
                line(wave.collect());
            }
            Self::Dice => {
                let face = Rect::from_center_size(c, Vec2::splat(r * 1.5));
                painter.rect_stroke(face, r * 0.3, stroke, StrokeKind::Middle);
                for (x, y) in [(-0.35, -0.35), (0.0, 0.0), (0.35, 0.35)] {
                    painter.circle_filled(at(x, y), r * 0.14, colour);
                }
            }
        }
    }
}
