//! Where a training stands, whether it is well, and its three buttons.

use crate::jobs::JobStage;
use crate::session::Health;
use crate::session::{Command, Commands, Progress, Training, TrainingState};
use crate::ui::controls::{caption, heading, hint};
use crate::ui::tokens::{colours, space};
use egui::{ProgressBar, RichText, Ui};

/// Draws progress, health and forecast.
pub fn show(ui: &mut Ui, training: &Training) {
    heading(ui, headline(training));
    if let Some(source) = &training.source {
        caption(ui, source.display().to_string());
    }
    ui.add_space(space::TIGHT);
    if let Some(progress) = training.progress {
        let part = progress.done as f32 / progress.total.max(1) as f32;
        ui.add(
            ProgressBar::new(part)
                .text(progress_text(progress, training))
                .desired_height(18.0),
        );
    }
    if let Some(Health::Warning(sentence)) = &training.health {
        let ink = colours(ui).warning;
        ui.label(RichText::new(sentence).color(ink));
    } else if matches!(training.health, Some(Health::Good)) {
        let ink = colours(ui).good;
        ui.label(RichText::new("Healthy: the map and the conditions are both heard.").color(ink));
    }
    if let Some(forecast) = training.forecast() {
        hint(ui, forecast);
    }
    if let Some(step) = training.curve.last() {
        caption(
            ui,
            format!(
                "step {} · {:.1} a second · {:.0} min",
                step.step,
                step.steps_per_sec,
                step.elapsed_secs / 60.0
            ),
        );
    }
    for note in &training.notes {
        caption(ui, note);
    }
    if !training.skipped.is_empty() {
        caption(
            ui,
            format!(
                "{} files skipped: see Music, Report of the import",
                training.skipped.len()
            ),
        );
    }
}

/// Draws the buttons of the part that runs, or what is being waited for.
pub fn actions(ui: &mut Ui, training: &Training, commands: &mut Commands) {
    let stage = training.progress.map(|progress| progress.stage);
    if training.stopping {
        caption(ui, "The best version so far gets its last map; the sound goes on.");
    } else if training.is_active() && stage == Some(JobStage::Refining) {
        caption(ui, "The sound goes on. What is skipped stays as it was learned.");
        if ui.button("Skip the rest").clicked() {
            commands.push(Command::StopTraining);
        }
    } else if training.is_active() {
        caption(ui, "The map stays playable while it learns.");
        buttons(ui, training, commands);
    }
}

fn buttons(ui: &mut Ui, training: &Training, commands: &mut Commands) {
    ui.horizontal(|ui| {
        if training.state == TrainingState::Paused {
            if ui.button("Resume").clicked() {
                commands.push(Command::ResumeTraining);
            }
        } else if ui.button("Pause").clicked() {
            commands.push(Command::PauseTraining);
        }
        if ui.button("Stop and keep the best").clicked() {
            commands.push(Command::StopTraining);
        }
    });
}

fn headline(training: &Training) -> &'static str {
    if training.stopping {
        return "Stopping";
    }
    match (&training.state, training.progress.map(|progress| progress.stage)) {
        (TrainingState::Paused, _) => "Paused",
        (_, Some(JobStage::Scanning)) => "Looking through the folder",
        (_, Some(JobStage::Decoding)) => "Listening to the music",
        (_, Some(JobStage::LinearModel)) => "Finding the first map",
        (_, Some(JobStage::Training)) => "Learning",
        (_, Some(JobStage::Encoding)) => "Placing every clip",
        (_, Some(JobStage::Refining)) => "Comparing every point with its recording",
        (_, Some(JobStage::Mapping)) => "Drawing the map",
        (_, None) => "Starting",
    }
}

fn progress_text(progress: Progress, training: &Training) -> String {
    let left = training
        .curve
        .last()
        .zip(training.budget_minutes)
        .map(|(step, minutes)| {
            let left = f64::from(minutes) - step.elapsed_secs / 60.0;
            format!(" · {:.0} min left", left.max(0.0).ceil())
        });
    match (progress.stage, left) {
        (JobStage::Training, Some(left)) => format!("{} %{left}", 100 * progress.done / progress.total.max(1)),
        _ => format!("{} of {}", progress.done, progress.total),
    }
}
