//! What was done last, and what goes to the clipboard and comes from it.

use super::entries::{action, entry};
use crate::session::{Command, Commands, Session};
use crate::ui::keys::Action;
use crate::ui::{Dialog, Panes};
use egui::Ui;

/// Draws the menu.
pub(super) fn show(ui: &mut Ui, session: &Session, panes: &mut Panes, commands: &mut Commands) {
    for (verb, what, step) in [
        ("Undo", session.undo_label, Action::Undo),
        ("Redo", session.redo_label, Action::Redo),
    ] {
        let text = what.map_or(verb.to_owned(), |what| format!("{verb} {what}"));
        action(ui, what.is_some(), &text, step, session, panes, commands);
    }
    ui.separator();
    let sounding = session.selection.is_some();
    if entry(ui, sounding, "Copy the recipe") {
        commands.push(Command::CopyRecipe);
    }
    if entry(ui, session.space.is_some(), "Paste a recipe…") {
        panes.dialog = Some(Dialog::recipe());
    }
    ui.separator();
    let open = session.space.is_some();
    action(
        ui,
        sounding,
        "Bookmark this sound",
        Action::Bookmark,
        session,
        panes,
        commands,
    );
    action(ui, open, "Search", Action::Search, session, panes, commands);
}
