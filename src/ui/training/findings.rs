//! What was found in the music: where its moods lie, how its genres are spelled, and the doctor's report.

use super::TrainingPaneState;
use crate::session::{Command, Commands, Diagnosis, Estimate, Mood, Training};
use crate::ui::controls::{caption, hint};
use crate::ui::tokens::{colours, space, type_scale};
use egui::{Align2, CollapsingHeader, Grid, Sense, Shape, Stroke, TextEdit, Ui, pos2, vec2};
use std::collections::BTreeMap;

/// Height of the plane of moods.
const PLANE_HEIGHT: f32 = 150.0;
const HISTOGRAM_BINS: usize = 16;

/// Draws the findings of an inspection.
pub fn show(ui: &mut Ui, training: &Training, state: &mut TrainingPaneState, commands: &mut Commands) {
    let Some(found) = &training.inspected else { return };
    ui.add_space(space::TIGHT);
    joined(ui, found, state, commands);
    let diagnosis = training.diagnosis.as_ref();
    if let Some(diagnosis) = diagnosis {
        report(ui, diagnosis, state, commands);
    }
    moods(ui, diagnosis.map_or(&found.moods, |diagnosis| &diagnosis.moods));
    if !found.spellings.is_empty() {
        let title = format!("Genre names ({})", found.spellings.len());
        CollapsingHeader::new(title)
            .id_salt("genre names")
            .show(ui, |ui| genre_names(ui, found, &mut state.genre_names, commands));
    }
    if diagnosis.is_none() {
        if ui.button("Examine every file").clicked() {
            commands.push(Command::Examine);
        }
        hint(
            ui,
            "Finds copies, silence and damage, and estimates moods. Decodes everything once.",
        );
    }
}

/// The other sources, each with a way to take it out again.
fn joined(ui: &mut Ui, found: &Estimate, state: &mut TrainingPaneState, commands: &mut Commands) {
    let sources = &mut state.options.joined;
    let before = sources.len();
    sources.retain(|source| {
        let name = source.file_name().unwrap_or(source.as_os_str()).to_string_lossy();
        ui.horizontal(|ui| {
            caption(ui, format!("and {name}"));
            !ui.small_button(format!("Without {name}")).clicked()
        })
        .inner
    });
    if sources.len() < before {
        commands.push(Command::Inspect(found.folder.clone()));
    }
}

