//! Making a schedule that fails short: most of its turns have nothing to do with the failure.
//!
//! Delta debugging (Zeller and Hildebrandt, 2002) over the turns: pieces of them are left out, the
//! larger ones first, as long as the run still fails for the same reason. What such a run did in
//! truth is taken on, and not what was tried: where a turn was impossible, it is gone.

use std::time::Duration;

use crate::rt::Rt;
use crate::rt::simulated::Turn;
use crate::simulation::failed::Failed;
use crate::simulation::seed::Seed;

/// How many runs are tried at most, and for how long by the real clock.
const MAX_RUNS: u64 = 400;
const MAX_TIME: Duration = Duration::from_secs(20);

pub(super) struct Shrunk {
    /// None if the failure did not come again.
    pub(super) failed: Option<Failed>,
    pub(super) runs: u64,
}

pub(super) fn shrink(
    seed: &Seed,
    turns: &[Turn],
    again: impl Fn(&Seed) -> Option<Failed>,
) -> Shrunk {
    let mut shrunk = Shrunk {
        failed: None,
        runs: 1,
    };
    let try_turns = |turns: Vec<Turn>| {
        let failed = again(&Seed::new(seed.number(), Some(turns)))?;
        let turns = failed.seed().script().unwrap_or_default();
        Some((turns, failed))
    };
    let Some((mut best, failed)) = try_turns(turns.to_vec()) else {
        return shrunk;
    };
    shrunk.failed = Some(failed);
    let until = Rt::Threads.after(MAX_TIME);
    let mut size = best.len();
    while size > 0 {
        let mut from = 0;
        let mut shorter = false;
        while from < best.len() {
            if shrunk.runs == MAX_RUNS || until.is_some_and(|until| Rt::Threads.now() >= until) {
                return shrunk;
            }
            shrunk.runs += 1;
            let end = (from + size).min(best.len());
            match try_turns([&best[..from], &best[end..]].concat()) {
                Some((turns, failed)) if turns.len() < best.len() => {
                    best = turns;
                    shrunk.failed = Some(failed);
                    shorter = true;
                }
                _ => from = end,
            }
        }
        if size == 1 && !shorter {
            break;
        }
        size = (size / 2).max(1).min(best.len());
    }
    shrunk
}
