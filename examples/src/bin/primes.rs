//! Primes counted by one thread and by pools of workers; `--help` says how.

use std::process::ExitCode;

use actor_examples::command_line::CommandLine;
use actor_examples::primes::{self, Options};

fn main() -> ExitCode {
    primes::run(&Options::from_command_line())
}
