//! The search field with the list of what it found: arrows choose, Enter plays, Escape clears and then leaves. What is not found
//! fades on the map, or goes from it.

use super::MapState;
use super::visible::Hit;
use crate::session::{Command, Commands, Gesture, PlayPoint, SearchIn, SpaceView};
use crate::ui::controls::{caption, elided, icon_button, segmented, toggle_chip};
use crate::ui::icon::Icon;
use crate::ui::tokens::{colours, radius, size, space, type_scale};
use egui::accesskit::Role;
use egui::{
    Align2, Id, Key, Modifiers, Popup, PopupCloseBehavior, PopupKind, ScrollArea, Sense, TextEdit, Ui, WidgetInfo,
    pos2, vec2,
};

const LIST_WIDTH: f32 = 320.0;
const LINES: usize = 8;
const LINE: f32 = 34.0;

/// Draws the field `width` points wide, and the list below it while one of the two has the keyboard.
pub fn show(ui: &mut Ui, view: &SpaceView, state: &mut MapState, width: f32, commands: &mut Commands) {
    let id = Id::unique("search clips");
    let asked_for = std::mem::take(&mut state.focus_search);
    let had_keyboard = state.searching;
    let in_field = ui.memory(|memory| memory.has_focus(id));
    let mut wants_keyboard = asked_for;
    if had_keyboard && ui.input_mut(|input| input.consume_key(Modifiers::NONE, Key::Escape)) {
        // egui took the keyboard away with Escape; once there is nothing to clear, that is right.
        wants_keyboard = !state.query.is_empty();
        clear(state);
    }
    if in_field {
        wants_keyboard |= choose(ui, state, commands);
    }
    let clearable = !state.query.is_empty();
    let room = width - if clearable { size::ROW + space::TIGHT } else { 0.0 } - 8.0;
    let field = TextEdit::singleline(&mut state.query)
        .id(id)
        .hint_text("Search (Ctrl+F)")
        .desired_width(room.max(40.0));
    let response = ui.add(field).accessible_name("Search clips");
    if response.changed() {
        state.chosen = 0;
    }
    if clearable && icon_button(ui, Icon::Close, "Clear the search", false).clicked() {
        clear(state);
        wants_keyboard = true;
    }
    if wants_keyboard {
        response.request_focus();
    }
    let open = !state.query.trim().is_empty() && (response.has_focus() || had_keyboard);
    let list = Popup::from_response(&response)
        .id(id.with("list"))
        .kind(PopupKind::Popup)
        .open(open)
        .close_behavior(PopupCloseBehavior::IgnoreClicks)
        .width(LIST_WIDTH)
        .gap(space::TIGHT)
        .show(|ui| list(ui, view, state, commands));
    let Some(list) = list else {
        state.searching = response.has_focus();
        return;
    };
    // A press into the list takes the keyboard from the field; it belongs to both.
    let pressed = ui.input(|input| {
        let pointer = &input.pointer;
        let at = pointer
            .interact_pos()
            .filter(|_| pointer.any_down() || pointer.any_released());
        at.is_some_and(|at| list.response.rect.contains(at))
    });
    if pressed {
        response.request_focus();
    }
    state.searching = response.has_focus() || list.inner;
}

/// Takes back everything that was searched for.
fn clear(state: &mut MapState) {
    state.query.clear();
    state.only_found = false;
    state.chosen = 0;
}

/// Arrows and Enter while the field has the keyboard; whether something was played.
fn choose(ui: &Ui, state: &mut MapState, commands: &mut Commands) -> bool {
    let hits = &state.visible.hits;
    let last = hits.len().saturating_sub(1);
    let (down, up, enter) = ui.input_mut(|input| {
        let mut take = |key| input.count_and_consume_key(Modifiers::NONE, key);
        (take(Key::ArrowDown), take(Key::ArrowUp), take(Key::Enter))
    });
    state.chosen = (state.chosen + down).saturating_sub(up).min(last);
    match hits.get(state.chosen) {
        Some(hit) if enter > 0 => {
            commands.push(Command::Play(PlayPoint::Chunk(hit.chunk), Gesture::Begin));
            commands.push(Command::Release);
            true
        }
        _ => enter > 0,
    }
}

