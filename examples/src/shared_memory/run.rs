//! From the options to the exit code.

use std::process::ExitCode;

use actor_core::SharedArray;
use actor_core::prelude::*;

use super::gate::Gate;
use super::options::Options;
use super::totals::{COUNTERS, Totals};
use super::worker::Worker;
use crate::ending::exit_code;
use crate::output::print;

/// Lets the workers count, and says what the process is to end with.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    exit_code("shared-memory", count(options))
}

fn count(options: &Options) -> Result<ExitCode, Failure> {
    let Options {
        workers, rounds, ..
    } = *options;
    let system = System::new("shared-memory")?;
    let worker = Worker {
        counters: SharedArray::new(COUNTERS),
        gate: Gate::new(),
        rounds,
        careless: options.careless,
    };
    let spawn = |number| {
        let spec = system.spec::<Worker>(worker.clone());
        spec.name(format!("worker-{number}")).spawn()
    };
    let crew = (1..=workers).map(spawn).collect::<Result<Vec<_>, _>>()?;
    print(&format!("workers: {workers}, rounds of each: {rounds}\n"))?;

    let counting: Result<Vec<_>, _> = crew.iter().map(|worker| worker.count().send()).collect();
    // Opened in any case: one who waits at a gate cannot be stopped.
    worker.gate.open();
    for done in counting? {
        done.wait()?;
    }

    let totals = Totals::new(options, &worker.counters.to_vec());
    print(&format!(
        "all workers are done, additions counted: {}\n{}",
        totals.counted(),
        totals.table()
    ))?;
    totals.check()?;
    Ok(ExitCode::SUCCESS)
}
