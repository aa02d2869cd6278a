//! Which file of a room uses which other one, and whether that goes round in a circle.
//!
//! `mod` and `pub use` lines do not count: a room's `mod.rs` is its table of contents. A name that it passes on
//! (`super::Name`) counts as the file that defines it.

use crate::sources::Source;
use std::collections::{BTreeMap, BTreeSet};

/// The files of one crate by module path (`audio::synth::limiter`).
pub struct Modules<'a> {
    code_of: BTreeMap<String, &'a str>,
}

impl<'a> Modules<'a> {
    pub fn new(sources: &'a [Source]) -> Self {
        let code_of = sources
            .iter()
            .map(|source| (source.module(), source.code.as_str()))
            .collect();
        Self { code_of }
    }

    /// Every circle of files, as `a -> b -> a`.
    pub fn circles(&self) -> Vec<String> {
        let edges: BTreeMap<&str, BTreeSet<String>> = self
            .code_of
            .keys()
            .map(|module| (module.as_str(), self.used_by(module)))
            .collect();
        let mut done = BTreeSet::new();
        let mut found = Vec::new();
        for start in edges.keys() {
            let mut path = Vec::new();
            walk(start, &edges, &mut path, &mut done, &mut found);
        }
        found
    }

    /// The files of the same room that `module` uses.
    fn used_by(&self, module: &str) -> BTreeSet<String> {
        let room = module.split("::").next().unwrap_or_default();
        let code = without_table_of_contents(self.code_of[module]);
        paths(&code)
            .into_iter()
            .filter_map(|path| self.file_of(module, &path))
            .filter(|used| used != module && used.split("::").next() == Some(room))
            .collect()
    }

    /// The file in which what `path`, written in `module`, leads to is defined.
    fn file_of(&self, module: &str, path: &[String]) -> Option<String> {
        let mut base: Vec<&str> = module.split("::").collect();
        let mut rest = path;
        match path.first()?.as_str() {
            "crate" => {
                base.clear();
                rest = &path[1..];
            }
            "self" => rest = &path[1..],
            "super" => {
                while rest.first().is_some_and(|segment| segment == "super") {
                    base.pop();
                    rest = &rest[1..];
                }
            }
            child if self.code_of.contains_key(&format!("{module}::{child}")) => {}
            _ => return None,
        }
        let mut at = base.join("::");
        for segment in rest {
            let below = if at.is_empty() {
                segment.clone()
            } else {
                format!("{at}::{segment}")
            };
            if self.code_of.contains_key(&below) {
                at = below;
                continue;
            }
            let passed_on = self.code_of.get(&at).and_then(|code| passed_on_from(code, segment));
            return match passed_on {
                Some(path) => self.file_of(&at, &path),
                None => Some(at),
            };
        }
        self.code_of.contains_key(&at).then_some(at)
    }
}

fn walk<'a>(
    module: &'a str,
    edges: &'a BTreeMap<&str, BTreeSet<String>>,
    path: &mut Vec<&'a str>,
    done: &mut BTreeSet<&'a str>,
    found: &mut Vec<String>,
) {
    if let Some(at) = path.iter().position(|earlier| *earlier == module) {
        let mut circle = path[at..].to_vec();
        circle.push(module);
        found.push(circle.join(" -> "));
        return;
    }
    if done.contains(module) {
        return;
    }
    path.push(module);
    for next in edges.get(module).into_iter().flatten() {
        walk(next, edges, path, done, found);
    }
    path.pop();
    done.insert(module);
}

/// The path behind `name` in a `pub use` line of `code`.
fn passed_on_from(code: &str, name: &str) -> Option<Vec<String>> {
    let uses = code.split("pub").filter_map(|part| {
        let part = part
            .strip_prefix("(crate)")
            .or(part.strip_prefix("(super)"))
            .unwrap_or(part);
        part.trim_start().strip_prefix("use ")
    });
    uses.filter_map(|rest| rest.split(';').next())
        .flat_map(|tree| expand(&[], tree))
        .find(|path| path.last().is_some_and(|last| last == name))
}

