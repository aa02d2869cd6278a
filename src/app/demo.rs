//! Where the space that comes with the program lies.

use std::iter::once;
use std::path::{Path, PathBuf};

const NAME: &str = "demo.songspace";

/// The first demo space found: in a checkout, beside the program or where a package puts it, or in a data folder of the user or
/// the system.
///
/// # Errors
/// A sentence that says where it was looked for.
pub fn find() -> Result<PathBuf, String> {
    let program = std::env::current_exe().ok();
    let of_system = std::env::var_os("XDG_DATA_DIRS").filter(|folders| !folders.is_empty());
    let of_system = of_system.unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    let of_user = directories::ProjectDirs::from("org", "songspace", "songspace");
    let places = places(
        program.as_deref(),
        of_user.as_ref().map(directories::ProjectDirs::data_dir),
        if cfg!(unix) {
            std::env::split_paths(&of_system).collect()
        } else {
            Vec::new()
        },
    );
    first_of(&places)
}

fn first_of(places: &[PathBuf]) -> Result<PathBuf, String> {
    if let Some(found) = places.iter().find(|path| path.is_file()) {
        return Ok(found.clone());
    }
    let mut folders: Vec<String> = Vec::new();
    for folder in places.iter().filter_map(|path| path.parent()) {
        let folder = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
        let folder = folder.display().to_string();
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    Err(format!(
        "The demo space, {NAME}, is in none of these folders: {}. Put it into one of them and open it again, or learn a folder \
         of your own.",
        folders.join(", ")
    ))
}

/// Where it may lie, the likeliest place first.
fn places(program: Option<&Path>, of_user: Option<&Path>, of_system: Vec<PathBuf>) -> Vec<PathBuf> {
    let shared = of_system.into_iter().map(|folder| folder.join("songspace").join(NAME));
    once(Path::new("assets").join(NAME))
        .chain(program.into_iter().flat_map(around))
        .chain(of_user.map(|folder| folder.join(NAME)))
        .chain(shared)
        .collect()
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
    fn a_copied_program_finds_it_beside_itself_and_in_data_folders_or_says_where_it_looked() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let program = at("copied/bin/songspace");
        let places = places(Some(&program), Some(&at("home")), vec![at("share")]);
        let sentence = first_of(&places[1..]).unwrap_err();
        for looked in ["copied/bin", "home", "share/songspace"] {
            assert!(
                sentence.contains(&at(looked).display().to_string()),
                "{looked}: {sentence}"
            );
        }
        // The later, the likelier: each found place is preferred to those before it.
        for place in [
            "share/songspace/demo.songspace",
            "home/demo.songspace",
            "copied/bin/demo.songspace",
        ] {
            std::fs::create_dir_all(at(place).parent().unwrap()).unwrap();
            std::fs::write(at(place), "").unwrap();
            assert_eq!(first_of(&places[1..]), Ok(at(place)));
        }
    }

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
