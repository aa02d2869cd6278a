//! The valence/arousal plane (Russell's circumplex, 1980) with the corpus' own density behind it.

use crate::session::{Command, Commands, MidiTarget, Session, SpaceView, mood_in_words};
use crate::ui::controls::{elided, hold_arrows, learnable_axes};
use crate::ui::tokens::{Colours, colours, radius, space, type_scale};
use crate::values::Emotion;
use egui::accesskit::Role;
use egui::{
    Align2, Color32, ColorImage, CursorIcon, Key, Painter, PointerButton, Pos2, Rect, Response, Sense, Stroke,
    StrokeKind, TextureHandle, TextureOptions, Ui, WidgetInfo, pos2, vec2,
};

const HANDLE_RADIUS: f32 = 7.0;

/// The density picture and what it was made for.
#[derive(Default)]
pub struct PadState {
    made_for: Option<(usize, bool)>,
    texture: Option<TextureHandle>,
}

impl std::fmt::Debug for PadState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PadState").field("made_for", &self.made_for).finish()
    }
}

/// Draws the pad at most `tallest` points high; press or drag sets both at once, arrows move it, a double click or Enter asks for
/// nothing.
pub fn show(
    ui: &mut Ui,
    session: &Session,
    view: &SpaceView,
    state: &mut PadState,
    tallest: f32,
    commands: &mut Commands,
) {
    let width = ui.available_width();
    let (rect, response) = ui.allocate_exact_size(vec2(width, (width * 0.62).min(tallest)), Sense::click_and_drag());
    let response = response.on_hover_cursor(CursorIcon::Crosshair);
    let response = response.on_hover_text(
        "Dark to bright across, calm to energetic upwards, -1 to 1 each; the haze is your music.\nArrows move it; double click \
         (Enter): off.",
    );
    let emotion = session.mixer.emotion;
    let by_keyboard = response.clicked() && !response.clicked_by(PointerButton::Primary);
    if response.double_clicked() || by_keyboard {
        commands.push(Command::SetEmotion(None));
    } else if let Some(place) = moved(ui, &response, rect, emotion) {
        commands.push(Command::SetEmotion(Some(place)));
    }
    paint(ui, rect, view, state, emotion, response.has_focus());
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, ui.is_enabled(), "Mood pad"));
    ui.ctx().accesskit_node_builder(response.id, |node| {
        node.set_value(match emotion {
            Some(mood) => mood_in_words(mood),
            None => "off".to_owned(),
        });
    });
    let axes = [
        ("for dark to bright", MidiTarget::Valence),
        ("for calm to energetic", MidiTarget::Arousal),
    ];
    learnable_axes(&response, &axes, session, commands);
    words(ui, emotion, commands);
}

fn words(ui: &mut Ui, emotion: Option<(f32, f32)>, commands: &mut Commands) {
    ui.horizontal_wrapped(|ui| {
        ui.spacing_mut().item_spacing.x = space::TIGHT;
        ui.spacing_mut().button_padding.x = 6.0;
        for named in Emotion::ALL {
            let on = emotion == Some(named.valence_arousal());
            let word = ui.selectable_label(on, named.name());
            if word.on_hover_text(mood_in_words(named.valence_arousal())).clicked() {
                commands.push(Command::SetEmotion(Some(named.valence_arousal())));
            }
        }
    });
}

fn moved(ui: &Ui, response: &Response, rect: Rect, emotion: Option<(f32, f32)>) -> Option<(f32, f32)> {
    if let Some(pointer) = response.interact_pointer_pos()
        && (response.dragged() || response.clicked_by(PointerButton::Primary))
    {
        let x: f32 = (pointer.x - rect.left()) / rect.width() * 2.0 - 1.0;
        let y: f32 = 1.0 - (pointer.y - rect.top()) / rect.height() * 2.0;
        return Some((x.clamp(-1.0, 1.0), y.clamp(-1.0, 1.0)));
    }
    if !response.has_focus() {
        return None;
    }
    hold_arrows(ui, response);
    const STEP: f32 = 0.05;
    let step = ui.input(|input| {
        let axis = |up, down| (input.num_presses(up) as f32 - input.num_presses(down) as f32) * STEP;
        (
            axis(Key::ArrowRight, Key::ArrowLeft),
            axis(Key::ArrowUp, Key::ArrowDown),
        )
    });
    let (valence, arousal) = emotion.unwrap_or((0.0, 0.0));
    (step != (0.0, 0.0)).then(|| ((valence + step.0).clamp(-1.0, 1.0), (arousal + step.1).clamp(-1.0, 1.0)))
}

