//! One announcer and several listeners on a broadcast; `--help` says how.

use std::process::ExitCode;

use actor_examples::broadcast::{self, Options};
use actor_examples::command_line::CommandLine;

fn main() -> ExitCode {
    broadcast::run(&Options::from_command_line())
}
