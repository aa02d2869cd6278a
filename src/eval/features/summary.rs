//! Statistics that turn a row of values over time into a few numbers.

/// The rate all features are defined at.
pub const SAMPLE_RATE_HZ: f32 = 44_100.0;

/// Mean, or 0 for nothing.
pub(super) fn mean(values: &[f32]) -> f32 {
    values.iter().sum::<f32>() / values.len().max(1) as f32
}

/// Mean, standard deviation and mean absolute step between neighbours: where it is, how far it goes, how fast.
pub(super) fn course(values: &[f32]) -> [f32; 3] {
    let centre = mean(values);
    let power = values.iter().map(|value| (value - centre).powi(2)).sum::<f32>() / values.len().max(1) as f32;
    let steps = values.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f32>();
    [
        centre,
        power.sqrt(),
        steps / values.len().saturating_sub(1).max(1) as f32,
    ]
}

/// The value below which `share` of `values` lie; 0 for nothing.
pub(super) fn quantile(values: &[f32], share: f32) -> f32 {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f32::total_cmp);
    let index = (share * sorted.len().saturating_sub(1) as f32).round() as usize;
    sorted.get(index).copied().unwrap_or(0.0)
}
