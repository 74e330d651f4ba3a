//! A program under way, looked at from outside.

#![expect(
    clippy::disallowed_methods,
    reason = "these tests look at a process from outside, where there is no actor system to wait in"
)]

use std::io::Read;
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use serde_json::Value;

/// Nothing here takes so long, unless it hangs.
const DEADLINE: Duration = Duration::from_secs(30);
const PAUSE: Duration = Duration::from_millis(1);

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
