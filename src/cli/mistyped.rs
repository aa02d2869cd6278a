//! A first word that is neither a file nor a command: no window opens for it.

use std::path::Path;

/// Letters that may be wrong, missing, too many or changed places with their neighbour.
const MOST_SLIPS: usize = 2;

/// What to say about `word` when it is neither one of `commands` nor a file.
pub fn complaint(word: &Path, commands: &[&str]) -> Option<String> {
    if commands.iter().any(|command| word == Path::new(command)) {
        return None;
    }
    let is_missing = word
        .symlink_metadata()
        .is_err_and(|error| error.kind() == std::io::ErrorKind::NotFound);
    if !is_missing {
        return None;
    }
    let shown = word.display().to_string();
    let slips = |command: &str| strsim::damerau_levenshtein(&shown.to_lowercase(), command);
    let meant = commands
        .iter()
        .map(|command| (slips(command), command))
        .filter(|(slips, command)| *slips <= MOST_SLIPS.min(command.len() / 2))
        .min();
    Some(match meant {
        Some((_, command)) => format!("{shown}: no such file or command; did you mean `songspace {command}`?"),
        None => format!("{shown}: no such file or command; `songspace --help` lists the commands"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_finger_are_understood_and_files_are_left_alone() {
        let commands = ["inspect", "train", "add", "map", "render", "eval"];
        let said = |word: &str| complaint(Path::new(word), &commands);
        for (typed, meant) in [
            ("rendr", "render"),
            ("trian", "train"),
            ("INSPECT", "inspect"),
            ("evl", "eval"),
        ] {
            let said = said(typed).unwrap();
            assert!(said.contains(&format!("did you mean `songspace {meant}`")), "{said}");
        }
        let said_of_a_space = said("dusk.songspace").unwrap();
        assert!(said_of_a_space.contains("--help"), "{said_of_a_space}");
        assert_eq!(said(env!("CARGO_MANIFEST_DIR")), None);
        assert_eq!(said("render"), None, "what is wrong stands behind it");
    }
}
