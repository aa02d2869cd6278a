//! Files: new, open, save, export, quit.

use super::entries::{action, entry, submenu};
use crate::session::{Command, Commands, ExportTarget, FileAsk, Session};
use crate::ui::controls::icon_button;
use crate::ui::icon::Icon;
use crate::ui::keys::Action;
use crate::ui::{Dialog, Panes, PathSheet};
use egui::Ui;
use std::path::Path;

/// Draws the menu.
pub(super) fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    let open = session.space.is_some();
    action(ui, true, "New from a folder…", Action::Import, session, panes, commands);
    action(ui, true, "Open…", Action::Open, session, panes, commands);
    if entry(ui, true, "Open by path…") {
        panes.dialog = Some(Dialog::Path(PathSheet::open()));
    }
    submenu(ui, !session.settings.recent.is_empty(), "Open recent", |ui| {
        for path in &session.settings.recent {
            recent(ui, session, path, commands);
        }
    });
    if entry(ui, true, "Open the demo space") {
        commands.push(Command::OpenDemo);
    }
    ui.separator();
    action(ui, open, "Save", Action::Save, session, panes, commands);
    action(ui, open, "Save as…", Action::SaveAs, session, panes, commands);
    if entry(ui, open, "Close the space") {
        commands.push(Command::CloseSpace);
    }
    ui.separator();
    if entry(ui, true, "Open a take…") {
        commands.push(Command::Ask(FileAsk::OpenScore));
    }
    if let Some(take) = &session.last_take
        && entry(ui, true, "Open the last take")
    {
        commands.push(Command::OpenScore(take.clone()));
    }
    submenu(ui, open, "Export", |ui| {
        let targets = [
            ("This point as WAV…", ExportTarget::PointWav),
            ("The loop as WAV…", ExportTarget::LoopWav),
            ("The path as WAV…", ExportTarget::PathWav),
            ("The take as WAV…", ExportTarget::TakeWav),
            ("The map as PNG…", ExportTarget::MapPng),
            ("The table as CSV…", ExportTarget::TableCsv),
        ];
        for (text, target) in targets {
            let possible = match target {
                ExportTarget::PointWav | ExportTarget::LoopWav => session.selection.is_some(),
                ExportTarget::PathWav => session.motion.is_some(),
                ExportTarget::TakeWav => session.take.is_some(),
                ExportTarget::MapPng | ExportTarget::TableCsv => true,
            };
            if entry(ui, possible, text) {
                commands.push(Command::Ask(FileAsk::Export(target)));
            }
        }
    });
    ui.separator();
    action(ui, true, "Quit", Action::Quit, session, panes, commands);
}

/// A file that was open before; one that is gone can only be taken out of the list.
fn recent(ui: &mut Ui, session: &Session, path: &Path, commands: &mut Commands) {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    if !session.gone.contains(path) {
        if entry(ui, true, &name) {
            commands.push(Command::Open(path.to_owned()));
        }
        return;
    }
    ui.horizontal(|ui| {
        entry(ui, false, &format!("{name} (not there)"));
        if icon_button(ui, Icon::Close, &format!("Take {name} out of this list"), false).clicked() {
            commands.push(Command::ForgetRecent(path.to_owned()));
        }
    });
}
