//! Tables as spreadsheets write them, and tables that are none.

use crate::tree::{Tree, genres_of, has_problem, noted};
use songspace::corpus::{Corpus, ProblemKind};

/// A table for three files in folders, as one spreadsheet or another writes it.
fn imported_with(table: impl AsRef<[u8]>) -> Corpus {
    let tree = Tree::new();
    tree.music("Rock/h\u{e9}.wav").music("Rock/b.wav").music("Rock/c.wav");
    tree.write("manifest.csv", table).import()
}

#[test]
fn tables_of_every_spreadsheet_are_read() {
    let utf16 = |text: &str| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        units.flat_map(u16::to_le_bytes).collect::<Vec<u8>>()
    };
    let tabs = "filename\tgenre\tvalence\tarousal\r\nRock/h\u{e9}.wav\tJazz\t-0,4\t0,5\r\nRock/b.wav\tPop\t0\t0\r\n";
    for (what, table) in [
        ("semicolons", tabs.replace('\t', ";").into_bytes()),
        ("tabs", tabs.into()),
        ("sep=;", format!("sep=;\r\n{}", tabs.replace('\t', ";")).into()),
        ("UTF-16", utf16(tabs)),
        ("Latin-1", tabs.chars().map(|symbol| symbol as u32 as u8).collect()),
        ("a comment", format!("# exported today\n\n{tabs}").into()),
        ("file_name", tabs.replace("filename", "file_name").into()),
        ("filepath", tabs.replace("filename", "FilePath").into()),
        ("backslashes", tabs.replace("Rock/", "Rock\\").into()),
        (
            "a Windows disk",
            tabs.replace("Rock/", "C:\\Users\\me\\Music\\Rock\\").into(),
        ),
        (
            "other case",
            tabs.replace("Rock/h\u{e9}.wav", "rock/H\u{c9}.WAV").into(),
        ),
        ("other accents", tabs.replace("h\u{e9}", "he\u{301}").into()),
    ] {
        let corpus = imported_with(table);
        assert_eq!(
            corpus.clips.len(),
            2,
            "{what}: {:?} {:?}",
            corpus.problems,
            corpus.notes
        );
        assert_eq!(genres_of(&corpus, "Rock/h\u{e9}.wav"), ["Jazz"], "{what}");
        assert_eq!(
            (corpus.clips[0].valence, corpus.clips[0].arousal),
            (Some(-0.4), Some(0.5)),
            "{what}"
        );
    }
}

#[test]
fn one_file_under_three_spellings_is_one_clip() {
    let corpus =
        imported_with("path,genre\nRock/b.wav,Jazz\n./Rock/b.wav,Pop\nrock\\B.wav,Pop\nRock/../Rock/b.wav,Pop\n");
    assert_eq!(
        (corpus.clips.len(), corpus.genres.as_slice()),
        (1, ["Jazz".to_owned()].as_slice())
    );
    assert!(
        has_problem(&corpus, ProblemKind::BadLine, "line 3"),
        "{:?}",
        corpus.problems
    );
}

#[test]
fn scales_are_noticed_and_said() {
    let table = |values: [f32; 3]| {
        let [a, b, c] = values;
        format!("path,valence\nRock/h\u{e9}.wav,{a}\nRock/b.wav,{b}\nRock/c.wav,{c}\n")
    };
    let rated = imported_with(table([1.0, 5.0, 9.0]));
    assert_eq!(
        rated.clips.iter().map(|clip| clip.valence).collect::<Vec<_>>(),
        [Some(-1.0), Some(0.0), Some(1.0)]
    );
    assert!(noted(&rated, "ratings from 1 to 9"));
    let halved = imported_with(table([0.0, 0.5, 1.0]));
    assert_eq!(halved.clips[1].valence, Some(0.5));
    assert!(noted(&halved, "between 0 and 1"), "{:?}", halved.notes);
    assert!(!noted(&imported_with(table([-0.5, 0.5, 1.0])), "between 0 and 1"));
}

#[test]
fn a_stray_table_does_not_block_the_folder() {
    for (table, reason) in [
        ("path,genre\n", "a header and no lines"),
        (
            "path,genre\nold/gone.wav,Pop\n",
            "none of the files that it names is there",
        ),
        ("date,amount\n1,2\n", "no column that names files"),
        ("", "no column that names files"),
    ] {
        let corpus = imported_with(table);
        assert_eq!(
            (corpus.clips.len(), corpus.genres.as_slice()),
            (3, ["Rock".to_owned()].as_slice()),
            "{table}"
        );
        assert!(noted(&corpus, reason), "{table}: {:?}", corpus.notes);
    }
}

#[test]
fn hugging_faces_table_is_read_or_named() {
    let tree = Tree::new();
    tree.music("a.wav")
        .music("b.wav")
        .write("metadata.csv", "file_name,genre\na.wav,Jazz\nb.wav,Pop\n");
    assert_eq!(tree.import().genres, ["Jazz", "Pop"]);
    tree.write("metadata.csv", "file_name,genre\nx.wav,Jazz\n");
    let corpus = tree.import();
    assert!(
        corpus.clips.len() == 2 && noted(&corpus, "metadata.csv is passed over"),
        "{:?}",
        corpus.notes
    );
}
