//! Names that every disk takes.

/// Longer names are refused by some disks, with what an ending and a number need.
const LONGEST: usize = 150;

/// `name` without what disks refuse, and without blanks and stops at its ends.
pub fn sanitised(name: &str) -> String {
    let allowed = |letter: char| match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
        control if control.is_control() => ' ',
        letter => letter,
    };
    let name: String = name.trim().chars().map(allowed).take(LONGEST).collect();
    name.trim_matches([' ', '.']).to_owned()
}
