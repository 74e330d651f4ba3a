//! From the options to the exit code.

use std::process::ExitCode;

use actor_core::prelude::*;

use super::options::Options;
use super::trip::Trip;
use super::ways::{cloned, moved, shared};
use super::worker::Worker;
use crate::ending::exit_code;
use crate::output::print;

const CHECKED: &str = "\
each byte was changed by the worker, and looked at afterwards:
the original of the clone is as it was, what was moved lies where it lay, what was shared is the same here and there
";

/// Hands memory over in each way, and says what the process is to end with.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    exit_code("memory", hand_over(options))
}

fn hand_over(options: &Options) -> Result<ExitCode, Failure> {
    let system = System::new("memory")?;
    let worker = system.spawn::<Worker>(())?;
    let length = options.bytes();
    let trips = [
        cloned(&worker, length)?,
        moved(&worker, length)?,
        shared(&worker, length)?,
    ];
    print(&format!("{}{CHECKED}", Trip::table(&trips)))?;
    Ok(ExitCode::SUCCESS)
}
