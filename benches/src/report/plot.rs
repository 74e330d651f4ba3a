//! The figures as pictures.

use std::error::Error;
use std::fs;
use std::path::Path;

use plotters::prelude::*;

use crate::harness::{Results, Row};
use crate::systems::{Kind, OURS};
use crate::workloads::{ALL, Workload};

use super::summary::kinds;

const SIZE: (u32, u32) = (800, 420);
const OTHERS: RGBColor = RGBColor(150, 160, 175);
const OUR_OWN: RGBColor = RGBColor(200, 60, 40);
const LIMITS: RGBColor = RGBColor(90, 150, 110);

/// A file for each workload.
pub(super) fn write(results: &Results, directory: &Path) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(directory)?;
    for workload in ALL {
        let of = |row: &&Row| row.of == workload.name && !row.pinned;
        let rows: Vec<_> = results.rows.iter().filter(of).collect();
        if rows.is_empty() {
            continue;
        }
        let file = directory.join(format!("{}.svg", workload.name));
        match workload.name.starts_with("growth-") {
            true => lines(workload, &rows, &file)?,
            false => bars(workload, &rows, &file)?,
        }
    }
    Ok(())
}

/// The first figure of each system.
fn bars(workload: &Workload, rows: &[&Row], file: &Path) -> Result<(), Box<dyn Error>> {
    let first: Vec<_> = rows
        .iter()
        .filter(|row| row.figure == rows[0].figure)
        .collect();
    let largest = first.iter().map(|row| row.max).fold(0.0, f64::max);
    let smallest = first
        .iter()
        .map(|row| row.min)
        .fold(f64::INFINITY, f64::min);
    // Peers are apart by powers of ten. Nothing is below a hundredth of a unit.
    let (low, high) = ((smallest / 2.0).max(0.01), (largest * 2.0).max(0.02));
    let kinds = kinds();

    let root = SVGBackend::new(file, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let title = format!("{} [{}]", first[0].workload, first[0].unit);
    let mut chart = ChartBuilder::on(&root)
        .caption(title, ("sans-serif", 18))
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(120)
        .build_cartesian_2d((low..high).log_scale(), 0.0..first.len() as f64)?;
    let system = |place: &f64| {
        let from_above = first.len() as f64 - place - 0.5;
        let index = from_above.round();
        match (from_above - index).abs() < 0.01 {
            true => first
                .get(index as usize)
                .map_or(String::new(), |row| row.system.to_owned()),
            false => String::new(),
        }
    };
    chart
        .configure_mesh()
        .disable_y_mesh()
        .y_labels(2 * first.len() + 1)
        .y_label_formatter(&system)
        .x_desc(workload.what)
        .draw()?;
    for (index, row) in first.iter().enumerate() {
        let colour = match kinds[row.system] {
            Kind::Ours => OUR_OWN,
            Kind::Limit => LIMITS,
            Kind::Variant | Kind::Peer => OTHERS,
        };
        let below = (first.len() - index) as f64;
        let bar = [(low, below - 0.85), (row.median.max(low), below - 0.15)];
        chart.draw_series([Rectangle::new(bar, colour.filled())])?;
    }
    root.present()?;
    Ok(())
}

/// A line for each kind of figure and system: `tell, 10` is the figure `tell` at 10.
fn lines(workload: &Workload, rows: &[&Row], file: &Path) -> Result<(), Box<dyn Error>> {
    type Line<'a> = (String, &'a str, Vec<(f64, f64)>);
    let mut all: Vec<Line<'_>> = Vec::new();
    for row in rows {
        let (name, at) = row.figure.rsplit_once(", ").unwrap_or(("", &row.figure));
        let point = (at.parse()?, row.median);
        match all
            .iter_mut()
            .find(|line| line.0 == name && line.1 == row.system)
        {
            Some(line) => line.2.push(point),
            None => all.push((name.to_owned(), row.system, vec![point])),
        }
    }
    let points = || all.iter().flat_map(|line| &line.2);
    let range = |of: fn(&(f64, f64)) -> f64, room: f64| {
        let low = points().map(of).fold(f64::INFINITY, f64::min);
        let high = points().map(of).fold(0.0, f64::max);
        (low.max(0.1) / 1.2..high.max(0.2) * room).log_scale()
    };

    // On the right, a third of the width is left for the names of the lines.
    let widest = points().map(|point| point.0).fold(1.0, f64::max);
    let across = 1.2 * widest.sqrt();

    let root = SVGBackend::new(file, SIZE).into_drawing_area();
    root.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&root)
        .caption(
            format!("{} [{}]", workload.name, rows[0].unit),
            ("sans-serif", 18),
        )
        .margin(12)
        .x_label_area_size(36)
        .y_label_area_size(70)
        .build_cartesian_2d(range(|point| point.0, across), range(|point| point.1, 1.2))?;
    chart.configure_mesh().x_desc(workload.what).draw()?;
    for (index, (name, system, points)) in all.iter().enumerate() {
        let width = if *system == OURS { 3 } else { 1 };
        let style = Palette99::pick(index).stroke_width(width);
        let label = format!("{name} {system}");
        chart
            .draw_series(LineSeries::new(points.clone(), style))?
            .label(label.trim())
            .legend(move |(x, y)| PathElement::new([(x, y), (x + 16, y)], style));
    }
    chart
        .configure_series_labels()
        .background_style(WHITE.mix(0.8))
        .position(SeriesLabelPosition::UpperRight)
        .label_font(("sans-serif", 11))
        .draw()?;
    root.present()?;
    Ok(())
}
