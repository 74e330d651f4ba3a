//! Which strips make a stage panic, for `--crash-every` and `--crash-stage`.

use std::fmt;
use std::num::NonZeroU64;

/// The stages that a strip goes through, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Stage {
    /// Cuts strips
    Reader,
    /// Filters them
    Worker,
    /// Puts them together
    Joiner,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Stage::Reader => "reader",
            Stage::Worker => "worker",
            Stage::Joiner => "joiner",
        })
    }
}

/// When a stage crashes. One loses its work, the other does it twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Crash {
    /// With the strip in hand, and nothing done.
    BeforeWork,
    /// When all is done and passed on, and the strip still counts as in hand.
    AfterWork,
}

/// Counts the strips that are handed out for the first time over the whole run, and picks every
/// n-th to crash one stage: the first of them before the work, the next after it, and so on by
/// turns.
///
/// Only its first attempt is to crash, so a run ends even when each first attempt does. The
/// numbers are given by whoever hands out the strips and travel with them: a stage could not keep
/// the count, since a crash takes its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CrashPlan {
    stage: Stage,
    every: Option<NonZeroU64>,
}

impl CrashPlan {
    /// A plan to crash this stage on every n-th strip; with `None`, on none.
    #[must_use]
    pub fn new(stage: Stage, every: Option<NonZeroU64>) -> CrashPlan {
        CrashPlan { stage, every }
    }

    /// Whether, and when, the first attempt of a stage at the strip of this number is to crash. The
    /// run's first strip is 1.
    #[must_use]
    pub fn crash(&self, stage: Stage, number: u64) -> Option<Crash> {
        let every = self.every.filter(|_| stage == self.stage)?;
        if !number.is_multiple_of(every.get()) {
            return None;
        }
        Some(match number / every % 2 {
            1 => Crash::BeforeWork,
            _ => Crash::AfterWork,
        })
    }

    /// How many crashes a run over so many strips will see: what a supervisor has to allow.
    #[must_use]
    pub fn planned(&self, strips: u64) -> u64 {
        self.every.map_or(0, |every| strips / every)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(every: u64) -> CrashPlan {
        CrashPlan::new(Stage::Worker, NonZeroU64::new(every))
    }

    fn crashes(plan: CrashPlan, strips: u64) -> Vec<(u64, Crash)> {
        let crash = |number| Some((number, plan.crash(Stage::Worker, number)?));
        (1..=strips).filter_map(crash).collect()
    }

    #[test]
    fn every_seventh_crashes_before_and_after_its_work_by_turns() {
        let expected = [
            (7, Crash::BeforeWork),
            (14, Crash::AfterWork),
            (21, Crash::BeforeWork),
        ];
        assert_eq!(crashes(plan(7), 9 + 15), expected);
        assert_eq!(plan(7).planned(9 + 15), 3);
    }

    #[test]
    fn every_strip_may_crash() {
        let numbers: Vec<u64> = crashes(plan(1), 3).iter().map(|crash| crash.0).collect();
        assert_eq!(numbers, [1, 2, 3]);
        assert_eq!(plan(1).planned(3), 3);
    }

    #[test]
    fn the_other_stages_are_left_alone() {
        for stage in [Stage::Reader, Stage::Joiner] {
            assert_eq!(plan(1).crash(stage, 1), None);
        }
    }

    #[test]
    fn without_a_number_nothing_crashes() {
        assert_eq!(crashes(plan(0), 100), []);
        assert_eq!(plan(0).planned(100), 0);
    }
}