/// Draws where to search, how much was found, and the clips; whether it has the keyboard.
fn list(ui: &mut Ui, view: &SpaceView, state: &mut MapState, commands: &mut Commands) -> bool {
    ui.set_width(LIST_WIDTH);
    let focused = ui.memory(egui::Memory::focused);
    let mut ids = Vec::new();
    ui.horizontal(|ui| {
        let choices = SearchIn::ALL.map(|within| (within, within.name(), tip(within)));
        if let Some(within) = segmented(ui, state.within, &choices) {
            state.within = within;
            state.chosen = 0;
        }
        ids.extend(choices.map(|(_, name, _)| ui.scope_id().with(("segment", name))));
        let tip = "Hide the rest: what is hidden neither sounds nor is found";
        let only = toggle_chip(ui, "Only these", tip, state.only_found);
        ids.push(only.id);
        if only.clicked() {
            state.only_found = !state.only_found;
        }
    });
    let hits = std::mem::take(&mut state.visible.hits);
    let many = match hits.len() {
        0 => "nothing found".to_owned(),
        1 => "1 clip".to_owned(),
        n => format!("{n} clips"),
    };
    caption(ui, many);
    ui.spacing_mut().item_spacing.y = 0.0;
    let chosen = state.chosen;
    let room = LINES as f32 * LINE;
    let mut area = ScrollArea::vertical()
        .max_height(room)
        .min_scrolled_height(room)
        .auto_shrink([false, true]);
    // The chosen line stays in view.
    if let Some(offset) = area_offset(ui, chosen) {
        area = area.vertical_scroll_offset(offset);
    }
    let shown = area.show_rows(ui, LINE, hits.len(), |ui, rows| {
        for index in rows {
            if line(ui, view, &hits[index], index, index == chosen) {
                state.chosen = index;
                commands.push(Command::Play(PlayPoint::Chunk(hits[index].chunk), Gesture::Begin));
                commands.push(Command::Release);
            }
        }
    });
    ui.data_mut(|data| data.insert_temp(scroll_id(), (chosen, shown.state.clamped_offset().y)));
    state.visible.hits = hits;
    focused.is_some_and(|id| ids.contains(&id))
}

fn scroll_id() -> Id {
    Id::unique("search list scrolled")
}

/// Where the list must be scrolled to when another line was chosen than last time.
fn area_offset(ui: &Ui, chosen: usize) -> Option<f32> {
    let (before, offset): (usize, f32) = ui.data(|data| data.get_temp(scroll_id()))?;
    let (top, bottom) = (chosen as f32 * LINE, (chosen + 1) as f32 * LINE);
    let room = LINES as f32 * LINE;
    let wanted = if top < offset { top } else { bottom - room };
    (before != chosen && (top < offset || bottom > offset + room)).then_some(wanted)
}

fn tip(within: SearchIn) -> &'static str {
    match within {
        SearchIn::Everything => "Titles, artists, folders, genres and moods",
        SearchIn::Genre => "The strongest genre of a clip",
        SearchIn::Label => "Every genre and the mood of a clip",
        SearchIn::Folder => "The folders that a clip lies in",
    }
}

/// One clip; whether it was clicked.
fn line(ui: &mut Ui, view: &SpaceView, hit: &Hit, index: usize, chosen: bool) -> bool {
    let c = colours(ui);
    let clip = &view.snapshot.clips[hit.clip.0 as usize];
    // Not a stop for Tab: the arrows go through the list.
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), LINE), Sense::CLICK);
    if chosen {
        ui.painter().rect_filled(rect, radius::CONTROL, c.accent_soft);
    } else if response.hovered() {
        ui.painter().rect_filled(rect, radius::CONTROL, c.control_hot);
    }
    let genre = view.genre_name(hit.chunk).unwrap_or_default();
    let left = rect.left() + space::SNUG;
    let genre_rect = ui.painter().text(
        pos2(rect.right() - space::SNUG, rect.top() + 10.0),
        Align2::RIGHT_CENTER,
        genre,
        type_scale::caption(),
        c.weak,
    );
    let wide = genre_rect.left() - left - space::SNUG;
    let title = elided(ui.painter(), &clip.title, type_scale::body(), c.text, wide);
    ui.painter().galley(pos2(left, rect.top() + 2.0), title, c.text);
    let from = if clip.artist.is_empty() {
        clip.path.clone()
    } else {
        format!("{} · {}", clip.artist, clip.path)
    };
    let from = elided(
        ui.painter(),
        &from,
        type_scale::caption(),
        c.weak,
        rect.width() - 2.0 * space::SNUG,
    );
    ui.painter().galley(pos2(left, rect.top() + 18.0), from, c.weak);
    response.widget_info(|| {
        let name = format!("{}. {}, {genre}", index + 1, clip.title);
        WidgetInfo::selected(Role::ListBoxOption, true, chosen, name)
    });
    response.clicked()
}
