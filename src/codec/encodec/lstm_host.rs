//! An LSTM layer's recurrence on host memory.
//!
//! Every step reads all recurrent weights once (4 MB in the 24 kHz model), so memory sets the pace; the columns are
//! shared out over the cores, four rows at a time.

use super::activation::{sigmoid, tanh};
use rayon::prelude::*;

/// Fewer gates per core than this are not worth waking it for.
const TASK_GATES: usize = 512;
/// Rows of weights taken together, so that the gates are read and written once for all of them.
const ROWS: usize = 4;

/// One layer between two steps.
pub(super) struct Recurrence {
    /// `[width x 4 width]`
    pub from_hidden: Vec<f32>,
    pub hidden: Vec<f32>,
    pub cell: Vec<f32>,
}

impl Recurrence {
    /// The input's share of the gates `[time x 4 width]` to the hidden states `[time x width]`.
    pub fn run(&mut self, mut gates: Vec<f32>) -> Vec<f32> {
        let width = self.hidden.len();
        let mut outputs = Vec::with_capacity(gates.len() / 4);
        for gates in gates.chunks_exact_mut(4 * width) {
            self.add_hidden_share(gates);
            self.step(gates);
            outputs.extend_from_slice(&self.hidden);
        }
        outputs
    }

    fn add_hidden_share(&self, gates: &mut [f32]) {
        let all = gates.len();
        if all < 2 * TASK_GATES {
            self.add_columns(gates, 0, all);
            return;
        }
        let task = all.div_ceil(rayon::current_num_threads()).max(TASK_GATES);
        gates
            .par_chunks_mut(task)
            .enumerate()
            .for_each(|(index, part)| self.add_columns(part, index * task, all));
    }

    /// `gates += hidden * from_hidden[.., first..]`
    fn add_columns(&self, gates: &mut [f32], first: usize, all: usize) {
        let len = gates.len();
        let row = |index: usize| &self.from_hidden[index * all + first..][..len];
        for (block, hidden) in self.hidden.chunks(ROWS).enumerate() {
            let at = block * ROWS;
            if let [a, b, c, d] = *hidden {
                let columns = row(at).iter().zip(row(at + 1)).zip(row(at + 2)).zip(row(at + 3));
                for (gate, (((w, x), y), z)) in gates.iter_mut().zip(columns) {
                    *gate += (w * a + x * b) + (y * c + z * d);
                }
            } else {
                for (index, hidden) in hidden.iter().enumerate() {
                    for (gate, weight) in gates.iter_mut().zip(row(at + index)) {
                        *gate += weight * hidden;
                    }
                }
            }
        }
    }

    fn step(&mut self, gates: &[f32]) {
        let width = self.hidden.len();
        let (input, rest) = gates.split_at(width);
        let (forget, rest) = rest.split_at(width);
        let (update, output) = rest.split_at(width);
        for (((cell, forget), input), update) in self.cell.iter_mut().zip(forget).zip(input).zip(update) {
            *cell = sigmoid(*forget) * *cell + sigmoid(*input) * tanh(*update);
        }
        for ((hidden, output), cell) in self.hidden.iter_mut().zip(output).zip(&self.cell) {
            *hidden = sigmoid(*output) * tanh(*cell);
        }
    }
}
