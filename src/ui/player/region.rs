//! Over the waveform: a handle at either end of what a loop goes round, and the point where sounds are begun.

use crate::session::{Command, Commands, Session, Strip};
use crate::ui::controls::hold_arrows;
use crate::ui::tokens::{colours, space, type_scale};
use crate::values::LoopRegion;
use egui::{
    Align2, CursorIcon, Id, Key, PointerButton, Rect, Response, Sense, Shape, Stroke, Ui, WidgetInfo, pos2, vec2,
};

/// Height of the lane over the wave in which the loop is drawn.
pub const LANE: f32 = 13.0;

/// Height of the start point's flag, at the bottom.
const FLAG: f32 = 11.0;
/// Half of the width in which a handle is taken hold of.
const REACH: f32 = 5.0;
/// One press of an arrow, in seconds; a tenth with Shift.
const STEP_SECS: f32 = 0.05;

/// What a press in the lane has taken hold of, in seconds.
#[derive(Clone, Copy, PartialEq)]
enum Hold {
    /// A new region, from here.
    From(f32),
    /// The region, so far behind its beginning.
    Region(f32),
}

/// The strip with its scale.
#[derive(Clone, Copy)]
struct Scale<'a> {
    rect: Rect,
    strip: &'a Strip,
    /// Handles stand on beats.
    snaps: bool,
}

impl Scale<'_> {
    fn x(&self, secs: f32) -> f32 {
        self.rect.left() + self.rect.width() * (secs / self.strip.secs).clamp(0.0, 1.0)
    }

    fn secs(&self, x: f32) -> f32 {
        self.strip.secs * ((x - self.rect.left()) / self.rect.width()).clamp(0.0, 1.0)
    }

    /// `secs`, or the nearest beat or end.
    fn snapped(&self, secs: f32) -> f32 {
        if !self.snaps {
            return secs;
        }
        let place = secs / self.strip.secs;
        let marks = self.strip.beats.iter().copied().chain([0.0, 1.0]);
        let nearest = marks.min_by(|a, b| (a - place).abs().total_cmp(&(b - place).abs()));
        nearest.unwrap_or(place) * self.strip.secs
    }

    /// The next beat that way.
    fn stepped(&self, secs: f32, steps: f32, fine: bool) -> f32 {
        let place = secs / self.strip.secs;
        let mut marks = self.strip.beats.iter().copied();
        let beat = match (self.snaps, steps > 0.0) {
            (false, _) => None,
            (true, true) => marks.find(|mark| *mark > place + 1e-3),
            (true, false) => marks.rfind(|mark| *mark < place - 1e-3),
        };
        let step = if fine { 0.1 * STEP_SECS } else { STEP_SECS };
        let other = if self.snaps {
            steps.signum() * self.strip.secs
        } else {
            steps * step
        };
        beat.map_or(secs + other, |mark| mark * self.strip.secs)
            .clamp(0.0, self.strip.secs)
    }
}

/// Draws and moves them over the strip `rect`.
pub fn show(ui: &Ui, rect: Rect, session: &Session, commands: &mut Commands) {
    let (transport, strip) = (&session.transport, &session.strip);
    if strip.secs <= LoopRegion::SHORTEST_SECS {
        return;
    }
    let scale = Scale {
        rect,
        strip,
        snaps: session.clock.on && !strip.beats.is_empty() && !ui.input(|input| input.modifiers.alt),
    };
    if transport.takes_region() {
        let mut region = transport.region;
        lane(ui, scale, &mut region);
        let (begin, end) = ends(region, strip);
        let begun = handle(ui, scale, "Loop begins", begin, end, &mut region);
        let ended = handle(ui, scale, "Loop ends", end, begin, &mut region);
        if region != transport.region {
            commands.push(Command::SetRegion(region));
        }
        paint(ui, scale, region, [begun, ended]);
    }
    if transport.takes_start() {
        start_point(ui, scale, transport.start_secs, commands);
    }
}

fn ends(region: Option<LoopRegion>, strip: &Strip) -> (f32, f32) {
    region.map_or((0.0, strip.secs), |region| (region.begin_secs, region.end_secs))
}

