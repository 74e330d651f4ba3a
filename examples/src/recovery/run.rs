//! From the options to the exit code.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{ActorLogs, Pool};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::prelude::*;

use super::options::Options;
use super::outcome::Outcome;
use super::task::Task;
use super::worker::Worker;
use crate::ending::exit_code;
use crate::image_pipeline::table;
use crate::output::print;

/// A worker that was lost is replaced at once; if it has not come by then, the pool has failed.
const REPLACED_WITHIN: Duration = Duration::from_secs(10);

/// Has the tasks done, and says what the process is to end with.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    exit_code("recovery", recover(options))
}

fn recover(options: &Options) -> Result<ExitCode, Failure> {
    let Options {
        workers,
        timeout,
        longer,
        logs,
    } = options;
    let layer = ActorLogs::new(logs).with_filter(LevelFilter::INFO);
    tracing_subscriber::registry().with(layer).try_init()?;

    let system = System::new("recovery")?;
    let mut events = system.events();
    let pool = system.pool::<Worker>(|_| ()).name("worker");
    let pool = pool.size(*workers).spawn()?;

    let tasks = Task::all(*timeout);
    // All are under way at once, and told in their order.
    let sent = tasks.map(|task| {
        let request = pool.task(|pool| pool.run(task)).timeout(*timeout);
        (task, request.send())
    });
    let mut unplanned = 0;
    for (task, sent) in sent {
        let answer = sent?.wait();
        if let Err(AskError::Failed { actor, life, .. }) = &answer {
            await_life(&mut events, actor, life + 1)?;
        }
        let mut outcome = Outcome::new(answer, *timeout);
        let Task { number, kind, .. } = task;
        print(&format!("task {number} ({kind}): {outcome}\n"))?;
        if let Outcome::TimedOut(_) = outcome {
            let again = pool.task(|pool| pool.run(task)).timeout(*longer);
            outcome = Outcome::new(again.ask(), *longer);
            print(&format!(
                "task {number} ({kind}), with {longer:?}: {outcome}\n"
            ))?;
        }
        unplanned += u32::from(!outcome.is_planned(&task));
    }

    let logs = log_table(&pool, logs)?;
    print(&format!("\n{}\n\n{logs}", pool.stats()))?;
    match unplanned {
        0 => Ok(ExitCode::SUCCESS),
        _ => Err(format!(
            "{unplanned} of {} tasks did not end as planned",
            tasks.len()
        )
        .into()),
    }
}

/// Waits until a life has started.
fn await_life(events: &mut Events, actor: &actor_core::Identity, life: u64) -> Result<(), Failure> {
    while let Some(event) = events.next_timeout(REPLACED_WITHIN) {
        let is_it = event.actor == *actor && event.life == life;
        if is_it && matches!(event.kind, EventKind::Started) {
            return Ok(());
        }
    }
    Err(format!("{actor} was not replaced").into())
}

/// Where each worker has logged, and how many lives it has had.
fn log_table(pool: &Pool<Worker>, logs: &Path) -> Result<String, Failure> {
    let row =
        |(file, life): (String, u64)| [logs.join(file).display().to_string(), life.to_string()];
    let lives = pool.broadcast(|worker| worker.life());
    let lives: Result<Vec<_>, AskError> = lives.into_iter().collect();
    let mut rows: Vec<_> = lives?.into_iter().map(row).collect();
    rows.sort();
    Ok(table(["log", "lives"], &rows))
}
