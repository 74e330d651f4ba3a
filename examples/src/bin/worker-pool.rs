//! Numbers calculated by a pool of workers; `--help` says how.

use std::process::ExitCode;

use actor_examples::command_line::CommandLine;
use actor_examples::worker_pool::{self, Options};

fn main() -> ExitCode {
    worker_pool::run(&Options::from_command_line())
}
