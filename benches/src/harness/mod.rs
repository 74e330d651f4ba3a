//! One process for each system and workload, by turns, in several rounds.

mod child;
mod machine;
mod results;

use std::collections::BTreeSet;
use std::io;
use std::time::Instant;

pub(crate) use child::be_child;
pub(crate) use machine::Machine;
pub(crate) use results::{Absence, Results, Row};

use crate::options::Options;
use crate::systems::{self, Ability};
use crate::workloads;

const ROUNDS: u32 = 5;
/// A build takes long, and chance little part in it.
const ROUNDS_OF_BUILDS: u32 = 2;

/// What one process is to measure.
struct Turn {
    workload: &'static str,
    system: &'static str,
    pinned: bool,
}

/// Measures all that the options want.
pub(crate) fn run(options: &Options) -> Result<Results, io::Error> {
    let mut results = Results::new(Machine::look());
    eprintln!("{}", results.machine);
    let turns = plan(options, &mut results);
    let rounds = options.rounds.unwrap_or(options.scale().of(ROUNDS, 1));
    let begun = Instant::now();
    let mut broken = BTreeSet::new();
    for round in 0..rounds {
        for (number, turn) in turns.iter().enumerate() {
            let Turn {
                workload,
                system,
                pinned,
            } = *turn;
            if workload == "build" && round >= ROUNDS_OF_BUILDS
                || broken.contains(&(workload, system, pinned))
            {
                continue;
            }
            let so_far = begun.elapsed().as_secs();
            let where_ = if pinned { "on one core" } else { "unpinned" };
            eprintln!(
                "round {} of {rounds}, {} of {}, after {so_far} s: {workload}, {system}, {where_}",
                round + 1,
                number + 1,
                turns.len()
            );
            match child::measure(turn, options.scale())? {
                Ok(measured) => results.add(workload, system, pinned, measured),
                Err(reason) => {
                    eprintln!("  {reason}");
                    // It would not do better the next time, and may take a minute to fail.
                    broken.insert((workload, system, pinned));
                    results.fail(workload, system, pinned, reason);
                }
            }
        }
    }
    Ok(results)
}

/// All turns of a round; what is absent is noted. The systems of a workload take turns directly after
/// each other.
fn plan(options: &Options, results: &mut Results) -> Vec<Turn> {
    let all = systems::all();
    let mut turns = Vec::new();
    for workload in workloads::ALL {
        if !options.wants(workload.name) {
            continue;
        }
        for pinned in [false, true] {
            if pinned && !workload.pinned {
                continue;
            }
            for system in all
                .iter()
                .filter(|system| options.wants_system(system.name))
            {
                match system.ability(workload.name) {
                    Some(Ability::Can(_)) => turns.push(Turn {
                        workload: workload.name,
                        system: system.name,
                        pinned,
                    }),
                    Some(Ability::Cannot(reason)) => {
                        results.miss(workload.name, system.name, reason);
                    }
                    // The limit of something else, or a workload of this library alone.
                    None => {}
                }
            }
        }
    }
    turns
}
