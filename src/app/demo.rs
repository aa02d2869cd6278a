//! Where the space that comes with the program lies.

use std::iter::once;
use std::path::{Path, PathBuf};

const NAME: &str = "demo.songspace";

/// The first demo space found: in a checkout, beside the installed program, or in the platform's data folder.
pub fn find() -> Option<PathBuf> {
    let program = std::env::current_exe().ok();
    let of_user =
        directories::ProjectDirs::from("org", "songspace", "songspace").map(|folders| folders.data_dir().join(NAME));
    once(Path::new("assets").join(NAME))
        .chain(program.as_deref().into_iter().flat_map(around))
        .chain(of_user)
        .find(|path| path.is_file())
}

/// Where it may lie for a program at `program`: in the checkout that it was built in, or where a package puts it.
fn around(program: &Path) -> Vec<PathBuf> {
    let folders = program.ancestors().skip(1);
    let checkout = folders.take(4).map(|folder| folder.join("assets").join(NAME));
    let own = program.parent();
    let above = own.and_then(Path::parent);
    let packaged = [
        // Linux: bin/songspace and share/songspace.
        above.map(|folder| folder.join("share/songspace").join(NAME)),
        // macOS: Contents/MacOS/songspace and Contents/Resources.
        above.map(|folder| folder.join("Resources").join(NAME)),
        // Windows: all in one folder.
        own.map(|folder| folder.join(NAME)),
    ];
    checkout.chain(packaged.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_and_the_checkout_have_their_place() {
        for (program, demo) in [
            (
                "/home/me/songspace/target/release/songspace",
                "/home/me/songspace/assets/demo.songspace",
            ),
            ("/usr/bin/songspace", "/usr/share/songspace/demo.songspace"),
            (
                "Songspace.app/Contents/MacOS/songspace",
                "Songspace.app/Contents/Resources/demo.songspace",
            ),
            ("Songspace/songspace.exe", "Songspace/demo.songspace"),
        ] {
            let places = around(Path::new(program));
            assert!(places.contains(&PathBuf::from(demo)), "{program}: {places:?}");
        }
    }
}
