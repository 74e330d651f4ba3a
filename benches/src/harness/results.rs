//! All figures of a run.

use super::Machine;
use crate::measure::Measured;

/// A figure of all rounds.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Row {
    /// The workload, and which of its figures if it has several.
    pub(crate) workload: String,
    pub(crate) system: &'static str,
    pub(crate) pinned: bool,
    pub(crate) unit: String,
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
    #[serde(skip)]
    pub(crate) of: &'static str,
    #[serde(skip)]
    pub(crate) figure: String,
    #[serde(skip)]
    values: Vec<f64>,
}

/// Why a system is not in the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Absence {
    pub(crate) workload: &'static str,
    pub(crate) system: &'static str,
    pub(crate) reason: String,
}

pub(crate) struct Results {
    pub(crate) machine: Machine,
    pub(crate) rows: Vec<Row>,
    pub(crate) absences: Vec<Absence>,
    /// Processes that should have measured, and did not.
    pub(crate) failures: Vec<Absence>,
}

impl Results {
    pub(super) fn new(machine: Machine) -> Results {
        Results {
            machine,
            rows: Vec::new(),
            absences: Vec::new(),
            failures: Vec::new(),
        }
    }

    pub(super) fn add(
        &mut self,
        workload: &'static str,
        system: &'static str,
        pinned: bool,
        measured: Vec<Measured>,
    ) {
        for Measured {
            figure,
            unit,
            value,
        } in measured
        {
            let same = |row: &&mut Row| {
                row.of == workload
                    && row.system == system
                    && row.pinned == pinned
                    && row.figure == figure
            };
            match self.rows.iter_mut().find(same) {
                Some(row) => row.push(value),
                None => {
                    let name = format!("{workload} {figure}");
                    let mut row = Row {
                        workload: name.trim_end().to_owned(),
                        system,
                        pinned,
                        unit,
                        median: value,
                        min: value,
                        max: value,
                        of: workload,
                        figure,
                        values: Vec::new(),
                    };
                    row.push(value);
                    self.rows.push(row);
                }
            }
        }
    }

    pub(super) fn miss(&mut self, workload: &'static str, system: &'static str, reason: &str) {
        let absence = Absence {
            workload,
            system,
            reason: reason.to_owned(),
        };
        if !self.absences.contains(&absence) {
            self.absences.push(absence);
        }
    }

    pub(super) fn fail(
        &mut self,
        workload: &'static str,
        system: &'static str,
        pinned: bool,
        reason: String,
    ) {
        let pinned = if pinned { "on one core: " } else { "" };
        self.failures.push(Absence {
            workload,
            system,
            reason: format!("{pinned}{reason}"),
        });
    }
}

impl Row {
    fn push(&mut self, value: f64) {
        self.values.push(value);
        self.values.sort_by(f64::total_cmp);
        self.median = self.values[self.values.len() / 2];
        self.min = self.values[0];
        self.max = self.values[self.values.len() - 1];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rounds_of_a_figure_are_one_row() {
        let mut results = Results::new(Machine::look());
        for value in [3.0, 1.0, 2.0] {
            let measured = vec![
                Measured::new("p50", "ns", value),
                Measured::new("p99", "ns", 9.0),
            ];
            results.add("ask", "someone", true, measured);
        }
        results.add(
            "ask",
            "someone",
            false,
            vec![Measured::new("p50", "ns", 7.0)],
        );
        let all: Vec<_> = results
            .rows
            .iter()
            .map(|row| {
                (
                    row.workload.as_str(),
                    row.pinned,
                    row.min,
                    row.median,
                    row.max,
                )
            })
            .collect();
        assert_eq!(
            all,
            [
                ("ask p50", true, 1.0, 2.0, 3.0),
                ("ask p99", true, 9.0, 9.0, 9.0),
                ("ask p50", false, 7.0, 7.0, 7.0),
            ]
        );
    }
}
