//! The figures for programs.

use crate::harness::Results;

/// A list of `{workload, system, pinned, unit, median, min, max}`.
pub(super) fn text(results: &Results) -> String {
    let mut text = serde_json::to_string_pretty(&results.rows).expect("rows are JSON");
    text.push('\n');
    text
}