fn paint(ui: &Ui, rect: Rect, view: &SpaceView, state: &mut PadState, emotion: Option<(f32, f32)>, focused: bool) {
    let c = colours(ui);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, radius::CARD, c.trough);
    let key = (view as *const SpaceView as usize, ui.visuals().dark_mode);
    if state.made_for != Some(key) {
        let image = picture(view, c);
        state.texture = Some(ui.ctx().load_texture("mood density", image, TextureOptions::LINEAR));
        state.made_for = Some(key);
    }
    if let Some(texture) = &state.texture {
        let inset = 0.5 - 0.5 / view.emotion_field.reach();
        let uv = Rect::from_min_max(pos2(inset, inset), pos2(1.0 - inset, 1.0 - inset));
        painter.image(texture.id(), rect, uv, Color32::WHITE);
    }
    let axis = Stroke::new(1.0, c.line);
    painter.hline(rect.x_range(), rect.center().y, axis);
    painter.vline(rect.center().x, rect.y_range(), axis);
    let at = emotion.map(|(valence, arousal)| place(rect, valence, arousal));
    corners(&painter, rect, at, c);
    if emotion.is_none() {
        let words = "Mood off. Click to set, double-click to clear";
        let text = elided(
            &painter,
            words,
            type_scale::caption(),
            c.text,
            rect.width() - 2.0 * space::SNUG,
        );
        let plate = Align2::CENTER_CENTER.anchor_size(rect.center(), text.size());
        painter.rect_filled(plate.expand2(vec2(6.0, 3.0)), radius::CONTROL, c.panel);
        painter.galley(plate.min, text, c.text);
    }
    if focused {
        painter.rect_stroke(rect, radius::CARD, Stroke::new(1.5, c.accent), StrokeKind::Inside);
    }
    if let Some(at) = at {
        painter.circle(at, HANDLE_RADIUS, c.accent_soft, Stroke::new(2.0, c.accent));
        painter.circle_filled(at, 2.0, c.accent);
    }
}

/// Writes the named corners; one that the handle covers makes way towards the middle.
fn corners(painter: &Painter, rect: Rect, handle: Option<Pos2>, c: &Colours) {
    let inner = rect.shrink2(vec2(space::SNUG, 5.0));
    let named = [
        (inner.left_top(), Align2::LEFT_TOP, Emotion::Angry),
        (inner.right_top(), Align2::RIGHT_TOP, Emotion::Happy),
        (inner.left_bottom(), Align2::LEFT_BOTTOM, Emotion::Sad),
        (inner.right_bottom(), Align2::RIGHT_BOTTOM, Emotion::Calm),
    ];
    for (at, align, emotion) in named {
        let text = painter.layout_no_wrap(emotion.name().to_owned(), type_scale::caption(), c.weak);
        let mut word = align.anchor_size(at, text.size());
        if let Some(handle) = handle
            && word.expand(HANDLE_RADIUS).contains(handle)
        {
            let clear = HANDLE_RADIUS + 3.0;
            word = word.translate(if at.y < rect.center().y {
                vec2(0.0, handle.y + clear - word.top())
            } else {
                vec2(0.0, handle.y - clear - word.bottom())
            });
        }
        painter.galley(word.min, text, c.weak);
    }
}

fn place(rect: Rect, valence: f32, arousal: f32) -> Pos2 {
    pos2(
        rect.left() + rect.width() * (valence + 1.0) * 0.5,
        rect.bottom() - rect.height() * (arousal + 1.0) * 0.5,
    )
}

fn picture(view: &SpaceView, c: &Colours) -> ColorImage {
    let field = &view.emotion_field;
    let side = field.side();
    let mut image = ColorImage::filled([side, side], Color32::TRANSPARENT);
    for y in 0..side {
        for x in 0..side {
            let density = field.cells()[(side - 1 - y) * side + x];
            image.pixels[y * side + x] = c.weak.gamma_multiply(density.powf(0.6) * 0.30);
        }
    }
    image
}
