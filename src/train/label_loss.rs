//! How badly readings agree with condition vectors; shared by the judge and the adversary.

use burn::tensor::Tensor;
use burn::tensor::activation::log_softmax;

/// `readings`: `[batch, genres + 2]` (genre scores, valence, arousal), `condition`: `[batch, genres + 5]` as
/// [`crate::model::condition_vector`] writes it. Soft cross-entropy of the genre plus squared error of the emotions,
/// unknown labels left out.
pub(super) fn label_loss(readings: Tensor<2>, condition: Tensor<2>, genres: usize) -> Tensor<1> {
    let batch = readings.dims()[0] as f32;
    let known = condition.clone().narrow(1, genres + 3, 2).neg() + 1.0;
    let error = readings.clone().narrow(1, genres, 2) - condition.clone().narrow(1, genres, 2);
    let emotion = (error.square() * known).sum() / batch;
    if genres < 2 {
        return emotion;
    }
    let log_shares = log_softmax(readings.narrow(1, 0, genres), 1);
    // An unknown genre has no shares, so its row contributes nothing.
    emotion - (condition.narrow(1, 0, genres) * log_shares).sum() / batch
}
