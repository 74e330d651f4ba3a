//! Memory that is cloned, moved and shared; `--help` says how.

use std::process::ExitCode;

use actor_examples::command_line::CommandLine;
use actor_examples::memory::{self, Options};

fn main() -> ExitCode {
    memory::run(&Options::from_command_line())
}
