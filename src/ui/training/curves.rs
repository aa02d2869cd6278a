//! Live curves: quality on held-out clips, loss, rates; what they are called stands above the plot.

use crate::session::Training;
use crate::session::{ErrorUnit, StepReport, closeness};
use crate::ui::controls::{caption, segmented};
use crate::ui::palette;
use crate::ui::tokens::{colours, size, space, type_scale};
use egui::{Color32, RichText, Sense, Stroke, Ui, vec2};
use egui_plot::{GridMark, HLine, Line, Plot, PlotPoints};

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
            "How close held-out clips come to their recordings",
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
    if let Some(share) = last.and_then(|check| check.closer()) {
        closer(ui, rows, share, dark);
        return;
    }
    let unit = last.map_or_else(ErrorUnit::default, |check| check.unit).symbol();
    plot(
        ui,
        "quality curves",
        last.map(|check| check.linear_distance),
        [(
            &format!("distance ({unit})"),
            series(rows, |row| row.validation.map(|check| check.distance)),
            palette::category(0, dark),
        )],
    );
    match last {
        Some(check) => caption(
            ui,
            format!(
                "{:.2} {unit}, before training {:.2} {unit} · map effect {:.2} · ignore index {:.2}",
                check.distance, check.linear_distance, check.map_effect, check.condition_to_map_ratio
            ),
        ),
        None => caption(ui, "Nothing was checked on held-out clips yet."),
    };
}

/// How much of what the linear model misses is there, over time.
fn closer(ui: &mut Ui, rows: &[StepReport], share: f32, dark: bool) {
    let told = match (100.0 * share).round() {
        percent if percent < 0.0 => "Not closer to your music yet".to_owned(),
        percent => format!("Closer to your music: {percent:.0} %"),
    };
    let gained = RichText::new(told).font(type_scale::title());
    let ink = colours(ui).text;
    ui.label(gained.color(ink))
        .on_hover_text("How much of what a listener missed before the training is there now, on clips it never saw");
    let percent = |row: &StepReport| Some(100.0 * row.validation?.closer()?);
    let line = series(rows, percent);
    plot(
        ui,
        "closeness curve",
        Some(0.0),
        [("closer (%)", line, palette::category(0, dark))],
    );
    caption(
        ui,
        format!(
            "{} your recordings, by the ear of a listener's measure",
            closeness(share)
        ),
    );
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
    if lines.iter().all(|(_, points, _)| points.is_empty()) {
        return;
    }
    names(ui, &lines);
    Plot::new(id)
        .height(156.0)
        .allow_drag(false)
        .allow_scroll(false)
        .allow_zoom(false)
        .allow_boxed_zoom(false)
        .grid_color(c.line)
        .x_grid_spacer(|input| round_marks(input.bounds, 3.0))
        .y_grid_spacer(|input| round_marks(input.bounds, 4.0))
        .x_axis_formatter(|mark, _| format!("{} min", mark_text(mark)))
        .y_axis_formatter(|mark, _| mark_text(mark))
        .show(ui, |plot| {
            if let Some(level) = baseline {
                plot.hline(HLine::new("before training", f64::from(level)).color(c.weak));
            }
            for (name, points, colour) in lines {
                plot.line(Line::new(name, PlotPoints::from(points)).color(colour).width(1.6));
            }
        });
}

/// What the curves are called, each beside its colour, and where the newest of them stands.
fn names<const N: usize>(ui: &mut Ui, lines: &[(&str, Series, Color32); N]) {
    ui.horizontal_wrapped(|ui| {
        for (name, points, colour) in lines {
            let (swatch, _) = ui.allocate_exact_size(vec2(12.0, size::TIGHT_ROW), Sense::hover());
            ui.painter()
                .hline(swatch.x_range(), swatch.center().y, Stroke::new(2.0, *colour));
            let last = points.last().map_or(String::new(), |[_, y]| format!(" {y:.3}"));
            caption(ui, format!("{name}{last}"));
        }
    });
}

/// A mark with as many decimals as tell it from its neighbours.
fn mark_text(mark: GridMark) -> String {
    let decimals = (-mark.step_size.log10().floor()).clamp(0.0, 9.0) as usize;
    format!("{:.decimals$}", mark.value)
}

/// About `count` marks at round numbers between `low` and `high`.
fn round_marks((low, high): (f64, f64), count: f64) -> Vec<GridMark> {
    let rough = (high - low) / count;
    if !(rough > 0.0 && rough.is_finite()) {
        return Vec::new();
    }
    let decade = 10f64.powf(rough.log10().floor());
    let step_size = [1.0, 2.0, 5.0, 10.0]
        .map(|factor| factor * decade)
        .into_iter()
        .find(|step| *step >= rough)
        .unwrap_or(rough);
    let first = (low / step_size).ceil() as i64;
    let last = (high / step_size).floor() as i64;
    (first..=last)
        .map(|i| GridMark {
            value: i as f64 * step_size,
            step_size,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_round_and_few() {
        for bounds in [(0.0, 10.0), (4.17, 5.1), (-3.0, 2_000.0), (0.0, 1e-6)] {
            let marks = round_marks(bounds, 4.0);
            assert!((2..=5).contains(&marks.len()), "{bounds:?}: {marks:?}");
            assert!(marks.iter().all(|mark| (bounds.0..=bounds.1).contains(&mark.value)));
        }
        assert!(round_marks((1.0, 1.0), 4.0).is_empty());
    }

    #[test]
    fn neighbouring_marks_are_told_apart() {
        for bounds in [(0.0, 10.0), (4.17, 4.19), (0.0, 1e-6), (0.0, 2_000.0)] {
            let texts: Vec<String> = round_marks(bounds, 4.0).into_iter().map(mark_text).collect();
            assert!(texts.windows(2).all(|pair| pair[0] != pair[1]), "{texts:?}");
        }
    }
}
