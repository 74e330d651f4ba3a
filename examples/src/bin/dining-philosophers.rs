//! Philosophers who share forks, tried under many seeds; `--help` says how.

use std::process::ExitCode;

use actor_examples::command_line::CommandLine;
use actor_examples::dining_philosophers::{self, Options};

fn main() -> ExitCode {
    dining_philosophers::run(&Options::from_command_line())
}
