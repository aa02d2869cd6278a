//! What the import found, as a sheet with what mends it: leave files out, name genres anew, look at a file.

use super::sheet::title;
use crate::session::{Command, Commands, Session};
use crate::ui::controls::{caption, elided, heading, hint, icon_button};
use crate::ui::icon::Icon;
use crate::ui::tokens::{colours, size, space, type_scale};
use crate::ui::training::genre_names;
use egui::{RichText, ScrollArea, Sense, Ui, pos2, vec2};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Files of a list before it scrolls.
const LISTED: f32 = 6.0;

/// Draws it; `typed` are names of genres that are not kept yet. True when it is done.
pub(super) fn show(
    ui: &mut Ui,
    session: &Session,
    typed: &mut BTreeMap<String, String>,
    commands: &mut Commands,
) -> bool {
    let training = &session.training;
    title(ui, "Report of the import");
    let tall = (ui.ctx().content_rect().height() - 200.0).max(160.0);
    ScrollArea::vertical()
        .max_height(tall)
        .auto_shrink([false, true])
        .show(ui, |ui| {
            if let Some(found) = &training.inspected {
                let hours = found.minutes_of_music / 60.0;
                hint(
                    ui,
                    format!("{} clips, {hours:.1} hours, in {}", found.files, found.folder.display()),
                );
            }
            leave_out(ui, session, commands);
            skipped(ui, session, commands);
            if let Some(found) = training.inspected.as_ref().filter(|found| !found.spellings.is_empty()) {
                section(ui, &format!("Genre names ({})", found.spellings.len()));
                genre_names(ui, found, typed, commands);
            }
            if let Some(diagnosis) = &training.diagnosis {
                section(ui, "All of it");
                ScrollArea::horizontal().id_salt("report").show(ui, |ui| {
                    let text = RichText::new(&diagnosis.text).font(type_scale::figures());
                    ui.add(egui::Label::new(text).extend().selectable(true));
                });
            } else if training.inspected.is_some() {
                section(ui, "Copies, silence, damage");
                hint(ui, "These are found when every file is decoded once.");
                if ui.button("Examine every file").clicked() {
                    commands.push(Command::Examine);
                }
            }
        });
    ui.add_space(space::ROOMY);
    ui.button("Close").clicked()
}

fn section(ui: &mut Ui, name: &str) {
    ui.add_space(space::ROOMY);
    heading(ui, name);
}

/// Second copies and silent files.
fn leave_out(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let training = &session.training;
    let (Some(found), Some(diagnosis)) = (&training.inspected, &training.diagnosis) else {
        return;
    };
    if diagnosis.leave_out.is_empty() {
        return;
    }
    let many = diagnosis.leave_out.len();
    section(ui, &format!("Copies and silent files ({many})"));
    let root = match found.folder.is_dir() {
        true => found.folder.as_path(),
        false => found.folder.parent().unwrap_or(&found.folder),
    };
    let files: Vec<(PathBuf, String)> = diagnosis
        .leave_out
        .iter()
        .map(|name| (root.join(name), name.clone()))
        .collect();
    list(ui, "leave out", &files, commands);
    let text = format!("Leave out all {many}");
    if ui
        .button(text)
        .on_hover_text("Kept beside the music, for every later import")
        .clicked()
    {
        commands.push(Command::LeaveOut(diagnosis.leave_out.clone()));
    }
}

/// What was passed over, with the reasons.
fn skipped(ui: &mut Ui, session: &Session, commands: &mut Commands) {
    let skipped = &session.training.skipped;
    if skipped.is_empty() {
        return;
    }
    section(ui, &format!("Skipped files ({})", skipped.len()));
    let files: Vec<(PathBuf, String)> = skipped
        .iter()
        .map(|(path, reason)| (path.clone(), format!("{} · {reason}", file_name(path))))
        .collect();
    list(ui, "skipped", &files, commands);
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

/// Files with a way to see each in the file manager.
fn list(ui: &mut Ui, id: &str, files: &[(PathBuf, String)], commands: &mut Commands) {
    let c = colours(ui);
    let height = size::ROW + space::HAIR;
    ScrollArea::vertical()
        .id_salt(id)
        .max_height(LISTED * height)
        .auto_shrink([false, true])
        .show_rows(ui, size::ROW, files.len(), |ui, rows| {
            ui.spacing_mut().item_spacing.y = space::HAIR;
            for (path, words) in &files[rows] {
                ui.horizontal(|ui| {
                    if icon_button(ui, Icon::Folder, &format!("Show {}", file_name(path)), false).clicked() {
                        commands.push(Command::Reveal(path.clone()));
                    }
                    let (rect, response) =
                        ui.allocate_exact_size(vec2(ui.available_width(), size::ROW), Sense::hover());
                    let text = elided(ui.painter(), words, type_scale::body(), c.text, rect.width());
                    let at = pos2(rect.left(), rect.center().y - 0.5 * text.size().y);
                    ui.painter().galley(at, text, c.text);
                    response.on_hover_text(words);
                });
            }
        });
    if files.len() as f32 > LISTED {
        caption(ui, "Scroll for the rest.");
    }
}
