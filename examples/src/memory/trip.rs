//! How memory went to the worker and came back.

use std::time::Duration;

use crate::image_pipeline::table;

/// What one way of handing over took.
#[derive(Debug)]
pub(super) struct Trip {
    pub(super) way: &'static str,
    /// Until the worker had it; its copy included, where one was made.
    pub(super) there: Duration,
    /// From when the worker was done until it was here again.
    pub(super) back: Duration,
    /// How many bytes were copied.
    pub(super) copied: usize,
}

impl Trip {
    /// A row for each.
    pub(super) fn table(trips: &[Trip]) -> String {
        let rows: Vec<_> = trips.iter().map(Trip::row).collect();
        table(["memory", "there", "back", "bytes copied"], &rows)
    }

    fn row(&self) -> [String; 4] {
        let milliseconds = |time: Duration| format!("{:.3} ms", time.as_secs_f64() * 1e3);
        [
            self.way.to_owned(),
            milliseconds(self.there),
            milliseconds(self.back),
            self.copied.to_string(),
        ]
    }
}
