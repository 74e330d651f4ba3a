//! What the programs end with.

use std::io::{Write, stderr};
use std::process::ExitCode;

use actor_core::prelude::*;

use crate::output::Unwritable;

/// The exit code of a run: a failure is told in one line on stderr, and is 1. That nobody reads the
/// output any longer is no failure.
pub(crate) fn exit_code(program: &str, ended: Result<ExitCode, Failure>) -> ExitCode {
    let failure = match ended {
        Ok(code) => return code,
        Err(failure) => failure,
    };
    let unwritable = failure.as_error().downcast_ref::<Unwritable>();
    if unwritable.is_some_and(Unwritable::is_unread) {
        return ExitCode::SUCCESS;
    }
    // Where stderr is closed there is nobody left to tell.
    let _ = writeln!(stderr(), "{program}: {failure}");
    ExitCode::FAILURE
}
