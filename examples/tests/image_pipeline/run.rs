//! Runs of the program.

#![expect(
    clippy::disallowed_methods,
    reason = "these tests look at a process from outside, where there is no actor system to wait in"
)]

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Nothing here takes so long, unless it hangs.
const DEADLINE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(1);

/// A command line in the making. Its stdout and stderr are pipes.
pub(crate) fn pipeline(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_image-pipeline"));
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The same with these inputs.
pub(crate) fn pipeline_on<P: AsRef<Path>>(
    inputs: impl IntoIterator<Item = P>,
    output: &Path,
    arguments: &[&str],
) -> Command {
    let mut command = pipeline(arguments);
    command.arg("--output").arg(output);
    for input in inputs {
        command.arg("--input").arg(input.as_ref());
    }
    command
}

/// The program under way. It is killed if the test ends earlier.
pub(crate) struct Run(pub(crate) Child);

impl Run {
    pub(crate) fn start(command: &mut Command) -> Run {
        Run(command.spawn().unwrap())
    }

    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let id = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(id, signal).unwrap();
    }

    /// Waits for the end.
    #[track_caller]
    pub(crate) fn end(mut self) -> Ended {
        let status = until("the program ends", || self.0.try_wait().unwrap());
        Ended {
            code: status.code(),
            stdout: all_of(self.0.stdout.take()),
            stderr: all_of(self.0.stderr.take()),
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        // It has ended already, as a rule.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn all_of(pipe: Option<impl Read>) -> String {
    let mut text = String::new();
    if let Some(mut pipe) = pipe {
        pipe.read_to_string(&mut text).unwrap();
    }
    text
}

/// What a run has left.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// One JSON object for each line of stdout.
    #[track_caller]
    pub(crate) fn json(&self) -> Vec<Value> {
        let object = |line| {
            let value: Value = serde_json::from_str(line).unwrap();
            assert!(value.is_object(), "{line}");
            value
        };
        self.stdout.lines().map(object).collect()
    }
}

/// Polls until there is something.
#[track_caller]
pub(crate) fn until<T>(what: &str, mut poll: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = poll() {
            return found;
        }
        assert!(
            started.elapsed() < DEADLINE,
            "waited {DEADLINE:?} until {what}"
        );
        std::thread::sleep(PAUSE);
    }
}
