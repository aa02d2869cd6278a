//! The colour of what sounds: that of its genres, mixed as they are. It goes over from one to the other as the sound does.

use crate::session::Session;
use crate::ui::palette;
use crate::values::ChunkId;
use egui::{Color32, Ui};

/// How fast it goes over, per second.
const RATE_PER_SEC: f32 = 9.0;
/// Steps of a colour that nobody sees.
const UNSEEN: f32 = 0.75;

/// The colour now, red, green and blue in 0..255; `None` before anything sounded.
#[derive(Debug, Default)]
pub struct Light(Option<[f32; 3]>);

impl Light {
    /// The colour of this frame, for a sound of `chunk`; asks for the next frame while it changes.
    pub fn follow(&mut self, ui: &Ui, session: &Session, chunk: ChunkId) -> Color32 {
        let dark = ui.visuals().dark_mode;
        let goal = mixed(&session.mixer.shares(), dark).unwrap_or_else(|| own(session, chunk, dark));
        let moving = ui.style().animation_time > 0.0;
        let now = match self.0 {
            Some(now) if moving => {
                let t = 1.0 - (-ui.input(|input| input.stable_dt).min(0.1) * RATE_PER_SEC).exp();
                std::array::from_fn(|k| now[k] + (goal[k] - now[k]) * t)
            }
            _ => goal,
        };
        let is_there = now.iter().zip(goal).all(|(now, goal)| (now - goal).abs() < UNSEEN);
        self.0 = Some(if is_there { goal } else { now });
        if !is_there {
            ui.ctx().request_repaint_after(session.frame_pause);
        }
        let [r, g, b] = now.map(|channel| channel.round().clamp(0.0, 255.0) as u8);
        Color32::from_rgb(r, g, b)
    }
}

/// Genres in their shares; `None` where none is asked for.
fn mixed(shares: &[f32], dark: bool) -> Option<[f32; 3]> {
    let whole: f32 = shares.iter().sum();
    (whole > 0.0).then(|| {
        let mut sum = [0.0; 3];
        for (genre, share) in shares.iter().enumerate().filter(|(_, share)| **share > 0.0) {
            for (sum, channel) in sum.iter_mut().zip(channels(palette::category(genre, dark))) {
                *sum += channel * share / whole;
            }
        }
        sum
    })
}

fn own(session: &Session, chunk: ChunkId, dark: bool) -> [f32; 3] {
    let genre = session
        .space
        .as_ref()
        .and_then(|view| *view.genre_of.get(chunk.0 as usize)?);
    channels(genre.map_or_else(|| palette::unknown(dark), |genre| palette::category(genre.into(), dark)))
}

fn channels(colour: Color32) -> [f32; 3] {
    [colour.r(), colour.g(), colour.b()].map(f32::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_each_genre_is_half_of_each_colour() {
        let (a, b) = (
            channels(palette::category(0, true)),
            channels(palette::category(2, true)),
        );
        let both = mixed(&[0.5, 0.0, 0.5], true).unwrap();
        for k in 0..3 {
            assert!((both[k] - 0.5 * (a[k] + b[k])).abs() < 1e-3);
        }
        assert_eq!(mixed(&[0.0, 0.0], true), None);
    }
}
