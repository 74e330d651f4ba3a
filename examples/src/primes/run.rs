//! From the options to the exit code.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use actor_core::Pool;
use actor_core::prelude::*;

use super::count::Count;
use super::counter::Counter;
use super::options::{Options, cores};
use super::plot::plot;
use super::ranges;
use super::report::Report;
use super::sieve::Sieve;
use crate::ending::exit_code;
use crate::output::print;

/// Enough that the last ones to be done are a small part of all.
const RANGES_FOR_EACH_WORKER: usize = 32;

/// Counts, and says what the process is to end with.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    exit_code("primes", compare(options))
}

fn compare(options: &Options) -> Result<ExitCode, Failure> {
    let system = System::new("primes")?;
    let sieve = Arc::new(Sieve::below(options.limit));
    let mut alone = Count::by(None);
    let mut by_pools = Vec::new();
    for &workers in &options.workers {
        let shared = Arc::clone(&sieve);
        let pool = system.pool::<Counter>(move |_| Arc::clone(&shared));
        let pool = pool.size(workers.into()).spawn()?;
        by_pools.push((pool, usize::from(workers), Count::by(Some(workers))));
    }
    // By turns, so that whatever else the machine does meanwhile falls on all alike.
    for _ in 0..options.runs {
        alone.again(|| Ok::<_, AskError>(sieve.count(&(0..sieve.limit()))))?;
        for (pool, workers, count) in &mut by_pools {
            count.again(|| by_pool(pool, *workers, &sieve))?;
        }
    }

    let by_pools: Vec<_> = by_pools.into_iter().map(|(_, _, count)| count).collect();
    let report = Report::new(options.limit, cores(), &alone, &by_pools);
    print(&match options.json {
        true => report.json()?,
        false => report.table(),
    })?;
    report.check()?;
    if let Some(file) = &options.svg {
        save(file, &plot(&report)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Each range is a task. Whoever is done first with one gets the next.
fn by_pool(pool: &Pool<Counter>, workers: usize, sieve: &Sieve) -> Result<u64, AskError> {
    let ranges = ranges::equal(sieve, RANGES_FOR_EACH_WORKER * workers);
    pool.map_unordered(ranges, |pool, range| pool.count(range))
        .sum()
}

fn save(file: &Path, svg: &str) -> Result<(), Unsaved> {
    fs::write(file, svg).map_err(|error| Unsaved {
        file: file.to_owned(),
        error,
    })
}

/// The picture could not be written.
#[derive(Debug, thiserror::Error)]
#[error("the plot cannot be written to {}: {error}", file.display())]
struct Unsaved {
    file: PathBuf,
    error: io::Error,
}