fn without_table_of_contents(code: &str) -> String {
    let mut kept = String::new();
    let mut skipping = false;
    for line in code.lines() {
        let start = line.trim_start();
        let is_pub_use = start.starts_with("pub") && start.split_whitespace().any(|word| word == "use");
        skipping |= is_pub_use;
        if !skipping {
            kept.push_str(line);
            kept.push('\n');
        }
        skipping &= !line.contains(';');
    }
    kept
}

/// Every path in `code`, groups taken apart.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut before = ' ';
    let mut at = 0;
    while let Some(symbol) = code[at..].chars().next() {
        let starts =
            (symbol.is_alphabetic() || symbol == '_') && !(before.is_alphanumeric() || "_:$'\"".contains(before));
        if starts {
            let end = path_end(&code[at..]);
            let text = &code[at..at + end];
            if text.contains("::") {
                found.extend(expand(&[], text));
            }
            let ident = text
                .find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(text.len());
            at += ident.max(1);
            before = '_';
            continue;
        }
        before = symbol;
        at += symbol.len_utf8();
    }
    found
}

/// Where the path at the start of `text` ends, a group behind it included.
fn path_end(text: &str) -> usize {
    let mut depth = 0;
    for (at, symbol) in text.char_indices() {
        match symbol {
            '{' if depth > 0 || text[..at].ends_with("::") => depth += 1,
            '}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ if depth > 0 => {}
            _ if symbol.is_alphanumeric() || symbol == '_' || symbol == ':' => {}
            _ => return at,
        }
    }
    text.len()
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`.
fn expand(prefix: &[String], tree: &str) -> Vec<Vec<String>> {
    let tree = tree.trim();
    let Some(open) = tree.find('{') else {
        let name = tree.split(" as ").next().unwrap_or_default();
        let own = name.split("::").map(|segment| segment.trim().to_owned());
        let path: Vec<String> = prefix
            .iter()
            .cloned()
            .chain(own)
            .filter(|s| !s.is_empty() && s != "*")
            .collect();
        return vec![path];
    };
    let own = tree[..open].split("::").map(|segment| segment.trim().to_owned());
    let prefix: Vec<String> = prefix.iter().cloned().chain(own).filter(|s| !s.is_empty()).collect();
    let inner = tree[open + 1..].trim_end().trim_end_matches('}');
    let (mut depth, mut start, mut found) = (0, 0, Vec::new());
    for (at, symbol) in inner.char_indices() {
        match symbol {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                found.extend(expand(&prefix, &inner[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    if !inner[start..].trim().is_empty() {
        let rest = &inner[start..];
        found.extend(expand(
            &prefix,
            if rest.contains('{') && depth > 0 {
                &inner[start..]
            } else {
                rest
            },
        ));
    }
    found
}

#[test]
fn groups_and_passed_on_names_are_read() {
    let split = |path: &str| path.split("::").map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(
        expand(&[], "super::{a::{B, C}, d}"),
        [split("super::a::B"), split("super::a::C"), split("super::d")]
    );
    assert_eq!(
        passed_on_from("mod x;\npub use x::{Name, Other};\n", "Other"),
        Some(split("x::Other"))
    );
    assert_eq!(
        without_table_of_contents("pub use x::{\n A,\n};\nuse y::B;\n"),
        "use y::B;\n"
    );
}

#[test]
fn a_circle_is_found() {
    let file = |path: &str, code: &str| Source::made(path, code);
    let sources = [
        file("room/mod.rs", "mod a;\nmod b;\npub use b::Thing;\n"),
        file("room/a.rs", "use super::Thing;\npub struct Other;\n"),
        file("room/b.rs", "use super::a::Other;\npub struct Thing;\n"),
    ];
    assert_eq!(Modules::new(&sources).circles(), ["room::a -> room::b -> room::a"]);
    assert!(Modules::new(&sources[..2]).circles().is_empty());
}
