//! What the counters say, and what they should.

use super::options::Options;
use crate::image_pipeline::table;

/// How many counters there are.
pub(super) const COUNTERS: usize = 10;

/// The counters after a run, each beside what the workers were to add to it.
#[derive(Debug)]
pub(super) struct Totals(Vec<Total>);

#[derive(Debug)]
struct Total {
    counted: i32,
    expected: i64,
}

impl Totals {
    pub(super) fn new(options: &Options, counters: &[i32]) -> Totals {
        let total = |(index, &counted)| Total {
            counted,
            expected: i64::from(options.workers) * visits(options.rounds, index),
        };
        Totals(counters.iter().enumerate().map(total).collect())
    }

    /// How many additions are in the counters.
    pub(super) fn counted(&self) -> i64 {
        self.0.iter().map(|total| i64::from(total.counted)).sum()
    }

    /// What is wrong, if something is.
    pub(super) fn check(&self) -> Result<(), WrongTotals> {
        let wrong = self.0.iter().filter(|total| !total.is_right()).count();
        let expected: i64 = self.0.iter().map(|total| total.expected).sum();
        match wrong {
            0 => Ok(()),
            wrong => Err(WrongTotals {
                wrong,
                counted: self.counted(),
                expected,
            }),
        }
    }

    pub(super) fn table(&self) -> String {
        let row = |(index, total): (usize, &Total)| {
            [
                index.to_string(),
                total.counted.to_string(),
                total.expected.to_string(),
            ]
        };
        let rows: Vec<_> = self.0.iter().enumerate().map(row).collect();
        table(["counter", "counted", "expected"], &rows)
    }
}

impl Total {
    fn is_right(&self) -> bool {
        i64::from(self.counted) == self.expected
    }
}

/// How often so many rounds come to a counter: the last time around, not to all of them.
fn visits(rounds: u32, index: usize) -> i64 {
    let (all, rest) = (rounds as usize / COUNTERS, rounds as usize % COUNTERS);
    (all + usize::from(index < rest)) as i64
}

/// Totals that are not what was added.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{wrong} of {COUNTERS} counters are wrong: {counted} of {expected} additions are in them")]
pub(super) struct WrongTotals {
    wrong: usize,
    counted: i64,
    expected: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn totals(rounds: u32, counters: [i32; COUNTERS]) -> Totals {
        let options = Options {
            workers: 3,
            rounds,
            careless: false,
        };
        Totals::new(&options, &counters)
    }

    #[test]
    fn the_last_time_around_comes_to_the_first_counters_only() {
        let right = totals(23, [9, 9, 9, 6, 6, 6, 6, 6, 6, 6]);
        assert_eq!((right.check(), right.counted()), (Ok(()), 69));
        let little = totals(1, [3, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(little.check(), Ok(()));
    }

    #[test]
    fn two_wrongs_make_no_right() {
        let wrong = totals(20, [7, 5, 6, 6, 6, 6, 6, 6, 6, 6])
            .check()
            .unwrap_err();
        assert_eq!(
            wrong.to_string(),
            "2 of 10 counters are wrong: 60 of 60 additions are in them"
        );
    }
}
