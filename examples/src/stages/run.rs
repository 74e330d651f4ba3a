//! From the options to the exit code.

use std::process::ExitCode;
use std::time::Duration;

use actor_core::Supervision;
use actor_core::prelude::*;

use super::foreman::{Foreman, ForemanHandle, Plan, READERS};
use super::joiner::Joiner;
use super::reader::Reader;
use super::worker::{REDELIVERIES, Worker};
use crate::image_pipeline::{CrashPlan, Format, Interrupt, Layout, Options, Picture, Progress};

const READER: &str = "reader-";
/// How many restarts are borne within [`PERIOD`] beside the planned ones.
const UNPLANNED: u64 = 10;
const PERIOD: Duration = Duration::from_secs(5);
/// How often the main thread looks whether Ctrl-C was pressed.
const LOOK: Duration = Duration::from_millis(50);
/// Decoding cannot be called off. A reader in the middle of it is left behind, and holds nothing
/// that would outlive the process.
const DECODING: Duration = Duration::from_millis(100);
/// The foreman takes longer only where it writes to a pipe that nobody empties.
const TELLING: Duration = Duration::from_secs(1);

/// Runs the pipeline, and says what the process is to end with.
#[must_use]
pub fn run(options: Options) -> ExitCode {
    // The headers are read before Ctrl-C is taken over: until then it simply ends the process.
    let promised = promised(&options);
    let strips = promised.iter().sum::<usize>() as u64;
    let progress = Progress::new(strips, options.format == Format::Table);

    let code = supervised(options, promised, &progress).unwrap_or_else(|failure| {
        progress.complain(format!("image-pipeline: {failure}"));
        1
    });
    progress.finish();
    ExitCode::from(code)
}

/// How many strips each picture will have, as its header has it. A file that has none is complained
/// about when its turn comes.
fn promised(options: &Options) -> Vec<usize> {
    let strips = |(number, input)| {
        let size = Picture::read_size(input).ok()?;
        Some(Layout::new(number, size, options.filter).strips())
    };
    let inputs = options.jobs.iter().map(|job| job.input.as_path());
    inputs
        .enumerate()
        .map(|input| strips(input).unwrap_or(0))
        .collect()
}

fn supervised(options: Options, promised: Vec<usize>, progress: &Progress) -> Result<u8, Failure> {
    let interrupt = Interrupt::install()?;
    let system = System::new("image-pipeline")?;
    let (tree, foreman) = tree(&system, options, promised, &interrupt, progress);
    let supervisor = system.spawn::<Supervisor>(tree)?;
    foreman.work().tell()?;

    while foreman.join_timeout(LOOK).is_none() && !interrupt.is_raised() {}
    if let Err(error) = system.shutdown() {
        let mut left_behind = error.report().abandoned().iter();
        if left_behind.any(|left| !left.actor().name().starts_with(READER)) {
            progress.complain(format!("image-pipeline: {error}"));
        }
    }
    if let Some(code) = interrupt.exit_code() {
        return Ok(code);
    }
    match (supervisor.join(), foreman.join()) {
        (ExitReason::Shutdown(Some(why)), _) => Err(why),
        (_, reason @ (ExitReason::Normal | ExitReason::Code(_))) => {
            Ok(u8::try_from(reason.code()).unwrap_or(1))
        }
        (_, reason) => Err(format!("the foreman {reason}").into()),
    }
}

/// What the supervisor starts, in this order, and the handle of the foreman in it.
fn tree(
    system: &System,
    options: Options,
    promised: Vec<usize>,
    interrupt: &Interrupt,
    progress: &Progress,
) -> (Supervision, ForemanHandle) {
    let mut readers = std::array::from_fn::<_, READERS, _>(|number| {
        system
            .spec::<Reader>(options.filter)
            .name(format!("{READER}{}", number + 1))
            .shutdown(Shutdown::Timeout(DECODING))
    });
    let mut workers: Vec<_> = (1..=options.workers.get())
        .map(|number| {
            system
                .spec::<Worker>(())
                .name(format!("worker-{number}"))
                .redeliver(REDELIVERIES)
        })
        .collect();
    let mut joiner = system.spec::<Joiner>(interrupt.clone()).name("joiner");

    let strips = promised.iter().sum::<usize>() as u64;
    let crashes = CrashPlan::new(options.crash_every).planned(strips);
    let limit = usize::try_from(crashes.saturating_add(UNPLANNED)).unwrap_or(usize::MAX);
    let plan = Plan {
        options,
        promised,
        readers: readers.each_mut().map(|reader| reader.handle()),
        workers: workers.iter_mut().map(|worker| worker.handle()).collect(),
        joiner: joiner.handle(),
        progress: progress.clone(),
        interrupt: interrupt.clone(),
    };
    let mut foreman = system
        .spec::<Foreman>(plan)
        .name("foreman")
        // A foreman cannot go on where another has failed: the run has.
        .restart(Restart::Temporary)
        .shutdown(Shutdown::Timeout(TELLING));
    let handle = foreman.handle();

    let mut tree = Supervisor::one_for_one()
        .intensity(limit, PERIOD)
        .child(foreman)
        .child(joiner);
    for worker in workers {
        tree = tree.child(worker);
    }
    for reader in readers {
        tree = tree.child(reader);
    }
    (tree, handle)
}
