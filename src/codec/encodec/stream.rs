//! Long audio through a causal network piece by piece, in bounded memory and with the same result as in one piece.
//!
//! A causal section needs only the last rows of what came before. Each piece therefore runs behind a short history of
//! its section's input, and what it puts out for the history - computed with padding instead of its true past - is
//! dropped. The LSTM carries its state. Only the very first piece is padded, exactly as the whole would be.

use super::lstm::LstmState;
use super::seanet::{Decoder, Encoder, Reach};
use burn::tensor::Tensor;

/// Latents of one piece: two seconds at 75 Hz, where the largest activation (32 channels of samples) has 6 MB.
pub(super) const PIECE_FRAMES: usize = 150;

/// The last rows of a section's input.
struct History {
    reach: usize,
    rows: Option<Tensor<2>>,
}

impl History {
    fn new(reach: usize) -> Self {
        Self { reach, rows: None }
    }

    /// `x` behind the rows before it, and how many those are.
    fn lead_in(&mut self, x: Tensor<2>) -> (Tensor<2>, usize) {
        let (joined, old) = match self.rows.take() {
            Some(rows) => (Tensor::cat(vec![rows.clone(), x], 0), rows.dims()[0]),
            None => (x, 0),
        };
        let time = joined.dims()[0];
        let kept = self.reach.min(time);
        if kept > 0 {
            self.rows = Some(joined.clone().narrow(0, time - kept, kept));
        }
        (joined, old)
    }
}

/// `x` without its first `rows`.
fn without_first(x: Tensor<2>, rows: usize) -> Tensor<2> {
    let left = x.dims()[0] - rows;
    if rows == 0 { x } else { x.narrow(0, rows, left) }
}

/// An encoder in the middle of some audio.
pub(super) struct EncoderStream<'a> {
    network: &'a Encoder,
    hop_len: usize,
    samples: History,
    state: LstmState,
    frames: History,
}

impl<'a> EncoderStream<'a> {
    pub fn new(network: &'a Encoder, hop_len: usize, reach: Reach) -> Self {
        Self {
            network,
            hop_len,
            samples: History::new(reach.encoder_before),
            state: LstmState::default(),
            frames: History::new(reach.encoder_after),
        }
    }

    /// The next samples `[samples x 1]` to their latents; only the last piece may have no whole number of hops.
    pub fn next(&mut self, samples: Tensor<2>) -> Tensor<2> {
        let (x, old) = self.samples.lead_in(samples);
        let x = without_first(self.network.before_lstm(x), old / self.hop_len);
        let x = self.network.lstm(x, &mut self.state);
        let (x, old) = self.frames.lead_in(x);
        without_first(self.network.after_lstm(x), old)
    }
}

/// A decoder in the middle of some latents.
pub(super) struct DecoderStream<'a> {
    network: &'a Decoder,
    hop_len: usize,
    latents: History,
    state: LstmState,
    frames: History,
}

impl<'a> DecoderStream<'a> {
    pub fn new(network: &'a Decoder, hop_len: usize, reach: Reach) -> Self {
        Self {
            network,
            hop_len,
            latents: History::new(reach.decoder_before),
            state: LstmState::default(),
            frames: History::new(reach.decoder_after),
        }
    }

    /// The next latents to their samples `[samples x 1]`.
    pub fn next(&mut self, latents: Tensor<2>) -> Tensor<2> {
        let (x, old) = self.latents.lead_in(latents);
        let x = without_first(self.network.before_lstm(x), old);
        let x = self.network.lstm(x, &mut self.state);
        let (x, old) = self.frames.lead_in(x);
        without_first(self.network.after_lstm(x), old * self.hop_len)
    }
}
