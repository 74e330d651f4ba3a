//! What the library's sources must not contain.

use std::path::{Path, PathBuf};

fn sources() -> Vec<(PathBuf, String)> {
    fn collect(folder: &Path, into: &mut Vec<(PathBuf, String)>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                collect(&path, into);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                // Examples in the docs are programs of users.
                let text = std::fs::read_to_string(&path).unwrap();
                let code = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"));
                let code = code.collect::<Vec<_>>().join("\n");
                into.push((path, code));
            }
        }
    }
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../actor-core/src");
    let mut all = Vec::new();
    collect(&core, &mut all);
    assert!(all.len() > 20);
    all
}

#[test]
fn nothing_waits_on_a_channel_of_somebody_elses() {
    // Waiting goes through rt, and what has an order must not depend on another crate's features.
    for (path, text) in sources() {
        for banned in ["mpsc", ".recv()", ".recv_timeout(", "Condvar"] {
            assert!(!text.contains(banned), "{banned} in {}", path.display());
        }
    }
}

#[test]
fn threads_and_the_clock_belong_to_rt() {
    for (path, text) in sources() {
        if path.components().any(|part| part.as_os_str() == "rt") {
            continue;
        }
        for banned in [
            "thread::spawn",
            "thread::park",
            "thread::sleep",
            "Instant::now",
            "Condvar",
        ] {
            assert!(!text.contains(banned), "{banned} in {}", path.display());
        }
    }
}

#[test]
fn files_stay_small_without_their_docs() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(
            lines <= 400,
            "{} has {lines} lines: one noun a file",
            path.display()
        );
    }
}
