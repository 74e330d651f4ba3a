//! Tasks that fail in each way there is, on a pool that goes on; `--help` says how.

use std::process::ExitCode;

use actor_examples::command_line::CommandLine;
use actor_examples::recovery::{self, Options};

fn main() -> ExitCode {
    recovery::run(&Options::from_command_line())
}
