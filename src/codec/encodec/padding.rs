//! Continuing a window past its ends, as the reference does before every convolution.

use super::config::PadMode;
use burn::tensor::Tensor;

/// `[time x channels]` with `before` and `after` more rows.
///
/// Reflection needs more rows than it adds; a shorter window is first continued with silence, as in the reference.
pub(super) fn pad(x: Tensor<2>, before: usize, after: usize, mode: PadMode) -> Tensor<2> {
    if before == 0 && after == 0 {
        return x;
    }
    let [time, channels] = x.dims();
    let device = x.device();
    let silence = |rows| (rows > 0).then(|| Tensor::zeros([rows, channels], &device));
    match mode {
        PadMode::Constant => around(silence(before), x, silence(after)),
        PadMode::Replicate => {
            let copies = |row: usize, rows: usize| {
                let row = x.clone().narrow(0, row, 1);
                (rows > 0).then(|| row.expand([rows, channels]))
            };
            around(copies(0, before), x.clone(), copies(time - 1, after))
        }
        PadMode::Reflect => {
            let missing = (before.max(after) + 1).saturating_sub(time);
            let x = around(None, x, silence(missing));
            let mirrored = |start: usize, rows: usize| (rows > 0).then(|| x.clone().narrow(0, start, rows).flip([0]));
            let end = time + missing - 1;
            let padded = around(mirrored(1, before), x.clone(), mirrored(end - after, after));
            padded.narrow(0, 0, before + time + after)
        }
    }
}

/// The three one after the other.
fn around(head: Option<Tensor<2>>, body: Tensor<2>, tail: Option<Tensor<2>>) -> Tensor<2> {
    Tensor::cat(head.into_iter().chain([body]).chain(tail).collect(), 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    fn padded(values: &[f32], before: usize, after: usize, mode: PadMode) -> Vec<f32> {
        let x = Tensor::<1>::from_floats(values, &Device::flex()).reshape([values.len(), 1]);
        pad(x, before, after, mode).into_data().try_into_vec().unwrap()
    }

    #[test]
    fn ends_are_continued_by_their_mode() {
        let x = [1.0, 2.0, 3.0, 4.0];
        assert_eq!(padded(&x, 2, 1, PadMode::Reflect), [3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0]);
        assert_eq!(padded(&x, 2, 0, PadMode::Replicate), [1.0, 1.0, 1.0, 2.0, 3.0, 4.0]);
        assert_eq!(padded(&x, 0, 2, PadMode::Constant), [1.0, 2.0, 3.0, 4.0, 0.0, 0.0]);
    }

    #[test]
    fn a_window_too_short_to_reflect_is_continued_with_silence_first() {
        // The body becomes 1 2 0 0, is reflected to 0 0 2 | 1 2 0 0, and loses the two zeros again.
        assert_eq!(padded(&[1.0, 2.0], 3, 0, PadMode::Reflect), [0.0, 0.0, 2.0, 1.0, 2.0]);
    }
}
