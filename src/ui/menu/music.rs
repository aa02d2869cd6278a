//! The Music menu: every way in which music comes to a space.

use super::entries::{action, entry, submenu};
use crate::corpus::DatasetFormat;
use crate::session::{Command, Commands, FileAsk, Session};
use crate::ui::keys::Action;
use crate::ui::{Dialog, Panes, SideTab};
use egui::Ui;

/// Draws its entries.
pub(super) fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    action(ui, true, "Import a folder…", Action::Import, session, panes, commands);
    if entry(ui, true, "Import a manifest…") {
        commands.push(Command::Ask(FileAsk::Manifest));
    }
    submenu(ui, true, "Import a dataset", |ui| {
        for (text, layout) in [
            ("Free Music Archive…", DatasetFormat::Fma),
            ("Audio with a genre table…", DatasetFormat::LabelFiles),
            ("GTZAN…", DatasetFormat::Gtzan),
            ("DEAM…", DatasetFormat::Deam),
            ("Music library, genres from tags…", DatasetFormat::Library),
        ] {
            if entry(ui, true, text) {
                commands.push(Command::Ask(FileAsk::Dataset(layout)));
            }
        }
    });
    let inspected = session.training.inspected.is_some();
    if entry(ui, inspected, "Join more music…") {
        commands.push(Command::Ask(FileAsk::JoinedMusic));
    }
    if entry(ui, inspected, "Examine every file") {
        commands.push(Command::Examine);
    }
    if entry(ui, session.space.is_some(), "Add clips to this space…") {
        commands.push(Command::Ask(FileAsk::MoreMusic));
    }
    ui.separator();
    if entry(ui, inspected, "Listen to sample segments") {
        panes.side = SideTab::Train;
    }
    if entry(ui, session.codec_plot_source().is_some(), "Plot what EnCodec sees") {
        commands.push(Command::PlotCodec);
    }
    if entry(ui, session.space.is_some(), "Find moved recordings…") {
        commands.push(Command::Ask(FileAsk::Recordings));
    }
    let skipped = session.training.skipped.len();
    let text = match skipped {
        0 => "Report of the import…".to_owned(),
        some => format!("Report of the import ({some} skipped)…"),
    };
    if entry(ui, inspected || skipped > 0, &text) {
        panes.dialog = Some(Dialog::Report);
    }
}
