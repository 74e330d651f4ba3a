//! The process that measures one system at one workload.

use std::io::{self, Read};
use std::process::{Child, Command, ExitCode, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

use super::Turn;
use crate::measure::{Measured, Scale};
use crate::systems::{self, Ability};

/// Nothing that works takes so long.
const PATIENCE: Duration = Duration::from_secs(180);

/// Starts the process, and gives its figures, or why there are none.
pub(super) fn measure(
    turn: &Turn,
    scale: Scale,
) -> Result<Result<Vec<Measured>, String>, io::Error> {
    let mut command = Command::new(std::env::current_exe()?);
    if scale.smoke {
        command.arg("--smoke");
    }
    command.args(["--child", turn.workload, turn.system]);
    if turn.pinned {
        command.arg(first_core()?.to_string());
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    // Both ends are read while it runs, so that it never waits for us.
    let out = reader(child.stdout.take());
    let err = reader(child.stderr.take());
    let status = wait(&mut child)?;
    let join = |reader: thread::JoinHandle<_>| reader.join().expect("a reader only reads");
    let (out, err) = (join(out), join(err));
    let Some(status) = status else {
        return Ok(Err(format!(
            "it did not end within {} s",
            PATIENCE.as_secs()
        )));
    };
    if !status.success() {
        let last = err.lines().rev().find(|line| !line.trim().is_empty());
        let why = err
            .lines()
            .find(|line| line.contains("panicked"))
            .or(last)
            .unwrap_or("");
        let then = err
            .lines()
            .skip_while(|line| *line != why)
            .nth(1)
            .unwrap_or("");
        return Ok(Err(format!("it ended with {status}: {why} {then}")));
    }
    match serde_json::from_str(&out) {
        Ok(measured) => Ok(Ok(measured)),
        Err(error) => Ok(Err(format!("what it wrote is no list of figures: {error}"))),
    }
}

fn reader(from: Option<impl Read + Send + 'static>) -> thread::JoinHandle<String> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What could be read is all there is.
        let _ = from.expect("it is piped").read_to_end(&mut bytes);
        String::from_utf8_lossy(&bytes).into_owned()
    })
}

/// None if it took too long.
fn wait(child: &mut Child) -> Result<Option<std::process::ExitStatus>, io::Error> {
    let begun = Instant::now();
    while begun.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        thread::sleep(Duration::from_millis(5));
    }
    child.kill()?;
    child.wait()?;
    Ok(None)
}

/// One that this process may use.
fn first_core() -> Result<usize, io::Error> {
    let allowed = sched_getaffinity(None)?;
    let first = (0..CpuSet::MAX_CPU).find(|&core| allowed.is_set(core));
    Ok(first.expect("it runs on one"))
}

/// Measures, in the process that was started for it.
pub(crate) fn be_child(names: &[String], scale: Scale) -> ExitCode {
    let [workload, system, core @ ..] = names else {
        unreachable!("the command line has at least two names");
    };
    if let Some(core) = core.first() {
        let core = core.parse().expect("the number of a core");
        let mut set = CpuSet::new();
        set.set(core);
        sched_setaffinity(None, &set).expect("the core is one that this process may use");
    }
    let all = systems::all();
    let system = all.iter().find(|one| one.name == system);
    let system = system.expect("the harness names systems that there are");
    let Some(Ability::Can(run)) = system.ability(workload) else {
        panic!("{} cannot do {workload}", system.name);
    };
    let measured = run(scale);
    println!(
        "{}",
        serde_json::to_string(&measured).expect("figures are JSON")
    );
    // Without waiting for threads that a peer has left behind.
    std::process::exit(0)
}
