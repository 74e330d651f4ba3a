//! Which strips make their worker panic, for `--crash-every`.

use std::num::NonZeroU64;

/// Counts the strips that are handed out for the first time over the whole run, and picks every
/// n-th to crash.
///
/// Only its first attempt is to crash, so a run ends even when each first attempt does. The
/// plan belongs to whoever hands out the strips: a worker could not keep the count, since a crash
/// takes its state.
#[derive(Debug)]
pub struct CrashPlan {
    every: Option<NonZeroU64>,
    handed_out: u64,
}

impl CrashPlan {
    /// A plan to crash on every n-th strip; with `None`, on none.
    #[must_use]
    pub fn new(every: Option<NonZeroU64>) -> CrashPlan {
        CrashPlan {
            every,
            handed_out: 0,
        }
    }

    /// Notes that another strip is handed out, and says whether its first attempt is to crash.
    #[must_use]
    pub fn hand_out(&mut self) -> bool {
        self.handed_out += 1;
        self.every
            .is_some_and(|every| self.handed_out.is_multiple_of(every.get()))
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
        CrashPlan::new(NonZeroU64::new(every))
    }

    fn crashes(plan: &mut CrashPlan, strips: usize) -> Vec<usize> {
        (0..strips).filter(|_| plan.hand_out()).collect()
    }

    #[test]
    fn every_seventh_crashes_and_the_count_goes_on_over_pictures() {
        let mut plan = plan(7);
        assert_eq!(crashes(&mut plan, 9), [6]);
        assert_eq!(crashes(&mut plan, 15), [4, 11]);
        assert_eq!(plan.planned(9 + 15), 3);
    }

    #[test]
    fn every_strip_may_crash() {
        let mut plan = plan(1);
        assert_eq!(crashes(&mut plan, 3), [0, 1, 2]);
        assert_eq!(plan.planned(3), 3);
    }

    #[test]
    fn without_a_number_nothing_crashes() {
        let mut plan = plan(0);
        assert_eq!(crashes(&mut plan, 100), [0; 0]);
        assert_eq!(plan.planned(100), 0);
    }
}
