//! The recurrent part between convolutions: stacked LSTM layers with a skip connection around all of them.

use super::EncodecError;
use super::checkpoint::Checkpoint;
use super::host::{self, add_row, is_host};
use super::lstm_host::Recurrence;
use super::tensors::matrix;
use burn::module::{Module, Param};
use burn::tensor::activation::sigmoid;
use burn::tensor::{Device, Tensor};

/// One layer (Hochreiter & Schmidhuber 1997, with forget gates; gates in PyTorch's order input, forget, cell, output).
#[derive(Module, Debug)]
pub struct LstmLayer {
    /// `[width, 4 * width]`
    from_input: Param<Tensor<2>>,
    /// `[width, 4 * width]`
    from_hidden: Param<Tensor<2>>,
    /// `[1, 4 * width]`: the sum of both biases.
    bias: Param<Tensor<2>>,
}

/// Hidden and cell state of one layer, `[1 x width]` each.
type LayerState = (Tensor<2>, Tensor<2>);

/// State of all layers after the frames seen so far; the default is the start of the audio.
#[derive(Clone, Debug, Default)]
pub struct LstmState(Vec<LayerState>);

/// All layers; output is their output plus their input.
#[derive(Module, Debug)]
pub struct Lstm {
    layers: Vec<LstmLayer>,
    #[module(skip)]
    width: usize,
}

impl Lstm {
    /// Takes `{layer}.lstm`.
    pub(super) fn load(
        checkpoint: &mut Checkpoint,
        layer: &str,
        [layers, width]: [usize; 2],
        device: &Device,
    ) -> Result<Self, EncodecError> {
        let layers = (0..layers)
            .map(|index| {
                let mut take =
                    |name: &str, shape: &[usize]| checkpoint.take(&format!("{layer}.lstm.{name}_l{index}"), shape);
                let from_input = take("weight_ih", &[4 * width, width])?;
                let from_hidden = take("weight_hh", &[4 * width, width])?;
                let mut bias = take("bias_ih", &[4 * width])?;
                for (sum, other) in bias.iter_mut().zip(take("bias_hh", &[4 * width])?) {
                    *sum += other;
                }
                Ok(LstmLayer {
                    from_input: matrix(transposed(&from_input, width), [width, 4 * width], device),
                    from_hidden: matrix(transposed(&from_hidden, width), [width, 4 * width], device),
                    bias: matrix(bias, [1, 4 * width], device),
                })
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { layers, width })
    }

    /// `[time x width]` to the same, going on from `state` and leaving the state after the last row there.
    pub fn forward(&self, x: Tensor<2>, state: &mut LstmState) -> Tensor<2> {
        let device = x.device();
        state.0.resize_with(self.layers.len(), || {
            let zeros = Tensor::zeros([1, self.width], &device);
            (zeros.clone(), zeros)
        });
        let recurrent = self
            .layers
            .iter()
            .zip(&mut state.0)
            .fold(x.clone(), |x, (layer, state)| layer.forward(x, state));
        recurrent + x
    }
}

impl LstmLayer {
    /// The input's share of the gates is one product over all time; only the hidden state's share is recurrent.
    fn forward(&self, x: Tensor<2>, state: &mut LayerState) -> Tensor<2> {
        let from_input = add_row(x.matmul(self.from_input.val()), self.bias.val());
        if is_host(&from_input.device()) {
            self.recur_on_host(from_input, state)
        } else {
            self.recur(from_input, state)
        }
    }

    /// Step by step in Burn operations.
    fn recur(&self, from_input: Tensor<2>, (hidden, cell): &mut LayerState) -> Tensor<2> {
        let (time, width) = (from_input.dims()[0], hidden.dims()[1]);
        let recurrent = self.from_hidden.val();
        let mut outputs = Vec::with_capacity(time);
        for row in 0..time {
            let gates = from_input.clone().narrow(0, row, 1) + hidden.clone().matmul(recurrent.clone());
            let gate = |index: usize| gates.clone().narrow(1, index * width, width);
            *cell = sigmoid(gate(1)) * cell.clone() + sigmoid(gate(0)) * gate(2).tanh();
            *hidden = sigmoid(gate(3)) * cell.clone().tanh();
            outputs.push(hidden.clone());
        }
        Tensor::cat(outputs, 0)
    }

    /// The same on the tensors' own memory: a step is too small for an operation of its own.
    fn recur_on_host(&self, from_input: Tensor<2>, (hidden, cell): &mut LayerState) -> Tensor<2> {
        let (device, width) = (from_input.device(), hidden.dims()[1]);
        let mut recurrence = Recurrence {
            from_hidden: host::values(self.from_hidden.val()),
            hidden: host::values(hidden.clone()),
            cell: host::values(cell.clone()),
        };
        let outputs = recurrence.run(host::values(from_input));
        *hidden = host::tensor(recurrence.hidden, width, &device);
        *cell = host::tensor(recurrence.cell, width, &device);
        host::tensor(outputs, width, &device)
    }
}

/// `[rows x columns]` to `[columns x rows]`.
fn transposed(values: &[f32], columns: usize) -> Vec<f32> {
    (0..columns)
        .flat_map(|column| values.iter().skip(column).step_by(columns).copied())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Distribution;

    #[test]
    fn both_ways_of_recurring_agree() {
        let (device, width) = (Device::flex(), 11);
        let random = |rows, columns| Tensor::<2>::random([rows, columns], Distribution::Normal(0.0, 0.5), &device);
        let layer = LstmLayer {
            from_input: Param::from_tensor(random(width, 4 * width)),
            from_hidden: Param::from_tensor(random(width, 4 * width)),
            bias: Param::from_tensor(random(1, 4 * width)),
        };
        let from_input = random(20, 4 * width);
        let start = (random(1, width), random(1, width));
        let (mut burn, mut host) = (start.clone(), start);
        let difference = layer.recur(from_input.clone(), &mut burn) - layer.recur_on_host(from_input, &mut host);
        assert!(host::values(difference).iter().all(|value| value.abs() < 1e-5));
        assert!(host::values(burn.1 - host.1).iter().all(|value| value.abs() < 1e-5));
    }
}
