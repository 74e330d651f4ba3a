//! Runs every scenario of a folder on the library and compares it with the trace of a real OTP.
//!
//! `cargo run --release -q --bin otp-conformance -- DIR`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use actor_tests::conformance::{difference, run_text};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(folder), None) = (arguments.next(), arguments.next()) else {
        eprintln!("usage: otp-conformance DIR, where DIR holds NAME.txt and NAME.expected");
        return ExitCode::from(2);
    };
    let scenarios = match scenarios(Path::new(&folder)) {
        Ok(scenarios) if scenarios.is_empty() => {
            eprintln!("no scenario (NAME.txt) is in {}", folder.display());
            return ExitCode::from(2);
        }
        Ok(scenarios) => scenarios,
        Err(error) => {
            eprintln!("{} cannot be read: {error}", folder.display());
            return ExitCode::from(2);
        }
    };
    let mut failed = 0;
    for scenario in &scenarios {
        if let Err(why) = run(scenario) {
            failed += 1;
            let name = scenario.file_name().unwrap_or_default().display();
            println!("┌── {name}");
            for line in why.lines() {
                println!("│ {line}");
            }
            println!("└──");
        }
    }
    println!("{} passed, {failed} failed", scenarios.len() - failed);
    match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}

fn scenarios(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut scenarios = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            scenarios.push(path);
        }
    }
    scenarios.sort();
    Ok(scenarios)
}

fn run(scenario: &Path) -> Result<(), String> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
    };
    let text = read(scenario)?;
    let actual = run_text(&text).map_err(|error| error.to_string())?;
    let expected = read(&scenario.with_extension("expected"))?;
    difference(&expected, &actual).map_or(Ok(()), Err)
}
