//! From the options to the exit code.

use std::io::{Write, stderr};
use std::process::ExitCode;

use actor_core::prelude::*;

use super::options::Options;
use super::report::Told;
use super::worker::Worker;
use crate::ending::exit_code;
use crate::output::print;

const PROGRAM: &str = "worker-pool";

/// Has the tasks done, and says what the process is to end with.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    exit_code(PROGRAM, work(options))
}

fn work(options: &Options) -> Result<ExitCode, Failure> {
    let system = System::new(PROGRAM)?;
    let pool = system.pool::<Worker>(|_| ()).name("worker");
    let pool = match options.workers {
        Some(workers) => pool.size(workers.into()),
        None => pool,
    };
    let pool = pool.spawn()?;

    let tasks = &options.tasks;
    let answers = pool.map(tasks, |pool, task| pool.work(*task));
    let mut all = Vec::new();
    for (task, answer) in tasks.iter().zip(answers) {
        // The error of one task is kept with it, and the others go on.
        let told = Told::new(*task, answer);
        if options.json {
            print(&told.json()?)?;
        }
        all.push(told);
    }
    if !options.json {
        print(&Told::table(&all))?;
    }
    Ok(failures(&all))
}

/// Tells of each task that has no result.
fn failures(all: &[Told]) -> ExitCode {
    let mut code = ExitCode::SUCCESS;
    for error in all.iter().filter_map(Told::error) {
        // Where stderr is closed there is nobody left to tell.
        let _ = writeln!(stderr(), "{PROGRAM}: {error}");
        code = ExitCode::FAILURE;
    }
    code
}
