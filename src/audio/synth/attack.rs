//! Not real-time: where a source is struck: the first strong rise of its energy.

use super::source::{Source, SourceKind};

/// Samples in a block of the energy curve, where there are samples.
const BLOCK: usize = 128;
/// Samples that a note begins before the rise.
const BEFORE: f64 = 96.0;
/// Factor on the energy by which an attack rises at least, from two blocks to the next two.
const RISE: f32 = 3.0;
/// Of the loudest two blocks' energy, what an attack reaches at least.
const STRONG: f32 = 0.1;

/// The frame, between frames too, at which `source` is struck first; its beginning where nothing stands out.
pub fn attack_of(source: &Source, hop_len: usize) -> f64 {
    let extent = source.extent();
    let begin = extent.start;
    let len = ((extent.end - begin) * hop_len as f64) as usize;
    let first = (begin * hop_len as f64) as i64;
    let (curve, block) = match source.kind() {
        SourceKind::Pcm => {
            let sample = |i: usize| source.sample(0, first + i as i64, false);
            (energies(len, sample), BLOCK)
        }
        SourceKind::Spectral if source.recorded().is_there(first) => {
            let mut wave = [vec![0.0; len], vec![0.0; len]];
            source.recorded().read(first, false, &mut wave);
            (energies(len, |i| wave[0][i] + wave[1][i]), BLOCK)
        }
        SourceKind::Spectral => (frame_energies(source, begin, len / hop_len.max(1)), hop_len),
    };
    match first_rise(&curve) {
        Some(at) => begin + ((at * block) as f64 - BEFORE).max(0.0) / hop_len as f64,
        None => begin,
    }
}

/// Energies of the differences of neighbouring samples: an attack is brighter than what rings on.
fn energies(len: usize, sample: impl Fn(usize) -> f32) -> Vec<f32> {
    (0..len / BLOCK)
        .map(|block| {
            let samples = block * BLOCK..(block + 1) * BLOCK;
            samples.skip(1).map(|i| (sample(i) - sample(i - 1)).powi(2)).sum()
        })
        .collect()
}

fn frame_energies(source: &Source, begin: f64, frames: usize) -> Vec<f32> {
    let bands = source.bands();
    let (mut level, mut depth) = (vec![0.0; bands], vec![0.0; bands]);
    (0..frames)
        .map(|frame| {
            source.read_frame(begin + frame as f64, false, &mut level, &mut depth);
            level.iter().map(|level| (2.0 * level).exp()).sum()
        })
        .collect()
}

fn first_rise(curve: &[f32]) -> Option<usize> {
    let pair = |at: usize| curve[at] + curve[at + 1];
    let last = curve.len().checked_sub(1)?;
    let loudest = (0..last).map(pair).fold(0.0, f32::max);
    if !loudest.is_finite() || loudest <= 0.0 {
        return None;
    }
    (2..last).find(|at| {
        let now = pair(*at);
        now >= STRONG * loudest && now >= RISE * (pair(at - 2) + 1e-5 * loudest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_strong_rise_is_the_attack() {
        let mut curve = vec![0.01; 100];
        curve[20] = 0.05;
        curve[40..60].fill(1.0);
        curve[80..].fill(4.0);
        assert!(first_rise(&curve).is_some_and(|at| (39..=40).contains(&at)));
        assert_eq!(first_rise(&[1.0; 50]), None);
        assert_eq!(first_rise(&[0.0; 50]), None);
        assert_eq!(first_rise(&[]), None);
    }
}
