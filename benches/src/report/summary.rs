//! Ours beside the best of the others, for each figure.

use std::collections::BTreeMap;

use crate::harness::{Results, Row};
use crate::systems::{self, Kind};

/// A figure of this library, and the best that others have.
pub(super) struct Line<'a> {
    pub(super) ours: &'a Row,
    pub(super) pinned: Option<&'a Row>,
    pub(super) peer: Option<&'a Row>,
    pub(super) limit: Option<&'a Row>,
}

pub(super) fn kinds() -> BTreeMap<&'static str, Kind> {
    systems::all()
        .into_iter()
        .map(|system| (system.name, system.kind))
        .collect()
}

pub(super) fn lines(results: &Results) -> Vec<Line<'_>> {
    let kinds = kinds();
    let ours = results.rows.iter();
    let ours = ours.filter(|row| !row.pinned && kinds[row.system] == Kind::Ours);
    ours.map(|ours| {
        let same = |row: &&Row| row.workload == ours.workload && row.unit == ours.unit;
        let best = |kind| {
            let others = results
                .rows
                .iter()
                .filter(|row| !row.pinned && kinds[row.system] == kind);
            others
                .filter(same)
                .reduce(|best, row| if better(row, best) { row } else { best })
        };
        let pinned = |row: &&Row| row.pinned && row.system == ours.system;
        Line {
            ours,
            pinned: results.rows.iter().filter(pinned).find(same),
            peer: best(Kind::Peer),
            limit: best(Kind::Limit),
        }
    })
    .collect()
}

/// Of rates and speed-ups, the higher is the better.
fn better(one: &Row, other: &Row) -> bool {
    match one.unit.as_str() {
        "tasks/s" | "× one thread" => one.median > other.median,
        _ => one.median < other.median,
    }
}
