//! Which strips make their worker panic, for `--crash-every`.

use std::collections::HashSet;
use std::num::NonZeroU64;

use super::strip::StripId;

/// Counts the strips that are handed out for the first time over the whole run, and picks every
/// n-th to crash.
///
/// A strip handed out once more never crashes, so a run ends even when each first attempt does. The
/// plan belongs to whoever hands out the strips: a worker could not keep the count, since a crash
/// takes its state.
#[derive(Debug)]
pub struct CrashPlan {
    every: Option<NonZeroU64>,
    handed_out: HashSet<StripId>,
}

impl CrashPlan {
    /// A plan to crash on every n-th strip; with `None`, on none.
    #[must_use]
    pub fn new(every: Option<NonZeroU64>) -> CrashPlan {
        CrashPlan {
            every,
            handed_out: HashSet::new(),
        }
    }

    /// Notes that a strip is handed out, and says whether this attempt is to crash.
    #[must_use]
    pub fn hand_out(&mut self, id: StripId) -> bool {
        // Without planned crashes there is nothing to remember.
        let Some(every) = self.every else {
            return false;
        };
        self.handed_out.insert(id) && (self.handed_out.len() as u64).is_multiple_of(every.get())
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

    fn crashes(plan: &mut CrashPlan, picture: usize, strips: usize) -> Vec<usize> {
        (0..strips)
            .filter(|&index| plan.hand_out(StripId { picture, index }))
            .collect()
    }

    #[test]
    fn every_seventh_crashes_and_the_count_goes_on_over_pictures() {
        let mut plan = plan(7);
        assert_eq!(crashes(&mut plan, 0, 9), [6]);
        assert_eq!(crashes(&mut plan, 1, 15), [4, 11]);
        assert_eq!(plan.planned(9 + 15), 3);
    }

    #[test]
    fn a_second_attempt_never_crashes_and_does_not_count() {
        let mut plan = plan(1);
        assert_eq!(crashes(&mut plan, 0, 3), [0, 1, 2]);
        assert_eq!(crashes(&mut plan, 0, 3), [0; 0]);
        assert_eq!(crashes(&mut plan, 0, 4), [3]);
    }

    #[test]
    fn without_a_number_nothing_crashes() {
        let mut plan = plan(0);
        assert_eq!(crashes(&mut plan, 0, 100), [0; 0]);
        assert_eq!(plan.planned(100), 0);
    }
}
