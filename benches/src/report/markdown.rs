//! The figures for people.

use std::fmt::Write;

use super::summary;
use crate::harness::{Absence, Results, Row};
use crate::systems::{self, Kind};
use crate::workloads::{ALL, Workload};

/// A summary, a table for each workload, and why what is absent is absent.
pub(super) fn table(results: &Results) -> String {
    let mut text = format!("Measured on: {}.\n", results.machine);
    text.push_str(&summary(results));
    text.push_str(&usage());
    for workload in ALL {
        let rows: Vec<_> = results
            .rows
            .iter()
            .filter(|row| row.of == workload.name)
            .collect();
        if !rows.is_empty() {
            text.push_str(&section(workload, &rows, results));
        }
    }
    text
}

fn summary(results: &Results) -> String {
    let mut text = String::from("\n| workload | actor-core | on one core | best peer | limit |\n");
    text.push_str("|---|---|---|---|---|\n");
    let median = |row: Option<&Row>| row.map_or(String::new(), |row| number(row.median, &row.unit));
    let named = |row: Option<&Row>| {
        row.map_or(String::new(), |row| {
            format!("{} ({})", number(row.median, &row.unit), row.system)
        })
    };
    for line in summary::lines(results) {
        writeln!(
            text,
            "| {} | {} | {} | {} | {} |",
            line.ours.workload,
            median(Some(line.ours)),
            median(line.pinned),
            named(line.peer),
            named(line.limit),
        )
        .expect("a string takes all");
    }
    text
}

fn usage() -> String {
    let line = |system: systems::System| format!("- {}: {}.\n", system.name, system.about);
    let lines: String = systems::all().into_iter().map(line).collect();
    format!("\nHow each is used:\n\n{lines}")
}

fn section(workload: &Workload, rows: &[&Row], results: &Results) -> String {
    let mut text = format!("\n### {}\n\n{}.", workload.name, capital(workload.what));
    if !workload.goal.is_empty() {
        write!(text, " Goal: {}.", workload.goal).expect("a string takes all");
    }
    if workload.ours_alone {
        text.push_str(" It shows how this library grows, and compares nothing.");
    }
    let mut figures: Vec<&str> = Vec::new();
    for row in rows {
        if !figures.contains(&row.figure.as_str()) {
            figures.push(&row.figure);
        }
    }
    let places: &[bool] = if rows.iter().any(|row| row.pinned) {
        &[false, true]
    } else {
        &[false]
    };
    let mut columns = Vec::new();
    for &pinned in places {
        columns.extend(figures.iter().map(|figure| (*figure, pinned)));
    }

    text.push_str("\n\n| |");
    for (figure, pinned) in &columns {
        let place = if *pinned { "on one core" } else { "" };
        let title = [*figure, place].join(" ");
        write!(text, " {} |", title.trim()).expect("a string takes all");
    }
    writeln!(text, "\n|---|{}", "---|".repeat(columns.len())).expect("a string takes all");
    for system in systems::all() {
        let of_system = |row: &&&Row| row.system == system.name;
        if !rows.iter().any(|row| of_system(&row)) {
            continue;
        }
        let name = match system.kind {
            Kind::Ours => format!("**{}**", system.name),
            Kind::Limit => format!("*{}*", system.name),
            Kind::Variant | Kind::Peer => system.name.to_owned(),
        };
        write!(text, "| {name} |").expect("a string takes all");
        for (figure, pinned) in &columns {
            let cell = rows.iter().filter(of_system);
            let mut cell = cell.filter(|row| row.figure == *figure && row.pinned == *pinned);
            write!(
                text,
                " {} |",
                cell.next().map_or("–".into(), |row| spread(row))
            )
            .expect("a string takes all");
        }
        text.push('\n');
    }
    text.push_str(&absent(workload.name, results));
    text
}

fn absent(workload: &str, results: &Results) -> String {
    let of = |absence: &&Absence| absence.workload == workload;
    let absences = results.absences.iter().filter(of);
    let failures = results.failures.iter().filter(of);
    let lines = absences.chain(failures).map(|absence| {
        format!(
            "- {}: {}\n",
            absence.system,
            absence.reason.replace('\n', " ")
        )
    });
    let lines: String = lines.collect();
    if lines.is_empty() {
        lines
    } else {
        format!("\nAbsent:\n\n{lines}")
    }
}

/// The median, and from where to where the rounds were.
fn spread(row: &Row) -> String {
    let median = number(row.median, &row.unit);
    if row.min == row.max {
        return median;
    }
    let ends = [row.min, row.max].map(|end| number(end, &row.unit));
    format!("{median} ({} – {})", ends[0], ends[1])
}

/// Three digits that say something, in a unit of a handy size.
fn number(value: f64, unit: &str) -> String {
    let (value, unit) = match unit {
        "ns" if value >= 1e6 => (value / 1e6, "ms"),
        "ns" if value >= 1e3 => (value / 1e3, "µs"),
        "µs" if value >= 1e3 => (value / 1e3, "ms"),
        "tasks/s" if value >= 1e6 => (value / 1e6, "M tasks/s"),
        "tasks/s" if value >= 1e3 => (value / 1e3, "k tasks/s"),
        unit => (value, unit),
    };
    let digits = match value.abs() {
        v if v >= 100.0 || unit == "crates" => 0,
        v if v >= 10.0 => 1,
        _ => 2,
    };
    format!("{value:.digits$} {unit}")
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(chars).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_three_digits() {
        let numbers = [
            (7.234, "ns"),
            (72.34, "ns"),
            (7_234.0, "ns"),
            (7.2e6, "ns"),
            (2.6e6, "tasks/s"),
            (25.0, "crates"),
        ];
        let texts = numbers.map(|(value, unit)| number(value, unit));
        assert_eq!(
            texts,
            [
                "7.23 ns",
                "72.3 ns",
                "7.23 µs",
                "7.20 ms",
                "2.60 M tasks/s",
                "25 crates"
            ]
        );
    }
}
