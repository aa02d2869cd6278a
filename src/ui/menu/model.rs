//! The training, what it computes on, models as files, new sounds.

use super::entries::{check, entry, submenu};
use crate::session::{Command, Commands, DeviceChoice, FileAsk, Session, TrainingState};
use crate::ui::controls::caption;
use crate::ui::{Dialog, Panes, SideTab};
use egui::Ui;

/// Draws the menu.
pub(super) fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let state = &session.training.state;
    if entry(ui, true, "Training sheet…") {
        panes.side = SideTab::Train;
        if !session.settings.show_conditions {
            commands.push(Command::ToggleSide);
        }
    }
    ui.separator();
    if entry(ui, *state == TrainingState::Running, "Pause") {
        commands.push(Command::PauseTraining);
    }
    if entry(ui, *state == TrainingState::Paused, "Resume") {
        commands.push(Command::ResumeTraining);
    }
    if entry(ui, session.training.is_active(), "Stop and keep the best") {
        commands.push(Command::StopTraining);
    }
    let resumable = session.training.resumable.clone();
    if entry(ui, resumable.is_some(), "Continue the last training") {
        commands.extend(resumable.map(Command::Continue));
    }
    submenu(ui, true, "Computing", |ui| {
        caption(ui, format!("Now: {}", session.compute_device));
        let kinds = [
            (DeviceChoice::Auto, "Graphics card if there is one"),
            (DeviceChoice::Gpu, "Graphics card"),
            (DeviceChoice::Cpu, "Processor"),
        ];
        let kinds = kinds.into_iter();
        // With one card there is nothing to choose among.
        let cards = session.adapters.iter().filter(|_| session.adapters.len() > 1);
        let cards = cards.map(|name| (DeviceChoice::Named(name.clone()), name.as_str()));
        for (choice, text) in kinds.chain(cards) {
            if check(ui, session.settings.compute == choice, text) {
                commands.push(Command::ChooseCompute(choice.clone()));
            }
        }
    });
    ui.separator();
    if entry(ui, true, "Load a model…") {
        commands.push(Command::Ask(FileAsk::OpenSpace));
    }
    if entry(ui, session.space.is_some(), "Export the model…") {
        commands.push(Command::Ask(FileAsk::SaveSpace));
    }
    if entry(ui, session.space.is_some(), "About this space…") {
        panes.dialog = Some(Dialog::AboutSpace);
    }
    if entry(ui, true, "EnCodec weights…") {
        commands.push(Command::Ask(FileAsk::EncodecWeights));
    }
    ui.separator();
    for count in [1, 8, 16] {
        let text = if count == 1 {
            "Sample a new sound".to_owned()
        } else {
            format!("Sample {count} new sounds")
        };
        if entry(ui, session.space.is_some(), &text) {
            commands.push(Command::Sample(count));
        }
    }
}
