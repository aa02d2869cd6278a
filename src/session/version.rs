//! Which Songspace this is.

use std::sync::LazyLock;

/// The version, and in brackets the commit where the build was told one in `SONGSPACE_COMMIT`, as packages are. Not read from the
/// repository while building: then every commit would compile the program again.
pub fn program_version() -> &'static str {
    static TEXT: LazyLock<String> = LazyLock::new(|| text(option_env!("SONGSPACE_COMMIT")));
    &TEXT
}

fn text(commit: Option<&str>) -> String {
    let version = env!("CARGO_PKG_VERSION");
    match commit.filter(|commit| !commit.is_empty()) {
        Some(commit) => format!("{version} ({commit})"),
        None => version.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_commit_stands_in_brackets_and_none_leaves_no_mark() {
        assert!(text(Some("abc1234")).ends_with(" (abc1234)"));
        assert_eq!(text(Some("")), text(None));
        assert_eq!(text(None), env!("CARGO_PKG_VERSION"));
    }
}
