//! What every sheet is made of: its frame, title, fields and buttons.

use crate::ui::tokens::{colours, space, type_scale};
use egui::{Button, Context, Frame, Id, Key, Modal, RichText, TextEdit, Ui};

/// A sheet with the margins of a window.
pub fn sheet(ctx: &Context, id: &'static str) -> Modal {
    Modal::new(Id::unique(id)).frame(Frame::window(&ctx.global_style()))
}

/// The title of a sheet.
pub fn title(ui: &mut Ui, text: &str) {
    let colour = colours(ui).text;
    ui.label(RichText::new(text).font(type_scale::title()).color(colour));
    ui.add_space(space::SNUG);
}

/// The button that ends a sheet without doing anything.
pub fn close_button(ui: &mut Ui) -> bool {
    ui.add_space(space::ROOMY);
    ui.button("Close").clicked()
}

/// A field and its two buttons; true when the sheet is done.
pub fn ask(ui: &mut Ui, text: &mut String, field: TextEditSpec, mut accept: impl FnMut(&str)) -> bool {
    let edit = TextEdit::multiline(text)
        .hint_text(field.hint)
        .desired_rows(field.rows)
        .desired_width(f32::INFINITY);
    let edited = ui.add(edit).accessible_name(field.name);
    let entered = ui.input(|input| input.key_pressed(Key::Enter));
    let value = text.trim().to_owned();
    ui.add_space(space::ROOMY);
    let (go, cancel) = ui
        .horizontal(|ui| {
            let go = ui.add_enabled(!value.is_empty(), Button::new(field.verb));
            (go, ui.button("Cancel"))
        })
        .inner;
    // The keyboard belongs to the sheet, wherever it was before.
    if !(edited.has_focus() || go.has_focus() || cancel.has_focus()) {
        edited.request_focus();
    }
    let accepted = !value.is_empty() && (go.clicked() || entered && edited.has_focus());
    if accepted {
        accept(&value);
    }
    accepted || cancel.clicked()
}

/// What a field says of itself.
pub struct TextEditSpec {
    pub name: &'static str,
    pub hint: &'static str,
    pub verb: &'static str,
    pub rows: usize,
}
