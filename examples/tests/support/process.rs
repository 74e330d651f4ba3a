//! A program under way, looked at from outside.

#![expect(
    clippy::disallowed_methods,
    reason = "these tests look at a process from outside, where there is no actor system to wait in"
)]

use std::io::Read;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Nothing here takes so long, unless it hangs.
const DEADLINE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(1);

/// A command line in the making. Its stdout and stderr are pipes.
pub(crate) fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// The program under way. It is killed if the test ends earlier.
pub(crate) struct Run(pub(crate) Child);

impl Run {
    pub(crate) fn start(command: &mut Command) -> Run {
        Run(command.spawn().unwrap())
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
