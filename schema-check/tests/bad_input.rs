//! What people and machines leave in `schemas/`, and what ends a run with 2.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "a test may fail")]

mod project;

use std::fs;

use project::{DERIVES, Project};

fn order(fields: &str) -> String {
    format!("{DERIVES}#[event(type = \"order.placed\", version = 1, keyless)]\npub struct OrderPlaced {{ {fields} }}\n")
}

const WRITER: &str = "schemas/order.placed/v1.writer.json";

#[test]
fn a_committed_file_that_cannot_be_read_ends_with_2_and_is_named() {
    let project = Project::library("bad-files", &order("pub a: u8"));
    project.run(&["accept"]).expect(0);
    let good = project.read(WRITER);
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    let bad: [(&str, Vec<u8>); 6] = [
        ("binary", vec![0, 159, 146, 150, 255]),
        ("empty", Vec::new()),
        ("a list", b"[]".to_vec()),
        ("cut", good.as_bytes()[..40].to_vec()),
        ("a conflict", format!("<<<<<<< HEAD\n{good}=======\n{good}>>>>>>> x\n").into_bytes()),
        ("deep", deep.into_bytes()),
    ];
    for (what, bytes) in bad {
        fs::write(project.path(WRITER), bytes).unwrap();
        let run = project.run(&["--format", "json"]);
        assert_eq!(run.exit, 2, "{what}: {}", run.stderr);
        assert_eq!(run.row("order.placed", 1)["status"], "unreadable", "{what}");
        let error = run.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(error.starts_with(&format!("cannot read `{WRITER}`: ")), "{what}: {error}");
        project.run(&["accept"]).expect(2);
    }
    // 2 comes before 1 and 3.
    project.source(&format!(
        "{}{}",
        order("pub a: String"),
        order("pub a: u8").replace("order.placed", "order.paid").replace("OrderPlaced", "Paid")
    ));
    project.run(&[]).expect(2);

    // A folder in place of the file, and a link that leads nowhere: its other half is there.
    project.source(&order("pub a: u8"));
    fs::remove_file(project.path(WRITER)).unwrap();
    fs::create_dir(project.path(WRITER)).unwrap();
    let run = project.run(&["--format", "json"]).expect(2);
    assert_eq!(run.row("order.placed", 1)["status"], "unreadable");
    fs::remove_dir(project.path(WRITER)).unwrap();
    #[cfg(unix)]
    {
        std::os::unix::fs::symlink("nowhere.json", project.path(WRITER)).unwrap();
        let run = project.run(&["--format", "json"]).expect(2);
        assert!(run.json()["error"]["message"].as_str().unwrap().contains("order.placed"), "{}", run.stdout);
        fs::remove_file(project.path(WRITER)).unwrap();
        // One that leads to the file is as good as the file.
        project.write("elsewhere.json", &good);
        std::os::unix::fs::symlink("../../elsewhere.json", project.path(WRITER)).unwrap();
        project.run(&[]).expect(0);
        fs::remove_file(project.path(WRITER)).unwrap();
    }

    // What does no harm: a byte order mark, other line ends, strangers' files, names that aren't UTF-8.
    project.write(WRITER, &format!("\u{feff}{}", good.replace('\n', "\r\n")));
    project.write("schemas/README.md", "ours");
    project.write("schemas/order.placed/notes.json", "{");
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::ffi::OsStrExt;
        let name = std::ffi::OsStr::from_bytes(b"v1.\xff.writer.json");
        fs::write(project.path("schemas/order.placed").join(name), "{").unwrap();
    }
    project.run(&[]).expect(0);
}

#[test]
fn where_one_file_cannot_be_written_none_is() {
    let two = |fields: &str| {
        format!(
            "{}{}",
            order(fields),
            order(fields).replace("order.placed", "order.paid").replace("OrderPlaced", "Paid")
        )
    };
    let project = Project::library("bad-write", &two("pub a: u8"));
    project.run(&["accept"]).expect(0);
    project.source(&two("pub a: u8, pub b: Option<u8>"));
    // The last file that would be written is a folder.
    fs::create_dir_all(project.path("schemas/order.placed/history/v1.1.reader.json/inside")).unwrap();
    let before: Vec<(String, String)> =
        project.files("schemas").into_iter().map(|file| (file.clone(), project.read(&file))).collect();
    let run = project.run(&["accept", "--format", "json"]).expect(2);
    let error = run.json()["error"].clone();
    assert!(error["message"].as_str().unwrap().contains("v1.1.reader.json`: it is no file"), "{error}");
    let after: Vec<(String, String)> =
        project.files("schemas").into_iter().map(|file| (file.clone(), project.read(&file))).collect();
    assert_eq!(before, after);
    fs::remove_dir_all(project.path("schemas/order.placed/history")).unwrap();
    project.run(&["accept"]).expect(0);
    project.run(&[]).expect(0);
}

#[test]
fn a_misspelt_setting_ends_with_2_and_the_right_word() {
    let project = Project::library("bad-settings", &order("pub a: u8"));
    let manifest = project.read("Cargo.toml");
    for (setting, message) in [
        (
            "schemsa = \"contracts\"",
            "unknown key `schemsa` in `[package.metadata.schema-check]` of `bad-settings`; did you mean `schemas`?",
        ),
        ("features = \"events\"", "`features` is \"events\" in `[package.metadata.schema-check]` of `bad-settings`"),
    ] {
        project.write("Cargo.toml", &format!("{manifest}\n[package.metadata.schema-check]\n{setting}\n"));
        let error = project.run(&["--format", "json"]).expect(2).json()["error"].clone();
        assert_eq!(error["message"], message);
        assert!(error["help"].as_str().unwrap().contains("`features = [\"…\"]`"), "{error}");
    }
}