/// One dot a file, the four named quadrants with their counts, and both distributions along the edges.
fn moods(ui: &mut Ui, moods: &[Mood]) {
    if moods.is_empty() {
        return;
    }
    caption(
        ui,
        format!(
            "Moods of {} clips, dark to bright across, calm to energetic upwards",
            moods.len()
        ),
    );
    let c = colours(ui);
    let (whole, _) = ui.allocate_exact_size(vec2(ui.available_width(), PLANE_HEIGHT), Sense::hover());
    let plane = whole.with_max_x(whole.right() - 26.0).with_max_y(whole.bottom() - 26.0);
    let painter = ui.painter_at(whole);
    painter.rect_filled(plane, 4.0, c.control);
    for line in [
        [plane.left_center(), plane.right_center()],
        [plane.center_top(), plane.center_bottom()],
    ] {
        painter.add(Shape::line_segment(line, Stroke::new(1.0, c.raised)));
    }
    let count = |bright: bool, energetic: bool| {
        let inside = |mood: &&Mood| (mood.valence >= 0.0) == bright && (mood.arousal >= 0.0) == energetic;
        moods.iter().filter(inside).count()
    };
    let corners = [
        (
            "happy",
            plane.right_top() + vec2(-5.0, 4.0),
            Align2::RIGHT_TOP,
            count(true, true),
        ),
        (
            "angry",
            plane.left_top() + vec2(5.0, 4.0),
            Align2::LEFT_TOP,
            count(false, true),
        ),
        (
            "sad",
            plane.left_bottom() + vec2(5.0, -4.0),
            Align2::LEFT_BOTTOM,
            count(false, false),
        ),
        (
            "calm",
            plane.right_bottom() + vec2(-5.0, -4.0),
            Align2::RIGHT_BOTTOM,
            count(true, false),
        ),
    ];
    for mood in moods {
        let across = egui::remap_clamp(mood.valence, -1.0..=1.0, plane.left()..=plane.right());
        let up = egui::remap_clamp(mood.arousal, -1.0..=1.0, plane.bottom()..=plane.top());
        let ink = if mood.estimated { c.weak } else { c.accent };
        painter.circle_filled(pos2(across, up), 2.0, ink.gamma_multiply(0.8));
    }
    for (name, at, anchor, files) in corners {
        let words = painter.layout_no_wrap(format!("{name} {files}"), type_scale::caption(), c.text);
        let rect = anchor.anchor_size(at, words.size());
        // A plate, for the moods of a large corpus lie under every word.
        painter.rect_filled(rect.expand2(vec2(3.0, 0.0)), 3.0, c.control.gamma_multiply(0.85));
        painter.galley(rect.min, words, c.text);
    }
    let valence = histogram(moods, |mood| mood.valence);
    let arousal = histogram(moods, |mood| mood.arousal);
    let (wide, high) = (
        plane.width() / HISTOGRAM_BINS as f32,
        plane.height() / HISTOGRAM_BINS as f32,
    );
    for bin in 0..HISTOGRAM_BINS {
        let left = plane.left() + bin as f32 * wide;
        let bar = egui::Rect::from_min_size(pos2(left, plane.bottom() + 3.0), vec2(wide - 1.0, 22.0 * valence[bin]));
        painter.rect_filled(bar, 1.0, c.weak);
        let top = plane.bottom() - (bin + 1) as f32 * high;
        let bar = egui::Rect::from_min_size(pos2(plane.right() + 3.0, top), vec2(22.0 * arousal[bin], high - 1.0));
        painter.rect_filled(bar, 1.0, c.weak);
    }
}

/// Shares of the fullest bin, from -1 to 1.
fn histogram(moods: &[Mood], of: fn(&Mood) -> f32) -> [f32; HISTOGRAM_BINS] {
    let mut counts = [0.0f32; HISTOGRAM_BINS];
    for mood in moods {
        let bin = ((of(mood) + 1.0) * 0.5 * HISTOGRAM_BINS as f32) as usize;
        counts[bin.min(HISTOGRAM_BINS - 1)] += 1.0;
    }
    let most = counts.iter().copied().fold(1.0, f32::max);
    counts.map(|count| count / most)
}

/// Every spelling with the name it has; a name can be typed over.
pub fn genre_names(ui: &mut Ui, found: &Estimate, typed: &mut BTreeMap<String, String>, commands: &mut Commands) {
    Grid::new("spellings").num_columns(2).striped(true).show(ui, |ui| {
        for (spelling, names) in &found.spellings {
            let label = ui.label(spelling);
            let current = names.join(", ");
            let mut name = typed.get(spelling).cloned().unwrap_or_else(|| current.clone());
            let field = TextEdit::singleline(&mut name)
                .hint_text("unknown")
                .desired_width(130.0);
            if ui.add(field).labelled_by(label.id).changed() {
                if name == current {
                    typed.remove(spelling);
                } else {
                    typed.insert(spelling.clone(), name);
                }
            }
            ui.end_row();
        }
    });
    if ui
        .add_enabled(!typed.is_empty(), egui::Button::new("Keep these names"))
        .clicked()
    {
        commands.push(Command::RenameGenres(typed.clone()));
    }
    hint(
        ui,
        "Kept beside the music as songspace-genres.csv. An empty name means unknown.",
    );
}

fn report(ui: &mut Ui, diagnosis: &Diagnosis, state: &mut TrainingPaneState, commands: &mut Commands) {
    ui.add_space(space::TIGHT);
    if ui
        .button("Read the report…")
        .on_hover_text("What the doctor found, with what mends it")
        .clicked()
    {
        state.wants_report = true;
    }
    let files = diagnosis.leave_out.len();
    if files > 0 {
        let text = format!("Leave out {files} copies and silent files");
        if ui.button(text).clicked() {
            commands.push(Command::LeaveOut(diagnosis.leave_out.clone()));
        }
    }
}
