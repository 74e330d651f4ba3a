//! Filters pictures strip by strip on supervised actors; `--help` says how.

use std::process::ExitCode;

use actor_examples::command_line::CommandLine;
use actor_examples::image_pipeline::Options;
use actor_examples::stages;

fn main() -> ExitCode {
    stages::run(Options::from_command_line())
}
