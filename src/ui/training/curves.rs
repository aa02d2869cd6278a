//! Live curves: loss, rates, quality on held-out clips.

use crate::session::Training;
use crate::train::StepReport;
use crate::ui::controls::{caption, segmented};
use crate::ui::palette;
use crate::ui::tokens::{colours, space};
use egui::{Color32, Ui};
use egui_plot::{Corner, HLine, Legend, Line, Plot, PlotPoints};

/// Which curves are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Curve {
    #[default]
    Quality,
    Loss,
    Rate,
}

/// Draws the choice and the chosen curves.
pub fn show(ui: &mut Ui, training: &Training, curve: &mut Curve) {
    let choices = [
        (
            Curve::Quality,
            "Quality",
            "Held-out clips: lower is closer to the recording",
        ),
        (Curve::Loss, "Loss", "What the training minimises"),
        (
            Curve::Rate,
            "Rate",
            "Information per chunk in the two latents, and active dimensions",
        ),
    ];
    if let Some(chosen) = segmented(ui, *curve, &choices) {
        *curve = chosen;
    }
    ui.add_space(space::TIGHT);
    let rows = &training.curve;
    let dark = ui.visuals().dark_mode;
    match curve {
        Curve::Loss => plot(
            ui,
            "loss curves",
            None,
            [
                ("total", series(rows, |row| Some(row.loss)), palette::category(0, dark)),
                (
                    "reconstruction",
                    series(rows, |row| Some(row.reconstruction)),
                    palette::category(1, dark),
                ),
            ],
        ),
        Curve::Rate => {
            plot(
                ui,
                "rate curves",
                None,
                [
                    (
                        "KL local",
                        series(rows, |row| Some(row.kl_local)),
                        palette::category(2, dark),
                    ),
                    (
                        "KL global",
                        series(rows, |row| Some(row.kl_global)),
                        palette::category(4, dark),
                    ),
                ],
            );
            if let Some(check) = rows.iter().rev().find_map(|row| row.validation) {
                caption(
                    ui,
                    format!(
                        "Active dimensions: global {:.0} %, local {:.0} %",
                        check.active_global * 100.0,
                        check.active_local * 100.0
                    ),
                );
            }
        }
        Curve::Quality => quality(ui, rows, dark),
    }
}

fn quality(ui: &mut Ui, rows: &[StepReport], dark: bool) {
    let last = rows.iter().rev().find_map(|row| row.validation);
    plot(
        ui,
        "quality curves",
        last.map(|check| check.closed_form_lsd_db),
        [(
            "distance (dB)",
            series(rows, |row| row.validation.map(|check| check.lsd_db)),
            palette::category(0, dark),
        )],
    );
    match last {
        Some(check) => caption(
            ui,
            format!(
                "{:.2} dB, before training {:.2} dB · map effect {:.2} · ignore index {:.2}",
                check.lsd_db, check.closed_form_lsd_db, check.map_effect, check.ignore_index
            ),
        ),
        None => caption(ui, "The first check on held-out clips comes soon."),
    };
}

type Series = Vec<[f64; 2]>;

fn series(rows: &[StepReport], value: impl Fn(&StepReport) -> Option<f32>) -> Series {
    rows.iter()
        .filter_map(|row| Some([row.elapsed_secs / 60.0, f64::from(value(row)?)]))
        .filter(|[_, y]| y.is_finite())
        .collect()
}

fn plot<const N: usize>(ui: &mut Ui, id: &str, baseline: Option<f32>, lines: [(&str, Series, Color32); N]) {
    let c = colours(ui);
    Plot::new(id)
        .height(168.0)
        .legend(Legend::default().position(Corner::RightTop))
        .allow_drag(false)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .grid_color(c.line)
        .grid_spacing(36.0..=200.0)
        .x_axis_label("minutes")
        .show(ui, |plot| {
            if let Some(level) = baseline {
                plot.hline(HLine::new("before training", f64::from(level)).color(c.weak));
            }
            for (name, points, colour) in lines {
                plot.line(Line::new(name, PlotPoints::from(points)).color(colour).width(1.6));
            }
        });
}