fn lane(ui: &Ui, scale: Scale<'_>, region: &mut Option<LoopRegion>) {
    let rect = scale.rect.with_max_y(scale.rect.top() + LANE);
    let response = ui.interact(rect, ui.scope_id().with("loop lane"), Sense::click_and_drag());
    let hold_id = response.id.with("hold");
    let pointed = response.hover_pos().map(|pos| scale.secs(pos.x));
    let is_on_region = region.is_some_and(|region| pointed.is_some_and(|secs| region.has(secs)));
    if response.double_clicked() {
        *region = None;
    } else if response.drag_started_by(PointerButton::Primary)
        && let Some(origin) = ui.input(|input| input.pointer.press_origin())
    {
        let secs = scale.secs(origin.x);
        let hold = match *region {
            Some(region) if region.has(secs) => Hold::Region(secs - region.begin_secs),
            _ => Hold::From(scale.snapped(secs)),
        };
        ui.data_mut(|data| data.insert_temp(hold_id, hold));
    }
    if is_moved(&response)
        && let Some(pos) = response.interact_pointer_pos()
    {
        drag(ui, scale, hold_id, pos.x, region);
    }
    let tip = match region {
        Some(_) => "What loops. Drag it along, drag its ends, or double-click: all of it loops again.",
        None => "Drag here and only that part loops ([ and ] set its ends at the playhead).",
    };
    let cursor = if is_on_region {
        CursorIcon::Grab
    } else {
        CursorIcon::Crosshair
    };
    response.on_hover_cursor(cursor).on_hover_text(tip);
}

fn drag(ui: &Ui, scale: Scale<'_>, hold_id: Id, x: f32, region: &mut Option<LoopRegion>) {
    let whole = scale.strip.secs;
    match (ui.data(|data| data.get_temp::<Hold>(hold_id)), *region) {
        (Some(Hold::From(secs)), _) => {
            *region = LoopRegion::between(secs, scale.snapped(scale.secs(x)), whole);
        }
        (Some(Hold::Region(behind)), Some(now)) => {
            let begin = scale.snapped(scale.secs(x) - behind).clamp(0.0, whole - now.secs());
            *region = LoopRegion::between(begin, begin + now.secs(), whole);
        }
        _ => {}
    }
}

/// The handle at `here`; the other one is at `other`.
fn handle(
    ui: &Ui,
    scale: Scale<'_>,
    name: &'static str,
    here: f32,
    other: f32,
    region: &mut Option<LoopRegion>,
) -> Response {
    let whole = scale.strip.secs;
    let reach = Rect::from_x_y_ranges(
        scale.x(here) - REACH..=scale.x(here) + REACH,
        scale.rect.top()..=scale.rect.bottom() - FLAG,
    );
    let response = ui.interact(
        reach.intersect(scale.rect),
        ui.scope_id().with(name),
        Sense::click_and_drag(),
    );
    let begins = here < other;
    let held = ui.is_enabled();
    response.widget_info(|| WidgetInfo::slider(held, f64::from(here), name));
    let asked = moved(ui, scale, &response, here);
    if clears(ui, &response) {
        *region = None;
    } else if let Some(secs) = asked {
        let shortest = LoopRegion::SHORTEST_SECS;
        *region = match begins {
            true => LoopRegion::between(secs.min(other - shortest), other, whole),
            false => LoopRegion::between(other, secs.max(other + shortest), whole),
        };
    }
    let (begin, end) = ends(*region, scale.strip);
    let tip = format!(
        "{name} at {:.2} s; it lasts {:.2} s.\nDrag, or arrows (Shift: finer). Double click or Delete: all of it loops.",
        if begins { begin } else { end },
        end - begin
    );
    response
        .on_hover_cursor(CursorIcon::ResizeHorizontal)
        .on_hover_text(tip)
}

/// Where a hand or the keyboard wants a handle.
fn moved(ui: &Ui, scale: Scale<'_>, response: &Response, here: f32) -> Option<f32> {
    if is_moved(response) {
        let pos = response.interact_pointer_pos()?;
        return Some(scale.snapped(scale.secs(pos.x)));
    }
    if !response.has_focus() {
        return None;
    }
    hold_arrows(ui, response);
    let (steps, fine) = ui.input(|input| {
        let presses = |key| input.num_presses(key) as f32;
        (
            presses(Key::ArrowRight) - presses(Key::ArrowLeft),
            input.modifiers.shift,
        )
    });
    (steps != 0.0).then(|| scale.stepped(here, steps, fine))
}

/// Slow frames hold the last of a movement together with its end.
fn is_moved(response: &Response) -> bool {
    response.dragged_by(PointerButton::Primary) || response.drag_stopped_by(PointerButton::Primary)
}

fn clears(ui: &Ui, response: &Response) -> bool {
    let by_key = |input: &egui::InputState| input.key_pressed(Key::Delete) || input.key_pressed(Key::Backspace);
    response.double_clicked() || response.has_focus() && ui.input(by_key)
}

