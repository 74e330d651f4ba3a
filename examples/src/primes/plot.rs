//! The speed-up as a picture.

use std::error::Error;

use plotters::prelude::*;

use super::report::Report;

const SIZE: (u32, u32) = (640, 420);
const FONT: &str = "sans-serif";
const MEASURED: RGBColor = RGBColor(0, 90, 160);
const IDEAL: RGBColor = RGBColor(130, 130, 130);

/// Draws the speed-up over the number of workers, and beside it what it would be if nothing were
/// lost: no more than there are cores.
pub(super) fn plot(report: &Report) -> Result<String, Unplotted> {
    let mut svg = String::new();
    draw(report, SVGBackend::with_string(&mut svg, SIZE))
        .map_err(|error| Unplotted(error.to_string()))?;
    Ok(svg)
}

fn draw(report: &Report, backend: SVGBackend<'_>) -> Result<(), Box<dyn Error>> {
    let counts = report.counts().iter();
    let mut measured: Vec<(f64, f64)> = counts
        .map(|row| (f64::from(row.workers.unwrap_or(1)), row.speed_up))
        .collect();
    measured.sort_by(|a, b| a.0.total_cmp(&b.0));
    let most = measured.iter().map(|point| point.0).fold(2.0, f64::max);
    let cores = report.cores() as f64;
    let best = most.min(cores);
    let ideal = [(0.0, 0.0), (best, best), (most, best)];
    let highest = measured.iter().map(|point| point.1).fold(best, f64::max);

    let area = backend.into_drawing_area();
    area.fill(&WHITE)?;
    let mut chart = ChartBuilder::on(&area)
        .caption(
            format!("Counting the primes below {}", report.limit()),
            (FONT, 24),
        )
        .margin(16)
        .x_label_area_size(44)
        .y_label_area_size(52)
        .build_cartesian_2d(0.0..most * 1.05, 0.0..highest * 1.05)?;
    chart
        .configure_mesh()
        .x_desc("workers")
        .y_desc("speed-up over one thread")
        .x_label_formatter(&whole)
        .label_style((FONT, 17))
        .light_line_style(TRANSPARENT)
        .draw()?;

    chart
        .draw_series(LineSeries::new(ideal, IDEAL))?
        .label(format!("ideal, cores: {cores}"))
        .legend(|(x, y)| PathElement::new([(x, y), (x + 20, y)], IDEAL));
    let measured = LineSeries::new(measured, MEASURED.stroke_width(2)).point_size(4);
    chart
        .draw_series(measured)?
        .label("measured")
        .legend(|(x, y)| PathElement::new([(x, y), (x + 20, y)], MEASURED.stroke_width(2)));
    chart
        .configure_series_labels()
        .position(SeriesLabelPosition::LowerRight)
        .label_font((FONT, 17))
        .background_style(WHITE)
        .border_style(IDEAL)
        .draw()?;
    area.present()?;
    Ok(())
}

/// There are no halves of workers. The marks on the axis are sums of fractions, and not exact.
fn whole(workers: &f64) -> String {
    let whole = workers.round();
    match (workers - whole).abs() < 1e-6 {
        true => whole.to_string(),
        false => String::new(),
    }
}

/// The picture could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the plot cannot be drawn: {0}")]
pub(super) struct Unplotted(String);
