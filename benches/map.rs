//! CPU time of one frame of the whole window against the number of points, panning (everything is built again) and at
//! rest (the mesh is kept); `egui_plot`'s own scatter of the same points is the peer.

#[path = "../tests/window_support/mod.rs"]
mod window_support;

use divan::{Bencher, black_box};
use egui::{Context, RawInput, Rect, pos2, vec2};
use egui_plot::{Plot, PlotPoints, Points};
use songspace::session::{Commands, Session};
use songspace::ui::{self, Panes};

const SIZES: [usize; 3] = [1_000, 20_000, 100_000];

fn main() {
    divan::main();
}

fn input() -> RawInput {
    RawInput {
        screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1_280.0, 800.0))),
        ..RawInput::default()
    }
}

/// One frame to triangles, as a window would paint it.
fn frame(ctx: &Context, session: &Session, panes: &mut Panes) -> usize {
    let mut commands = Commands::default();
    let output = ctx.run_ui(input(), |ui| ui::show(ui, session, panes, &mut commands));
    ctx.tessellate(output.shapes, output.pixels_per_point).len()
}

fn warm(points: usize) -> (Context, Session, Panes) {
    let (ctx, session, mut panes) = (Context::default(), window_support::session(points), Panes::default());
    ui::install(&ctx);
    for _ in 0..4 {
        frame(&ctx, &session, &mut panes);
    }
    (ctx, session, panes)
}

#[divan::bench(args = SIZES)]
fn at_rest(bencher: Bencher, points: usize) {
    let (ctx, session, mut panes) = warm(points);
    bencher.bench_local(|| black_box(frame(&ctx, &session, &mut panes)));
}

#[divan::bench(args = SIZES)]
fn panning(bencher: Bencher, points: usize) {
    let (ctx, session, mut panes) = warm(points);
    let mut side = 1.0;
    bencher.bench_local(|| {
        side = -side;
        panes.map.camera.pan([0.01 * side, 0.0]);
        black_box(frame(&ctx, &session, &mut panes))
    });
}

#[divan::bench(args = SIZES)]
fn egui_plot_points(bencher: Bencher, points: usize) {
    let session = window_support::session(points);
    let places: Vec<[f64; 2]> = session
        .layout()
        .map(|layout| layout.positions.iter().map(|p| p.map(f64::from)).collect())
        .unwrap_or_default();
    let ctx = Context::default();
    bencher.bench_local(|| {
        let output = ctx.run_ui(input(), |ui| {
            Plot::new("peer").show(ui, |plot| {
                plot.points(Points::new("all", PlotPoints::from(places.clone())).radius(2.0));
            });
        });
        black_box(ctx.tessellate(output.shapes, output.pixels_per_point).len())
    });
}
