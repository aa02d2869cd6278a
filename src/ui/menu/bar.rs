//! The titles of the menu bar: which menu is open, and the keys that open, change and leave menus.

use crate::ui::tokens::{colours, type_scale};
use egui::containers::menu::{MenuConfig, MenuState};
use egui::text::{LayoutJob, TextFormat};
use egui::{
    Button, Context, FocusDirection, Id, Key, Modifiers, Popup, PopupCloseBehavior, SetOpenCommand, Stroke, Ui, UiKind,
    UiStackInfo,
};

/// The titles from left to right, each with the letter that opens it together with Alt.
pub const TITLES: [(&str, char, Key); 8] = [
    ("File", 'F', Key::F),
    ("Edit", 'E', Key::E),
    ("Music", 'u', Key::U),
    ("Model", 'M', Key::M),
    ("Map", 'a', Key::A),
    ("Play", 'P', Key::P),
    ("View", 'V', Key::V),
    ("Help", 'H', Key::H),
];

/// What the bar remembers between frames.
#[derive(Debug, Default)]
pub struct BarState {
    /// The menu to open with the next frame, asked for by a key.
    wanted: Option<usize>,
    /// The menu that was open in the last frame.
    open: Option<usize>,
    /// It was opened by pointing at its title while another was open: the click that follows must not close it.
    by_hover: bool,
    /// What had the keyboard before a menu was opened.
    before: Option<Id>,
    /// The title under the pointer, in the last frame and in this one.
    pointed: Option<usize>,
    points: Option<usize>,
    /// Last frame's titles.
    titles: [Option<Id>; TITLES.len()],
}

impl BarState {
    /// Reads the keys that are the bar's own, before anything else does.
    pub fn read_keys(&mut self, ctx: &Context) {
        let letter = TITLES
            .iter()
            .position(|(_, _, key)| ctx.input_mut(|input| input.consume_key(Modifiers::ALT, *key)));
        if letter.is_some() {
            self.wanted = letter;
        } else if ctx.input_mut(|input| input.consume_key(Modifiers::NONE, Key::F10)) {
            if self.open.is_some() {
                Popup::close_all(ctx);
            } else {
                self.wanted = Some(0);
            }
        }
        walk_inside(ctx);
        if let Some(open) = self.open {
            self.change_menu(ctx, open);
        }
    }

    /// Left and right go to the neighbouring menu, where they do not enter or leave a submenu.
    fn change_menu(&mut self, ctx: &Context, open: usize) {
        let Some(title) = self.titles[open] else { return };
        let in_submenu = MenuState::from_id(ctx, title.with("popup"), |state| state.open_item.is_some());
        let on_submenu = ctx.memory(egui::Memory::focused).is_some_and(|id| is_submenu(ctx, id));
        let (left, right) = ctx.input(|input| (input.key_pressed(Key::ArrowLeft), input.key_pressed(Key::ArrowRight)));
        let count = TITLES.len();
        let next = match (left, right) {
            (true, _) if !in_submenu => (open + count - 1) % count,
            (_, true) if !in_submenu && !on_submenu => (open + 1) % count,
            _ => return,
        };
        ctx.memory_mut(|memory| memory.move_focus(FocusDirection::None));
        self.wanted = Some(next);
    }

