//! A training continues the same curve after it was cut off.

mod old_files;
#[allow(dead_code, reason = "shared with tests/training.rs, which uses all of it")]
mod songs;

use burn::tensor::Device;
use songs::{options, training_set};
use songspace::train::{StepReport, TrainOptions, Trainer, linear_model};

#[test]
fn a_training_cut_off_continues_the_same_curve() {
    let set = training_set(2);
    let start = linear_model::fit(&set, 1, &mut || false).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.safetensors");
    let device = Device::flex();
    // Everything that has a state of its own takes part.
    let options = TrainOptions {
        swap: true,
        cycle: true,
        adversary: true,
        ..options(6)
    };
    let mut whole = Trainer::new(set.clone(), options.clone(), &start, &device).unwrap();
    let mut curve = Vec::new();
    for step in 0..6 {
        if step == 3 {
            whole.save_checkpoint(&path).unwrap();
        }
        curve.push(whole.step().unwrap());
    }
    let resumed = Trainer::resume(&path, set.clone(), &options, &device).unwrap();
    assert_continues(resumed, &curve[3..]);
    assert!(old_files::rewrite_as_format_1(&path) > 0, "tensors had other names");
    let resumed = Trainer::resume(&path, set, &options, &device).unwrap();
    assert_continues(resumed, &curve[3..4]);
}

fn assert_continues(mut resumed: Trainer, curve: &[StepReport]) {
    assert_eq!(resumed.steps_done(), 3);
    for expected in curve {
        let report = resumed.step().unwrap();
        assert_eq!(report.step, expected.step);
        assert!(
            (report.loss - expected.loss).abs() < 1e-4 && (report.kl_local - expected.kl_local).abs() < 0.5,
            "step {}: loss {} where the uncut training had {}",
            report.step,
            report.loss,
            expected.loss
        );
    }
}
