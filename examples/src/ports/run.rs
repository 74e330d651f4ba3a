//! From the options to the exit code.

use std::process::ExitCode;
use std::sync::Arc;

use actor_core::prelude::*;

use super::answerer::Answerer;
use super::asker::{Asker, AskerArgs};
use super::options::Options;
use crate::ending::exit_code;
use crate::output::print;

/// Lets the two talk, and says what the process is to end with.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    exit_code("ports", talk(options))
}

/// The main thread keeps no end of the channel: it closes with the two that have one.
fn talk(options: &Options) -> Result<ExitCode, Failure> {
    let system = System::new("ports")?;
    let MessageChannel { port1, port2 } = MessageChannel::new();
    let answerer = system.spawn::<Answerer>(Arc::new(port2))?;
    let asker = system.spawn::<Asker>(AskerArgs {
        port: Arc::new(port1),
        rounds: options.rounds,
    })?;

    let mut code = 0;
    for (name, reason) in [("asker", asker.join()), ("answerer", answerer.join())] {
        if let ExitReason::Failed(failure) = reason {
            return Err(failure);
        }
        code = code.max(reason.code());
        print(&format!("{name} ended with exit code {}\n", reason.code()))?;
    }
    Ok(ExitCode::from(u8::try_from(code)?))
}
