//! The audit's report as a person reads it in a terminal.

use super::AuditReport;
use std::fmt::{Display, Formatter, Result};

/// Lines of one list that are printed; the JSON has all.
const LISTED: usize = 20;

impl Display for AuditReport {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "{}", self.root)?;
        self.notes.iter().try_for_each(|note| writeln!(f, "  {note}"))?;
        let balance = &self.balance;
        writeln!(
            f,
            "\n{} clips, {:.2} hours, each {:.1} to {:.1} s (median {:.1} s)",
            self.clips, self.hours, balance.shortest_secs, balance.longest_secs, balance.median_secs
        )?;
        let rates: Vec<String> = self
            .sample_rates_hz
            .iter()
            .map(|(rate, count)| format!("{rate} Hz x{count}"))
            .collect();
        let channels: Vec<String> = self
            .channels
            .iter()
            .map(|(channels, count)| format!("{channels} ch x{count}"))
            .collect();
        writeln!(f, "{}; {}", rates.join(", "), channels.join(", "))?;
        self.write_genres(f)?;
        self.write_labels(f)?;
        let shares = |clips: &[super::Share]| {
            clips
                .iter()
                .map(|clip| format!("{:5.1} %  {}", 100.0 * clip.share, clip.path))
                .collect::<Vec<_>>()
        };
        let pairs = |pairs: &[super::DuplicatePair]| {
            pairs
                .iter()
                .map(|pair| format!("{}  =  {}", pair.first, pair.second))
                .collect::<Vec<_>>()
        };
        list(f, "Silence", &shares(&self.silent))?;
        list(f, "Clipped samples", &shares(&self.clipped))?;
        list(f, "The same file twice", &pairs(&self.exact_duplicates))?;
        list(f, "The same recording twice", &pairs(&self.near_duplicates))?;
        let problems: Vec<String> = self.problems.iter().map(ToString::to_string).collect();
        list(f, "Problems", &problems)?;
        self.write_split(f)?;
        self.write_estimates(f)?;
        list(f, "In short", &self.warnings)
    }
}

impl AuditReport {
    fn write_genres(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "\nGenre                     clips    hours  held out")?;
        for genre in &self.genres {
            writeln!(
                f,
                "  {:<22} {:>6} {:>8.2} {:>9}",
                genre.name, genre.clips, genre.hours, genre.held_out
            )?;
        }
        let changed = self
            .genre_names
            .iter()
            .filter(|(spelling, names)| !matches!(&names[..], [name] if name == *spelling));
        let lines: Vec<String> = changed
            .map(|(spelling, names)| {
                let names = if names.is_empty() {
                    "unknown".into()
                } else {
                    names.join(" + ")
                };
                format!("\u{201c}{spelling}\u{201d} -> {names}")
            })
            .collect();
        list(f, "Spellings", &lines)
    }

    fn write_labels(&self, f: &mut Formatter<'_>) -> Result {
        let share = |count: usize| 100.0 * count as f32 / self.clips.max(1) as f32;
        writeln!(
            f,
            "\nLabels: genre {:.0} %, valence {:.0} %, arousal {:.0} %, annotated over time {:.0} %",
            share(self.with_genre),
            share(self.with_valence),
            share(self.with_arousal),
            share(self.with_emotion_track)
        )?;
        let q = &self.quadrants;
        writeln!(
            f,
            "  happy {}, angry {}, sad {}, calm {}, unknown {}",
            q.happy, q.angry, q.sad, q.calm, q.unknown
        )?;
        let Some(emotion) = &self.emotion else {
            return Ok(());
        };
        for (name, label) in [("valence", &emotion.valence), ("arousal", &emotion.arousal)] {
            writeln!(f, "  {name}: {}", label.sentence())?;
        }
        Ok(())
    }

    fn write_split(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(
            f,
            "\nSplit: {} clips to train on, {} held out",
            self.split.training, self.split.held_out
        )?;
        self.split.notes.iter().try_for_each(|note| writeln!(f, "  {note}"))?;
        let leaks = self.split.leaks.iter();
        let leaks: Vec<String> = leaks
            .map(|leak| format!("{}: {} and {}", leak.group, leak.training, leak.held_out))
            .collect();
        list(f, "On both sides", &leaks)
    }

    fn write_estimates(&self, f: &mut Formatter<'_>) -> Result {
        let e = &self.estimates;
        let megabytes = |bytes: u64| bytes as f64 / 1e6;
        writeln!(
            f,
            "\nTraining needs {} map points and {:.0} MB of frame cache; importing takes up to {:.0} MB of memory",
            e.map_points,
            megabytes(e.cache_bytes),
            megabytes(e.import_memory_bytes)
        )?;
        match e.decode_times_real_time {
            Some(speed) => writeln!(
                f,
                "  {:.0} s of music are to be decoded, about {:.0} s at the {speed:.0} times real time measured just now",
                e.secs_to_decode,
                e.secs_to_decode / speed
            ),
            None => writeln!(f, "  {:.0} s of music are to be decoded", e.secs_to_decode),
        }
    }
}

fn list(f: &mut Formatter<'_>, title: &str, lines: &[String]) -> Result {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(f, "\n{title} ({})", lines.len())?;
    lines.iter().take(LISTED).try_for_each(|line| writeln!(f, "  {line}"))?;
    if lines.len() > LISTED {
        writeln!(f, "  ... and {} more (--json lists all)", lines.len() - LISTED)
    } else {
        Ok(())
    }
}
