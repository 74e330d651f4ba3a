//! Which stage crashes on which line, for `--crash`.

use std::collections::BTreeMap;
use std::panic::resume_unwind;
use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;

use super::chance::chance;

/// How often a line strikes one stage down at most, so that a run ends even with a probability
/// of 1.
pub const MOST_CRASHES: u32 = 3;

/// A part of the pipeline that crashes by chance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Stage {
    /// Sends the lines.
    Ingest,
    /// Takes them apart.
    Parse,
    /// Counts their words.
    Aggregate,
}

impl Stage {
    /// All of them, in their order.
    pub const ALL: [Stage; 3] = [Stage::Ingest, Stage::Parse, Stage::Aggregate];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Stage::Ingest => "ingest",
            Stage::Parse => "parse",
            Stage::Aggregate => "aggregate",
        }
    }
}

/// Draws, for each attempt of a stage at a line, whether it crashes.
///
/// A draw depends on the seed, the line, the stage and the number of the attempt, and on nothing
/// else. The attempts are counted here, because no life of an actor outlasts its crash.
#[derive(Debug)]
pub struct CrashPlan {
    probability: f64,
    seed: u64,
    attempts: Mutex<BTreeMap<(Stage, usize), Attempts>>,
}

#[derive(Debug, Default, Clone, Copy)]
struct Attempts {
    made: u64,
    crashed: u32,
}

/// What an attempt comes to. It goes wrong in the middle of things: a crash that strikes after the
/// work leaves everything done and nobody told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a fate that is not met never strikes"]
pub struct Fate {
    stage: Stage,
    line: usize,
    strikes: Option<Moment>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Moment {
    Before,
    After,
}

impl CrashPlan {
    /// A plan by which each attempt crashes with this probability.
    #[must_use]
    pub fn new(probability: f64, seed: u64) -> CrashPlan {
        CrashPlan {
            probability,
            seed,
            attempts: Mutex::default(),
        }
    }

    /// Draws for the next attempt of this stage at this line.
    pub fn draw(&self, stage: Stage, line: usize) -> Fate {
        let mut attempts = self.attempts();
        let so_far = attempts.entry((stage, line)).or_default();
        let attempt = [stage as u64, line as u64, so_far.made];
        so_far.made += 1;
        let drawn = chance(self.seed, &attempt);
        let strikes = (so_far.crashed < MOST_CRASHES && drawn < self.probability).then(|| {
            so_far.crashed += 1;
            // What is drawn is as likely in the lower half as in the upper one.
            match drawn < self.probability / 2.0 {
                true => Moment::Before,
                false => Moment::After,
            }
        });
        Fate {
            stage,
            line,
            strikes,
        }
    }

    /// How many crashes were drawn for a stage.
    #[must_use]
    pub fn crashes(&self, stage: Stage) -> u64 {
        let of_stage = |((of, _), attempts): (&(Stage, usize), &Attempts)| {
            (*of == stage).then_some(u64::from(attempts.crashed))
        };
        self.attempts().iter().filter_map(of_stage).sum()
    }

    /// More crashes than this cannot be drawn for so many lines.
    #[must_use]
    pub fn most(lines: usize) -> usize {
        lines
            .saturating_mul(Stage::ALL.len())
            .saturating_mul(MOST_CRASHES as usize)
    }

    fn attempts(&self) -> MutexGuard<'_, BTreeMap<(Stage, usize), Attempts>> {
        self.attempts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fate {
    /// Crashes, if that is to come before the work.
    pub fn before_work(self) {
        self.meet(Moment::Before);
    }

    /// Crashes, if that is to come after the work.
    pub fn after_work(self) {
        self.meet(Moment::After);
    }

    fn meet(self, moment: Moment) {
        if self.strikes == Some(moment) {
            // A panic in all but one thing: it passes over the panic hook, so that stderr shows
            // the panics that nobody planned, and those only.
            resume_unwind(Box::new(format!(
                "a planned crash of {} on line {}",
                self.stage.name(),
                self.line + 1
            )));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moments(plan: &CrashPlan, line: usize) -> Vec<Option<Moment>> {
        let draw = |_| plan.draw(Stage::Parse, line).strikes;
        (0..8).map(draw).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same() {
        let draws = |seed| {
            let plan = CrashPlan::new(0.5, seed);
            (0..20).map(|line| moments(&plan, line)).collect::<Vec<_>>()
        };
        assert_eq!(draws(4), draws(4));
        assert_ne!(draws(4), draws(5));
    }

    #[test]
    fn no_line_crashes_a_stage_for_ever() {
        let plan = CrashPlan::new(1.0, 0);
        let drawn = moments(&plan, 0);
        assert_eq!(drawn.iter().flatten().count(), MOST_CRASHES as usize);
        assert_eq!(plan.crashes(Stage::Parse), u64::from(MOST_CRASHES));
        assert_eq!(plan.crashes(Stage::Ingest), 0);
        assert_eq!(CrashPlan::most(1), 9);
    }

    #[test]
    fn without_a_probability_nothing_crashes() {
        let plan = CrashPlan::new(0.0, 1);
        assert!((0..100).all(|line| moments(&plan, line) == [None; 8]));
    }

    #[test]
    fn a_crash_strikes_before_the_work_as_often_as_after_it() {
        let plan = CrashPlan::new(1.0, 3);
        let drawn = (0..1_000).map(|line| plan.draw(Stage::Ingest, line).strikes);
        let before = drawn.filter(|moment| *moment == Some(Moment::Before));
        assert!((400..600).contains(&before.count()));
    }

    #[test]
    fn a_fate_is_met_at_its_moment_only() {
        let fate = Fate {
            stage: Stage::Aggregate,
            line: 6,
            strikes: Some(Moment::After),
        };
        fate.before_work();
        let crash = std::panic::catch_unwind(|| fate.after_work()).unwrap_err();
        assert_eq!(
            crash.downcast_ref::<String>().unwrap(),
            "a planned crash of aggregate on line 7"
        );
    }
}
