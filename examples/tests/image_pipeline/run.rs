//! Runs of the program.

use std::path::Path;
use std::process::Command;

use super::process::command;
pub(crate) use super::process::{Run, until};

/// A command line in the making.
pub(crate) fn pipeline(arguments: &[&str]) -> Command {
    command(env!("CARGO_BIN_EXE_image-pipeline"), arguments)
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

impl Run {
    #[cfg(unix)]
    pub(crate) fn signal(&self, signal: rustix::process::Signal) {
        let id = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(id, signal).unwrap();
    }
}
