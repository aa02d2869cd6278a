//! A take that is open, as the window shows it: curves over time, and the part that is meant.

use crate::render::{Act, Take, TakeAct};
use std::path::PathBuf;

/// Seconds that stay between the handles.
const LEAST_SECS: f64 = 0.05;
/// Speeds are shown in octaves, of which there are so many on either side.
const OCTAVES: f32 = 2.0;

/// One thing that moved.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeCurve {
    /// What, in words.
    pub name: String,
    /// Seconds and where it stood, 0..1 of its travel, in steps.
    pub points: Vec<[f64; 2]>,
}

/// An open take.
#[derive(Clone, Debug, PartialEq)]
pub struct TakeView {
    /// Its file.
    pub path: PathBuf,
    /// What it is called.
    pub name: String,
    /// How long it is.
    pub secs: f64,
    /// What moved in it; what stood still is left out.
    pub curves: Vec<TakeCurve>,
    /// The part that is meant begins at this second...
    pub from: f64,
    /// ...and ends at this one.
    pub to: f64,
    /// Both as the file has them.
    pub kept: (f64, f64),
    /// The second that plays, while it is played again.
    pub playhead: Option<f64>,
    /// Why it cannot be played now, in a sentence.
    pub why_not: Option<String>,
}

impl TakeView {
    /// The take that was read from `path`.
    pub fn new(path: PathBuf, take: &Take) -> Self {
        let secs = take.secs();
        let (from, to) = take.trim.map_or((0.0, secs), |trim| (trim.from, trim.to));
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let mut view = Self {
            path,
            name,
            secs,
            curves: curves(take, secs),
            from: 0.0,
            to: secs,
            kept: (from, to),
            playhead: None,
            why_not: None,
        };
        view.trim(from, to);
        view.kept = (view.from, view.to);
        view
    }

    /// Moves the handles; they stay in the take and apart.
    pub fn trim(&mut self, from: f64, to: f64) {
        if from.is_finite() && to.is_finite() {
            let least = LEAST_SECS.min(self.secs);
            self.from = from.clamp(0.0, self.secs - least);
            self.to = to.clamp(self.from + least, self.secs);
        }
    }
}

/// What of the curves `act` moves, and whereto.
fn moved(act: &Act, genres: &[String]) -> Vec<(String, f32)> {
    let both = |value: f32| 0.5 + 0.5 * value;
    let one = |name: &str, value: f32| vec![(name.to_owned(), value)];
    match act {
        Act::Place { x, y, .. } | Act::Chunk { x, y, .. } => {
            vec![("map x".to_owned(), both(*x)), ("map y".to_owned(), both(*y))]
        }
        Act::Fader { genre, level } => {
            let name = genres.get(*genre).cloned();
            vec![(name.unwrap_or_else(|| format!("genre {}", genre + 1)), *level)]
        }
        Act::Mood(mood) => {
            let (valence, arousal) = mood.unwrap_or((0.0, 0.0));
            vec![
                ("valence".to_owned(), both(valence)),
                ("arousal".to_owned(), both(arousal)),
            ]
        }
        Act::Strength(value) => one("strength", value / crate::values::STRENGTHS.end()),
        Act::Detail(value) => one("detail", *value),
        Act::Speed(value) => one("speed", both(value.max(1e-3).log2() / OCTAVES)),
        Act::Volume(value) => one("volume", *value),
        Act::Texture(value) => one("texture", value / 2.0),
        Act::Adventure(value) => one("adventure", *value),
        Act::Playing(on) => one("playing", f32::from(u8::from(*on))),
        _ => Vec::new(),
    }
}

fn curves(take: &Take, secs: f64) -> Vec<TakeCurve> {
    let mut curves: Vec<TakeCurve> = Vec::new();
    for TakeAct { at, act, .. } in &take.acts {
        let at = *at as f64 / f64::from(take.header.rate_hz.max(1));
        for (name, value) in moved(act, &take.header.genres) {
            let value = f64::from(value.clamp(0.0, 1.0));
            match curves.iter_mut().find(|curve| curve.name == name) {
                Some(curve) => {
                    let last = curve.points.last().copied();
                    if let Some([since, before]) = last
                        && since < at
                    {
                        curve.points.push([at, before]);
                    }
                    if last != Some([at, value]) {
                        curve.points.push([at, value]);
                    }
                }
                None => curves.push(TakeCurve {
                    name,
                    points: vec![[at, value]],
                }),
            }
        }
    }
    curves.retain(|curve| curve.points.iter().any(|[_, value]| *value != curve.points[0][1]));
    for curve in &mut curves {
        if let Some([_, last]) = curve.points.last().copied() {
            curve.points.push([secs, last]);
        }
    }
    curves
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audio::{Note, Place};
    use crate::render::{ActBy, TakeHeader};

    fn take(acts: &[(u64, Act)]) -> Take {
        let mut take = Take {
            header: TakeHeader {
                rate_hz: 1_000,
                genres: vec!["Jazz".into()],
                ..TakeHeader::default()
            },
            ..Take::default()
        };
        take.score.notes.push(Note::Ended {
            place: Place {
                sample: 4_000,
                ..Place::default()
            },
        });
        take.acts = acts
            .iter()
            .map(|(at, act)| TakeAct {
                at: *at,
                by: ActBy::Hand,
                act: act.clone(),
            })
            .collect();
        take
    }

    #[test]
    fn what_moved_is_a_curve_in_steps_and_what_stood_still_is_none() {
        let take = take(&[
            (0, Act::Volume(0.8)),
            (0, Act::Fader { genre: 0, level: 0.0 }),
            (0, Act::Speed(1.0)),
            (1_000, Act::Fader { genre: 0, level: 1.0 }),
            (2_000, Act::Speed(2.0)),
        ]);
        let view = TakeView::new("/a/one.songspace-take".into(), &take);
        assert_eq!((view.name.as_str(), view.secs), ("one", 4.0));
        let names: Vec<&str> = view.curves.iter().map(|curve| curve.name.as_str()).collect();
        assert_eq!(names, ["Jazz", "speed"]);
        assert_eq!(view.curves[0].points, [[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [4.0, 1.0]]);
        assert_eq!(view.curves[1].points[2], [2.0, 0.75], "an octave up");
    }

    #[test]
    fn handles_stay_in_the_take_and_apart() {
        let mut view = TakeView::new("/a/one.songspace-take".into(), &take(&[]));
        for (from, to) in [(-1.0, 9.0), (3.0, 1.0), (9.0, 9.0), (f64::NAN, 1.0)] {
            view.trim(from, to);
            assert!(
                0.0 <= view.from && view.from < view.to && view.to <= 4.0,
                "{from}, {to}"
            );
        }
    }
}
