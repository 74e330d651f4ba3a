//! What a dependency costs whoever builds.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use crate::measure::{Measured, Scale};

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// This library with its macros, from its sources.
pub(crate) fn actor_core(_: Scale) -> Vec<Measured> {
    cold(&format!(
        "actor-core = {{ path = {:?} }}",
        Path::new(HERE).join("../actor-core")
    ))
}

/// A peer, as the lock file of this workspace has it.
pub(crate) fn peer(dependency: &'static str) -> impl Fn(Scale) -> Vec<Measured> {
    move |_| cold(dependency)
}

/// Checks a crate that has only this dependency, in a target directory that is empty.
fn cold(dependency: &str) -> Vec<Measured> {
    let package = tempfile::tempdir().expect("a directory for the crate");
    let path = package.path();
    let manifest = format!(
        "[package]\nname = \"cold\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n{dependency}\n"
    );
    fs::create_dir(path.join("src")).expect("its source directory");
    fs::write(path.join("Cargo.toml"), manifest).expect("its manifest");
    fs::write(path.join("src/lib.rs"), "").expect("its source");
    // So that all have the versions that are measured.
    let lock = Path::new(HERE).join("Cargo.lock");
    fs::copy(lock, path.join("Cargo.lock")).expect("this workspace's lock file");

    let tree = cargo(
        path,
        &["tree", "--prefix", "none", "--edges", "normal,build"],
    );
    // A line is a crate and its version; a crate that was listed before is marked.
    let crates: BTreeSet<_> = tree
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .collect();
    let begun = Instant::now();
    cargo(path, &["check", "--quiet"]);
    vec![
        Measured::new("time", "s", begun.elapsed().as_secs_f64()),
        // Without the one that is empty.
        Measured::new("crates", "crates", (crates.len() - 1) as f64),
    ]
}

fn cargo(package: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(package)
        .env("CARGO_TARGET_DIR", package.join("target"))
        // A peer's sources may come with a toolchain of their own, which rustup would want.
        .env("RUSTC", Path::new(env!("CARGO")).with_file_name("rustc"))
        .output()
        .expect("cargo starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "cargo {arguments:?} failed: {said}"
    );
    String::from_utf8_lossy(&output.stdout).into_owned()
}