fn start_point(ui: &Ui, scale: Scale<'_>, start: Option<f32>, commands: &mut Commands) {
    const NAME: &str = "Start point";
    let here = start.unwrap_or(0.0);
    let bottom = scale.rect.bottom();
    let at = pos2(scale.x(here), bottom);
    let reach = Rect::from_min_max(at - vec2(REACH, FLAG), at + vec2(REACH + 4.0, 0.0)).intersect(scale.rect);
    let response = ui.interact(reach, ui.scope_id().with(NAME), Sense::click_and_drag());
    response.widget_info(|| WidgetInfo::slider(ui.is_enabled(), f64::from(here), NAME));
    let asked = moved(ui, scale, &response, here);
    if clears(ui, &response) {
        commands.push(Command::SetStart(None));
    } else if let Some(secs) = asked {
        commands.push(Command::SetStart(Some(secs.min(0.98 * scale.strip.secs))));
    }
    let c = colours(ui);
    let lit = response.hovered() || response.dragged() || response.has_focus();
    let ink = match (start, lit) {
        (_, true) => c.text,
        (Some(_), false) => c.text.lerp_to_gamma(c.ground, 0.15),
        (None, false) => c.weak.lerp_to_gamma(c.ground, 0.35),
    };
    let painter = ui.painter_at(scale.rect);
    if start.is_some() {
        painter.vline(at.x, scale.rect.top() + LANE..=bottom, Stroke::new(1.0, ink));
    }
    let flag = [at - vec2(0.0, FLAG - 1.0), at + vec2(FLAG - 2.0, -0.5 * FLAG), at];
    painter.add(Shape::convex_polygon(flag.to_vec(), ink, Stroke::NONE));
    let tip = match start {
        Some(secs) => format!(
            "Start point at {secs:.2} s: a press on the map and Play begin there.\nDrag, or arrows (Shift: finer). Double click or \
             Delete: a press goes on where the playhead is."
        ),
        None => "Drag this flag: a press on the map and Play begin there. Now a press goes on where the playhead is."
            .to_owned(),
    };
    response
        .on_hover_cursor(CursorIcon::ResizeHorizontal)
        .on_hover_text(tip);
}

fn paint(ui: &Ui, scale: Scale<'_>, region: Option<LoopRegion>, handles: [Response; 2]) {
    let c = colours(ui);
    let painter = ui.painter_at(scale.rect);
    let lane = scale.rect.with_max_y(scale.rect.top() + LANE);
    let wave = scale.rect.with_min_y(lane.bottom());
    if scale.snaps {
        for beat in &scale.strip.beats {
            let x = scale.x(beat * scale.strip.secs);
            painter.vline(x, lane.bottom() - 4.0..=lane.bottom(), Stroke::new(1.0, c.line_strong));
        }
    }
    let (begin, end) = ends(region, scale.strip);
    let [left, right] = [begin, end].map(|secs| scale.x(secs));
    let bar = Rect::from_x_y_ranges(left..=right, lane.top() + 1.0..=lane.bottom() - 2.0);
    match region {
        Some(region) => {
            let shade = c.ground.gamma_multiply(0.72);
            painter.rect_filled(wave.with_max_x(left), 0.0, shade);
            painter.rect_filled(wave.with_min_x(right), 0.0, shade);
            painter.rect_filled(bar, 2.0, c.accent.lerp_to_gamma(c.ground, 0.45));
            let words = format!("{:.2} s", region.secs());
            if bar.width() > 60.0 {
                let at = bar.center();
                painter.text(at, Align2::CENTER_CENTER, words, type_scale::tiny(), c.text);
            }
        }
        None => {
            let y = bar.center().y;
            painter.hline(left + space::SNUG..=right - space::SNUG, y, Stroke::new(1.0, c.line));
        }
    }
    for (x, response) in [left, right].into_iter().zip(handles) {
        let lit = response.hovered() || response.dragged() || response.has_focus();
        let ink = match (region.is_some(), lit) {
            (_, true) => c.text,
            (true, false) => c.accent,
            (false, false) => c.line_strong,
        };
        if region.is_some() || lit {
            painter.vline(x, wave.y_range(), Stroke::new(1.5, ink));
        }
        let x = x.clamp(scale.rect.left() + 2.5, scale.rect.right() - 2.5);
        let grip = Rect::from_center_size(pos2(x, lane.center().y - 0.5), vec2(5.0, LANE - 2.0));
        painter.rect_filled(grip, 2.0, ink);
    }
}
