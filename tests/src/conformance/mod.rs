//! Scenarios for supervisors, run on the real library and compared with traces of a real OTP.
//!
//! The formats are described in `tests/vectors/otp/README.md`.

mod model;
mod parse;
mod run;
mod scenario;
mod trace;
mod tree;
mod worker;

pub use model::model;
pub use parse::{ScenarioError, parse};
pub use run::{RunError, run};
pub use scenario::{Behaviour, Child, Kind, Reason, Scenario, Significance, Step, Sup};

/// The vectors that are shipped with the project.
pub fn vectors() -> std::path::PathBuf {
    std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/otp")
}

/// Runs the scenario in `text`, written in the scenarios' format.
///
/// # Errors
/// If the scenario is malformed, with the line, or the tree does not come to rest.
pub fn run_text(text: &str) -> Result<Vec<String>, Box<dyn std::error::Error + Send + Sync>> {
    Ok(run(&parse(text)?)?)
}

/// What differs, line by line; none if nothing does.
pub fn difference(expected: &str, actual: &[String]) -> Option<String> {
    let actual: String = actual.iter().map(|line| format!("{line}\n")).collect();
    let expected: String = expected.lines().map(|line| format!("{line}\n")).collect();
    if expected == actual {
        return None;
    }
    let difference = similar::TextDiff::from_lines(expected.as_str(), actual.as_str());
    let mut shown = String::new();
    for hunk in difference.unified_diff().context_radius(4).iter_hunks() {
        shown.push_str(&hunk.to_string());
    }
    Some(shown)
}
