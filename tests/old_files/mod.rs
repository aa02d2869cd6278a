//! Spaces and checkpoints as programs wrote them whose files had format 1.

use safetensors::SafeTensors;
use safetensors::tensor::TensorView;
use std::collections::HashMap;
use std::path::Path;

/// Names of today and those of format 1, in tensors and headers alike.
const FORMER: [(&str, &str); 4] = [
    ("linear_model.", "closed_form."),
    ("modulation_", "movement_"),
    (".log_std.", ".spread."),
    ("\"format_version\":3", "\"format_version\":1"),
];

/// Rewrites the file at `path` with the names of format 1. Returns how many of its tensors bear another name than before.
pub fn rewrite_as_format_1(path: &Path) -> usize {
    let bytes = std::fs::read(path).unwrap();
    let (_, metadata) = SafeTensors::read_metadata(&bytes).unwrap();
    let header: HashMap<String, String> = metadata.metadata().as_ref().unwrap().clone();
    let header = header.into_iter().map(|(key, text)| (key, former(&text))).collect();
    let tensors = SafeTensors::deserialize(&bytes).unwrap();
    let views: Vec<(String, TensorView<'_>)> = tensors.iter().map(|(name, view)| (former(name), view)).collect();
    let renamed = tensors
        .names()
        .into_iter()
        .filter(|name| former(name) != **name)
        .count();
    std::fs::write(path, safetensors::serialize(views, Some(header)).unwrap()).unwrap();
    renamed
}

fn former(text: &str) -> String {
    FORMER
        .iter()
        .fold(text.to_owned(), |text, (today, before)| text.replace(today, before))
}
