//! Counters that several workers add to at the same time; `--help` says how.

use std::process::ExitCode;

use actor_examples::command_line::CommandLine;
use actor_examples::shared_memory::{self, Options};

fn main() -> ExitCode {
    shared_memory::run(&Options::from_command_line())
}
