//! Counts words on a tree of actors that crash by chance; `--help` says how.

use std::process::ExitCode;

use actor_examples::command_line::CommandLine;
use actor_examples::supervised_pipeline;
use actor_examples::word_count::Options;

fn main() -> ExitCode {
    supervised_pipeline::run(&Options::from_command_line())
}
