//! A program that is built with `panic = "abort"`.

use std::path::Path;
use std::process::Command;

/// Builds and runs a program with that profile, and returns what it printed.
fn run(program: &str) -> (bool, String) {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("abort");
    std::fs::create_dir_all(folder.join("src")).unwrap();
    let core = tests.join("../actor-core").canonicalize().unwrap();
    let manifest = format!(
        "[package]\nname = \"aborting\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\
         [dependencies]\nactor-core = {{ path = {core:?}, default-features = false }}\n\
         [profile.dev]\npanic = \"abort\"\n[workspace]\n"
    );
    std::fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    // The versions that the workspace has, so that nothing is looked up.
    std::fs::copy(tests.join("../Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    std::fs::write(folder.join("src/main.rs"), program).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .env("CARGO_TARGET_DIR", folder.join("target"))
        .output()
        .unwrap();
    let text = [output.stdout, output.stderr].concat();
    (
        output.status.success(),
        String::from_utf8_lossy(&text).into_owned(),
    )
}

#[test]
fn a_system_refuses_to_start_and_says_why() {
    let (success, text) = run(r#"fn main() {
            let error = actor_core::System::new("fragile").unwrap_err();
            println!("{error}");
            let allowed = actor_core::System::builder("bold").allow_panic_abort().build();
            allowed.unwrap().shutdown().unwrap();
            println!("allowed");
        }"#);
    assert!(success, "{text}");
    assert!(text.contains("\"fragile\" refuses to start"), "{text}");
    assert!(text.contains("panic = \"unwind\""), "{text}");
    assert!(text.contains("allowed"), "{text}");
}