    /// Draws title `index` and, while it is open, its menu.
    pub fn title(&mut self, ui: &mut Ui, index: usize, contents: impl FnOnce(&mut Ui)) {
        let (name, letter, _) = TITLES[index];
        let response = ui.add(Button::new(text(ui, name, letter)));
        response.widget_info(|| egui::WidgetInfo::labeled(egui::accesskit::Role::MenuItem, true, name));
        self.titles[index] = Some(response.id);
        let is_open = Popup::is_id_open(ui.ctx(), Popup::default_response_id(&response));
        let another_is_open = self.open.is_some_and(|open| open != index) && Popup::is_any_open(ui.ctx());
        // A pointer that lies still on a title does not change what a key has opened.
        let comes = response.hovered() && self.pointed != Some(index);
        if response.hovered() {
            self.points = Some(index);
        }
        let mut order = None;
        if self.wanted == Some(index) {
            self.wanted = None;
            self.by_hover = false;
            order = Some(SetOpenCommand::Bool(true));
        } else if response.clicked() {
            order = Some(SetOpenCommand::Bool(!is_open || self.by_hover));
            self.by_hover = false;
        } else if another_is_open && comes {
            self.by_hover = true;
            order = Some(SetOpenCommand::Bool(true));
        }
        if matches!(order, Some(SetOpenCommand::Bool(true))) {
            self.take_keyboard(ui.ctx(), response.id);
        }
        // The click on the title itself has been dealt with.
        let close = if response.clicked() {
            PopupCloseBehavior::IgnoreClicks
        } else {
            PopupCloseBehavior::CloseOnClick
        };
        Popup::menu(&response)
            .open_memory(order)
            .close_behavior(close)
            .info(UiStackInfo::new(UiKind::Menu).with_tag_value(MenuConfig::MENU_CONFIG_TAG, MenuConfig::new()))
            .show(contents);
    }

    /// The title gets the keyboard, so that the arrows lead into its menu.
    fn take_keyboard(&mut self, ctx: &Context, title: Id) {
        if self.open.is_none() {
            self.before = ctx.memory(egui::Memory::focused).filter(|id| *id != title);
        }
        ctx.memory_mut(|memory| memory.request_focus(title));
    }

    /// After all titles: notices which menu is open, and gives the keyboard back once none is.
    pub fn settle(&mut self, ctx: &Context) {
        self.pointed = self.points.take();
        let is_open = |title: &Option<Id>| title.is_some_and(|title| Popup::is_id_open(ctx, title.with("popup")));
        let open = self.titles.iter().position(is_open);
        if self.open.is_some() && open.is_none() && self.wanted.is_none() {
            self.by_hover = false;
            ctx.memory_mut(|memory| {
                let focused = memory.focused();
                if focused.is_none_or(|id| self.titles.contains(&Some(id))) {
                    if let Some(title) = focused {
                        memory.surrender_focus(title);
                    }
                    if let Some(before) = self.before.take() {
                        memory.request_focus(before);
                    }
                }
            });
        }
        if self.wanted.is_some() {
            ctx.request_repaint();
        }
        self.open = open;
    }
}

/// In an open menu Tab walks like the arrows do, not through what lies behind it.
fn walk_inside(ctx: &Context) {
    if !Popup::is_any_open(ctx) {
        return;
    }
    let (tab, back) = ctx.input_mut(|input| {
        let back = input.consume_key(Modifiers::SHIFT, Key::Tab);
        (input.consume_key(Modifiers::NONE, Key::Tab), back)
    });
    if tab || back {
        let direction = if back { FocusDirection::Up } else { FocusDirection::Down };
        ctx.memory_mut(|memory| memory.move_focus(direction));
    }
}

/// `name`, its letter underlined while Alt is held.
fn text(ui: &Ui, name: &str, letter: char) -> LayoutJob {
    let ink = colours(ui).text;
    let plain = TextFormat::simple(type_scale::body(), ink);
    let mut marked = plain.clone();
    if ui.input(|input| input.modifiers.alt) {
        marked.underline = Stroke::new(1.0, ink);
    }
    let at = name.find(letter).unwrap_or(0);
    let mut job = LayoutJob::default();
    job.append(&name[..at], 0.0, plain.clone());
    job.append(&name[at..=at], 0.0, marked);
    job.append(&name[at + 1..], 0.0, plain);
    job
}

/// Remembers that the widget `id` opens a submenu: right means that, not the next menu.
pub fn mark_submenu(ctx: &Context, id: Id) {
    ctx.data_mut(|data| data.insert_temp(id.with("opens a submenu"), true));
}

fn is_submenu(ctx: &Context, id: Id) -> bool {
    ctx.data(|data| data.get_temp(id.with("opens a submenu")).unwrap_or(false))
}
