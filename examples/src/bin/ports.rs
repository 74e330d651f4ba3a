//! Two workers that talk directly, over a channel; `--help` says how.

use std::process::ExitCode;

use actor_examples::command_line::CommandLine;
use actor_examples::ports::{self, Options};

fn main() -> ExitCode {
    ports::run(&Options::from_command_line())
}
