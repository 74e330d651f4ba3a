//! What was counted, by whom, and how long it took.

use serde::Serialize;

use super::count::Count;
use crate::image_pipeline::table;

/// All counts, and how each compares with that of one thread.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    limit: u64,
    cores: usize,
    /// As one thread found it.
    primes: u64,
    agreed: bool,
    counts: Vec<Row>,
}

#[derive(Debug, Serialize)]
pub(super) struct Row {
    /// None where the main thread counted.
    pub(super) workers: Option<u16>,
    primes: u64,
    seconds: f64,
    pub(super) speed_up: f64,
    /// The speed-up for each worker.
    efficiency: f64,
}

impl Report {
    pub(super) fn new(limit: u64, cores: usize, alone: &Count, by_pools: &[Count]) -> Report {
        let primes = alone.first();
        let row = |count: &Count| {
            let speed_up = alone.seconds() / count.seconds();
            Row {
                workers: count.workers,
                primes: count.primes(primes),
                seconds: count.seconds(),
                speed_up,
                efficiency: speed_up / f64::from(count.workers.unwrap_or(1)),
            }
        };
        let counts: Vec<_> = [alone].into_iter().chain(by_pools).map(row).collect();
        Report {
            limit,
            cores,
            primes,
            agreed: counts.iter().all(|row| row.primes == primes),
            counts,
        }
    }

    /// Whether all counts are the same.
    pub(super) fn check(&self) -> Result<(), Disagreed> {
        let mut others = self.counts.iter().filter(|row| row.primes != self.primes);
        match others.next() {
            None => Ok(()),
            Some(row) => Err(Disagreed {
                by: row.by(),
                counted: row.primes,
                alone: self.primes,
            }),
        }
    }

    pub(super) fn counts(&self) -> &[Row] {
        &self.counts
    }

    pub(super) fn limit(&self) -> u64 {
        self.limit
    }

    pub(super) fn cores(&self) -> usize {
        self.cores
    }

    /// For people.
    pub(super) fn table(&self) -> String {
        let rows: Vec<_> = self.counts.iter().map(Row::cells).collect();
        let heads = ["counted by", "primes", "time", "speed-up", "efficiency"];
        let (limit, cores) = (self.limit, self.cores);
        let table = table(heads, &rows);
        format!("limit: {limit}, cores of this machine: {cores}\n{table}")
    }

    /// As one line of JSON.
    pub(super) fn json(&self) -> serde_json::Result<String> {
        Ok(serde_json::to_string(self)? + "\n")
    }
}

impl Row {
    fn by(&self) -> String {
        match self.workers {
            None => "one thread".to_owned(),
            Some(1) => "1 worker".to_owned(),
            Some(workers) => format!("{workers} workers"),
        }
    }

    fn cells(&self) -> [String; 5] {
        [
            self.by(),
            self.primes.to_string(),
            format!("{:.3} ms", self.seconds * 1e3),
            format!("{:.2}", self.speed_up),
            format!("{:.0} %", self.efficiency * 100.0),
        ]
    }
}

/// Two counts of the same primes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the counts differ: {by} found {counted} primes, one thread found {alone} at first")]
pub(super) struct Disagreed {
    by: String,
    counted: u64,
    alone: u64,
}

#[cfg(test)]
mod tests {
    use super::super::count::tests::counted;
    use super::*;

    #[test]
    fn a_speed_up_is_told_as_a_whole_and_for_each_worker() {
        let alone = counted(None, &[(25, 30)]);
        let by_pools = [counted(Some(1), &[(25, 40)]), counted(Some(4), &[(25, 10)])];
        let report = Report::new(100, 4, &alone, &by_pools);
        assert_eq!(
            report.table(),
            "\
limit: 100, cores of this machine: 4
counted by  primes       time  speed-up  efficiency
──────────  ──────  ─────────  ────────  ──────────
one thread      25  30.000 ms      1.00       100 %
1 worker        25  40.000 ms      0.75        75 %
4 workers       25  10.000 ms      3.00        75 %
"
        );
        assert_eq!(report.check(), Ok(()));
    }

    #[test]
    fn a_count_that_differs_is_found() {
        let alone = counted(None, &[(25, 30), (25, 30)]);
        let by_pools = [
            counted(Some(2), &[(25, 20), (25, 20)]),
            counted(Some(4), &[(25, 10), (24, 10)]),
        ];
        let report = Report::new(100, 4, &alone, &by_pools);
        let told = report.check().unwrap_err().to_string();
        let expected = "the counts differ: 4 workers found 24 primes, one thread found 25 at first";
        assert_eq!(told, expected);
        assert!(report.json().unwrap().contains("\"agreed\":false"));
    }
}
