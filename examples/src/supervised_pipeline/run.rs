//! From the options to the exit code.

use std::io::Stdout;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use actor_core::prelude::*;

use super::ingest::{IngestMessage, Unfinished};
use super::live::Live;
use super::report::Report;
use super::tree::Tree;
use crate::ending::exit_code;
use crate::word_count::{CrashPlan, Options, Output, Proof};

/// How often the tree is looked at.
const LOOK: Duration = Duration::from_millis(50);
/// Before ingest is asked again, when its whole group is being restarted.
const PAUSE: Duration = Duration::from_millis(2);

/// Runs the pipeline, and says what the process is to end with.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    exit_code("supervised-pipeline", supervised(options))
}

fn supervised(options: &Options) -> Result<ExitCode, Failure> {
    let system = System::new("supervised-pipeline")?;
    let crashes = Arc::new(CrashPlan::new(options.crash, options.seed));
    let tree = Tree::start(&system, options, &crashes)?;
    let mut live = Live::on_stdout();

    send_all(&tree, || look(options, &tree, &mut live))?;
    let books = tree.archive.books().ask()?;
    let last_look = tree.shown.look();
    system.shutdown()?;
    let proof = Proof::of(&options.text, &books);
    let report = Report::new(options, &crashes, last_look, proof);
    live.end(&match options.output {
        Output::Live => report.full(),
        Output::Quiet => report.short(),
        Output::Json => report.json()?,
    })?;
    Ok(match report.is_right() {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
    })
}

/// Has all lines sent, and looks on meanwhile. A question ends with the pipeline, where that gives
/// up; then the top starts it again, and it is asked again.
fn send_all(tree: &Tree, mut look: impl FnMut() -> Result<(), Failure>) -> Result<(), Failure> {
    loop {
        let mut answer = match tree.ingest.send_all().send() {
            Ok(answer) => answer,
            Err(_) => {
                wait_for_the_next_life(tree)?;
                continue;
            }
        };
        match wait(&mut answer, &mut look)? {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error @ Unfinished::NoEnd { .. })) => Err(error)?,
            Ok(Err(_)) | Err(_) => wait_for_the_next_life(tree)?,
        }
    }
}

type Answer = Result<Result<(), Unfinished>, AskError>;

fn wait(
    answer: &mut Pending<IngestMessage, Result<(), Unfinished>>,
    look: &mut impl FnMut() -> Result<(), Failure>,
) -> Result<Answer, Failure> {
    loop {
        look()?;
        if let Some(answer) = answer.wait_timeout(LOOK).transpose() {
            return Ok(answer);
        }
    }
}

/// Fails where none comes.
fn wait_for_the_next_life(tree: &Tree) -> Result<(), Failure> {
    match tree.top.join_timeout(PAUSE) {
        None => Ok(()),
        Some(ExitReason::Shutdown(Some(why))) => Err(why),
        Some(reason) => Err(format!("the top supervisor has ended: {reason}"))?,
    }
}

fn look(options: &Options, tree: &Tree, live: &mut Live<Stdout>) -> Result<(), Failure> {
    if options.output != Output::Live {
        return Ok(());
    }
    // Why the archive is gone, where it is, its supervisor knows better.
    let Ok(counted) = tree.archive.counted().ask() else {
        return Ok(());
    };
    Ok(live.show(counted.len(), options.text.len(), &tree.shown.look())?)
}
