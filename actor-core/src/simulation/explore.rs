//! Many runs, until one fails.

use crate::rt::simulated::Turn;
use crate::simulation::failed::{Failed, Reduced};
use crate::simulation::seed::{Seed, Seeds};
use crate::simulation::shrink::shrink;
use crate::simulation::{Finding, Simulation};
use crate::system::System;

/// Runs under many seeds, to find one that fails.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::simulation::{Exploration, Fault, Strategy};
///
/// let explored = Exploration::new(100)
///     .each(|run| run.strategy(Strategy::Pct { changes: 2 }))
///     .each(|run| run.fault(Fault::crash_before("Counter").one_in(3)))
///     .run(|system| {
///         let counter = system.spawn::<Counter>(0).unwrap();
///         assert!(matches!(counter.add(1).ask(), Ok(1) | Err(AskError::Failed { .. })));
///     });
/// assert_eq!(explored.runs, 100);
/// ```
#[must_use = "nothing is explored until `run` or `search`"]
pub struct Exploration {
    seeds: Seeds,
    setups: Vec<Setup>,
}

type Setup = Box<dyn Fn(Simulation) -> Simulation>;

/// What an exploration did that found nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explored {
    /// How many seeds were tried.
    pub runs: u64,
    /// How many steps were made in all of them.
    pub steps: u64,
}

impl Exploration {
    /// Of so many seeds from 0 on, or of a range.
    pub fn new(seeds: impl Into<Seeds>) -> Self {
        Exploration {
            seeds: seeds.into(),
            setups: Vec::new(),
        }
    }

    /// How each run is set up: its strategy, its faults, its bounds.
    pub fn each(mut self, setup: impl Fn(Simulation) -> Simulation + 'static) -> Self {
        self.setups.push(Box::new(setup));
        self
    }

    /// Runs `body` under each seed, until one fails. Where `ACTOR_SIM_SEED` is set, only under that.
    ///
    /// # Panics
    /// With the text of the [`Failed`] of the first seed that fails. If a [`Fault`](crate::simulation::Fault) struck in
    /// none of the runs: its names match nothing. If `ACTOR_SIM_SEED` is no seed.
    #[track_caller]
    pub fn run(self, body: impl Fn(&System)) -> Explored {
        match self.search(body) {
            Ok(explored) => explored,
            Err(failed) => panic!("{failed}"),
        }
    }

    /// Like [`run`](Self::run), with an error instead of a panic where a seed fails.
    ///
    /// # Errors
    /// The [`Failed`] of the first seed that fails, with the shortest trace that was found.
    ///
    /// # Panics
    /// If a [`Fault`](crate::simulation::Fault) struck in none of the runs: its names match nothing. If there are no
    /// seeds. If `ACTOR_SIM_SEED` is no seed.
    #[track_caller]
    pub fn search(self, body: impl Fn(&System)) -> Result<Explored, Box<Failed>> {
        let from_outside = Seed::from_environment();
        if let Some(seed) = &from_outside {
            return self.replay(seed, body);
        }
        let mut explored = Explored { runs: 0, steps: 0 };
        let mut struck: Vec<u64> = Vec::new();
        for number in self.seeds.iter() {
            let seed = &Seed::new(number, None);
            let outcome = self.simulation(seed, true).simulate(&body);
            explored.runs += 1;
            explored.steps += outcome.trace.steps();
            struck.resize(outcome.struck.len(), 0);
            for (sum, times) in struck.iter_mut().zip(&outcome.struck) {
                *sum += times;
            }
            let Err(finding) = outcome.result else {
                continue;
            };
            let failed = Failed::new(seed.clone(), finding, outcome.trace);
            let shorter = self.shorten(failed, &outcome.turns, explored.runs, &body);
            return Err(Box::new(shorter));
        }
        assert!(
            explored.runs > 0,
            "there are no seeds to explore, so nothing was tested"
        );
        self.all_struck(&struck, explored.runs);
        Ok(explored)
    }

    /// The run of a seed that came from outside: it is to be seen as it is.
    fn replay(&self, seed: &Seed, body: impl Fn(&System)) -> Result<Explored, Box<Failed>> {
        let run = self.simulation(seed, false).try_run(body)?;
        Ok(Explored {
            runs: 1,
            steps: run.trace.steps(),
        })
    }

    /// The same failure with the shortest trace that can be found.
    fn shorten(
        &self,
        failed: Failed,
        turns: &[Turn],
        seeds: u64,
        body: impl Fn(&System),
    ) -> Failed {
        let (from, lines) = (failed.seed().clone(), failed.trace().len());
        // Each run of one that is stuck would take as long as the watchdog.
        let is_stuck = matches!(failed.finding(), Finding::Stuck { .. });
        let again = |seed: &Seed| match is_stuck {
            true => None,
            false => self.again(seed, failed.finding(), &body),
        };
        let shrunk = shrink(&from, turns, again);
        let comes_again = shrunk.failed.is_some() || is_stuck;
        // Fewer turns may mean more lines.
        let shorter = shrunk
            .failed
            .filter(|shorter| shorter.trace().len() <= lines);
        let mut failed = shorter.unwrap_or(failed);
        failed.reduced = Some(Reduced {
            from,
            lines,
            runs: shrunk.runs,
            seeds,
            comes_again,
        });
        failed
    }

    fn simulation(&self, seed: &Seed, quiet: bool) -> Simulation {
        let mut simulation = Simulation::replay(seed);
        for setup in &self.setups {
            simulation = setup(simulation);
        }
        simulation = simulation.under(seed);
        simulation.plan.quiet = quiet;
        simulation
    }

    /// A run that fails for the same reason, with the choices it made; none if it does not.
    fn again(&self, seed: &Seed, reason: &Finding, body: impl Fn(&System)) -> Option<Failed> {
        let outcome = self.simulation(seed, true).simulate(body);
        let finding = outcome.result.err()?;
        let seed = Seed::new(seed.number(), Some(outcome.turns));
        let same = finding.is_like(reason);
        same.then(|| Failed::new(seed, finding, outcome.trace))
    }

    #[track_caller]
    fn all_struck(&self, struck: &[u64], runs: u64) {
        let simulation = self.simulation(&Seed::new(0, None), true);
        for (fault, times) in simulation.plan.faults.iter().zip(struck) {
            assert!(
                *times > 0 || fault.is_off(),
                "{fault}: it struck in none of {runs} runs, so nothing was tested by it; do the \
                 names of the actor and of the message match, and is there occasion enough?"
            );
        }
    }
}

impl std::fmt::Debug for Exploration {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exploration")
            .field("seeds", &self.seeds)
            .finish_non_exhaustive()
    }
}
