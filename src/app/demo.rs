//! Where the space that comes with the program lies.

use std::path::{Path, PathBuf};

/// The first demo space found: beside the working directory, the program, or in the platform's data folder.
pub fn find() -> Option<PathBuf> {
    const NAME: &str = "assets/demo.songspace";
    let beside_program = std::env::current_exe().ok().and_then(|program| {
        program
            .ancestors()
            .skip(1)
            .take(4)
            .map(|folder| folder.join(NAME))
            .find(|path| path.is_file())
    });
    let installed = directories::ProjectDirs::from("org", "songspace", "songspace")
        .map(|folders| folders.data_dir().join("demo.songspace"));
    [Some(Path::new(NAME).to_owned()), beside_program, installed]
        .into_iter()
        .flatten()
        .find(|path| path.is_file())
}
