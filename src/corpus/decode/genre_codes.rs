//! ID3's numbers for genres: `17`, `(17)`, `(17)(13)`, `(4)Eurodisco`, and the two that are no genres, `RX` and `CR`. Pure.

use lofty::id3::v1::GENRES;

/// The genres that `text` means; one that is no code is given back as it is.
pub(super) fn spelled_out(text: &str) -> Vec<String> {
    let text = text.trim();
    if let Some(found) = code(text) {
        return found.into_iter().map(str::to_owned).collect();
    }
    let (mut genres, mut rest) = (Vec::new(), text);
    while let Some((inside, behind)) = rest.strip_prefix('(').and_then(|rest| rest.split_once(')')) {
        let Some(found) = code(inside) else { break };
        genres.extend(found.map(str::to_owned));
        rest = behind.trim_start();
    }
    // Two brackets stand for one that begins a name.
    let name = if rest.starts_with("((") { &rest[1..] } else { rest };
    if name.is_empty() { genres } else { vec![name.to_owned()] }
}

/// What a number or a two-letter code means: a genre or none; `None` when `text` is no code.
fn code(text: &str) -> Option<Option<&'static str>> {
    match text {
        // lofty spells these two out.
        "RX" | "CR" | "Remix" | "Cover" => Some(None),
        digits if !digits.is_empty() && digits.len() <= 3 && digits.bytes().all(|byte| byte.is_ascii_digit()) => Some(
            digits
                .parse::<usize>()
                .ok()
                .and_then(|number| GENRES.get(number).copied()),
        ),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_genres_or_nothing() {
        assert_eq!(spelled_out("(17)(13)"), ["Rock", "Pop"]);
        assert_eq!(spelled_out("17"), ["Rock"]);
        assert_eq!(spelled_out("(4)Eurodisco"), ["Eurodisco"]);
        assert_eq!(spelled_out("((Nearly) Jazz"), ["(Nearly) Jazz"]);
        assert_eq!(spelled_out("(Live) Jazz"), ["(Live) Jazz"]);
        for nothing in ["(RX)", "(CR)", "RX", "Remix", "(255)", "255", "", "(255)(RX)"] {
            assert!(spelled_out(nothing).is_empty(), "{nothing}");
        }
    }
}
