//! From the options to the exit code.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actor_core::Supervision;
use actor_core::prelude::*;

use super::foreman::{Foreman, ForemanHandle, Plan, READERS, UNDER_WAY};
use super::joiner::{Joiner, JoinerArgs};
use super::ports::Onward;
use super::reader::{Reader, ReaderArgs};
use super::work::REDELIVERIES;
use super::worker::{Worker, WorkerArgs};
use crate::image_pipeline::{Format, Interrupt, Layout, Options, Picture, Progress};

const READER: &str = "reader-";
/// Strips that wait for each worker beside the one in hand: enough that it need not wait for a
/// reader, and too few to keep for itself what another could do.
const CUT_AHEAD: usize = 3;
/// Strips that wait for the joiner: what the workers get done while it writes a picture.
const FILTERED_AHEAD: usize = 64;
/// Outcomes that wait for the foreman: all there can be at one time, each told in every attempt. So
/// the joiner never waits for it.
const OUTCOMES: usize = UNDER_WAY * (1 + REDELIVERIES as usize);
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
    let crashes = options.crashes;
    let (strips, workers) = Onward::to_several(options.workers.get(), CUT_AHEAD);
    let (filtered, joiner) = Onward::to_one(FILTERED_AHEAD);
    let (outcomes, foreman) = Onward::to_one(OUTCOMES);

    let mut readers = std::array::from_fn::<_, READERS, _>(|number| {
        let args = ReaderArgs {
            filter: options.filter,
            crashes,
            strips: strips.clone(),
        };
        system
            .spec::<Reader>(args)
            .name(format!("{READER}{}", number + 1))
            .redeliver(REDELIVERIES)
            .shutdown(Shutdown::Timeout(DECODING))
    });
    let workers = workers.into_iter().enumerate().map(|(number, strips)| {
        let args = WorkerArgs {
            strips,
            filtered: filtered.clone(),
            crashes,
        };
        let worker = system.spec::<Worker>(args);
        worker.name(format!("worker-{}", number + 1))
    });
    let joiner = system
        .spec::<Joiner>(JoinerArgs {
            strips: joiner,
            outcomes,
            easel: Arc::default(),
            crashes,
            progress: progress.clone(),
            interrupt: interrupt.clone(),
        })
        .name("joiner");

    let strips = promised.iter().sum::<usize>() as u64;
    let limit = crashes.planned(strips).saturating_add(UNPLANNED);
    let plan = Plan {
        options,
        promised,
        readers: readers.each_mut().map(|reader| reader.handle()),
        outcomes: Arc::new(foreman),
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

    let tree = Supervisor::one_for_one()
        .intensity(usize::try_from(limit).unwrap_or(usize::MAX), PERIOD)
        .child(foreman)
        .child(joiner)
        .children(workers)
        .children(readers);
    (tree, handle)
}
