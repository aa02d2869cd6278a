//! Small statistics every figure is made of. Pure functions.

use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Resamples behind an interval.
const RESAMPLES: usize = 400;

/// Pearson correlation; 0 where either does not vary.
pub fn pearson(a: &[f32], b: &[f32]) -> f32 {
    let n = a.len().min(b.len());
    let mean = |values: &[f32]| values[..n].iter().map(|v| f64::from(*v)).sum::<f64>() / n.max(1) as f64;
    let (ma, mb) = (mean(a), mean(b));
    let (mut ab, mut aa, mut bb) = (0.0, 0.0, 0.0);
    for (x, y) in a.iter().zip(b) {
        let (x, y) = (f64::from(*x) - ma, f64::from(*y) - mb);
        ab += x * y;
        aa += x * x;
        bb += y * y;
    }
    // Rounding alone must not pass for agreement.
    if aa <= 1e-20 * n as f64 || bb <= 1e-20 * n as f64 {
        0.0
    } else {
        (ab / (aa * bb).sqrt()) as f32
    }
}

/// Spearman's rank correlation, ties sharing their mean rank; 0 where either does not vary.
pub fn spearman(a: &[f32], b: &[f32]) -> f32 {
    pearson(&ranks(a), &ranks(b))
}

fn ranks(values: &[f32]) -> Vec<f32> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*a].total_cmp(&values[*b]));
    let mut ranks = vec![0.0; values.len()];
    let mut start = 0;
    while start < order.len() {
        let tied = order[start..]
            .iter()
            .take_while(|i| values[**i] == values[order[start]])
            .count();
        for i in &order[start..start + tied] {
            ranks[*i] = start as f32 + 0.5 * (tied - 1) as f32;
        }
        start += tied;
    }
    ranks
}

/// Mean; NaN for nothing.
pub fn mean(values: &[f32]) -> f32 {
    (values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64) as f32
}

/// Linear interpolation between order statistics; NaN for nothing.
pub fn quantile(values: &[f32], share: f32) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let Some(last) = sorted.len().checked_sub(1) else {
        return f32::NAN;
    };
    let at = share.clamp(0.0, 1.0) * last as f32;
    let (low, high) = (sorted[at as usize], sorted[(at as usize + 1).min(last)]);
    low + (high - low) * at.fract()
}

/// The 95 % percentile interval of `statistic` when whole clips are drawn again with replacement (Efron 1979). `items`
/// carry their clip. `None` with fewer than two clips or where a resample has no finite statistic.
pub fn bootstrap<T: Clone>(items: &[(u32, T)], statistic: impl Fn(&[T]) -> f32) -> Option<[f32; 2]> {
    let mut clips: Vec<Vec<T>> = Vec::new();
    let mut sorted: Vec<&(u32, T)> = items.iter().collect();
    sorted.sort_by_key(|(clip, _)| *clip);
    for group in sorted.chunk_by(|a, b| a.0 == b.0) {
        clips.push(group.iter().map(|(_, item)| item.clone()).collect());
    }
    if clips.len() < 2 {
        return None;
    }
    let mut rng = ChaCha8Rng::seed_from_u64(0x0b00_7577_2a90);
    let mut drawn = Vec::with_capacity(RESAMPLES);
    for _ in 0..RESAMPLES {
        let sample: Vec<T> = (0..clips.len())
            .flat_map(|_| clips[rng.random_range(0..clips.len())].iter().cloned())
            .collect();
        drawn.push(statistic(&sample));
    }
    drawn.retain(|value| value.is_finite());
    (drawn.len() >= RESAMPLES / 2).then(|| [quantile(&drawn, 0.025), quantile(&drawn, 0.975)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn correlations_of_known_rows() {
        assert!((pearson(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]) - 1.0).abs() < 1e-6);
        assert_eq!(pearson(&[1.0, 1.0, 1.0], &[1.0, 2.0, 3.0]), 0.0);
        assert!((spearman(&[1.0, 2.0, 3.0, 4.0], &[1.0, 8.0, 27.0, 64.0]) - 1.0).abs() < 1e-6);
        assert!((spearman(&[1.0, 2.0, 3.0], &[9.0, 4.0, 1.0]) + 1.0).abs() < 1e-6);
        // Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3.
        assert!((spearman(&[1.0, 2.0, 2.0, 5.0], &[1.0, 2.0, 3.0, 4.0]) - 0.948_683).abs() < 1e-4);
    }

    #[test]
    fn the_interval_covers_the_mean_and_narrows_with_more_clips() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let mut width = |clips: u32| {
            let items: Vec<(u32, f32)> = (0..clips * 3).map(|i| (i / 3, rng.random_range(0.0..1.0))).collect();
            let [low, high] = bootstrap(&items, mean).unwrap();
            let centre = mean(&items.iter().map(|item| item.1).collect::<Vec<_>>());
            assert!(low <= centre && centre <= high);
            high - low
        };
        assert!(width(200) < 0.5 * width(20));
    }

    #[test]
    fn chunks_of_one_clip_do_not_count_as_independent() {
        let alike: Vec<(u32, f32)> = (0..100u32).map(|i| (i / 50, if i < 50 { 0.0 } else { 1.0 })).collect();
        let [low, high] = bootstrap(&alike, mean).unwrap();
        assert_eq!((low, high), (0.0, 1.0));
        assert_eq!(bootstrap(&alike[..50], mean), None);
    }
}
