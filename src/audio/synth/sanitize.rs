//! Real-time: samples from outside, made safe.

/// `sample` as filters can bear it: NaN and infinities become silence, and nothing is louder than +18 dBFS.
pub fn sanitize(sample: f32) -> f32 {
    if sample.is_finite() {
        sample.clamp(-8.0, 8.0)
    } else {
        0.0
    }
}
