//! How a life ended.

use std::fmt;

use crate::failure::Failure;
pub use crate::panic::Panic;

/// Why a life of an actor ended, with Node's exit codes and OTP's distinctions.
///
/// ```
/// use actor_core::ExitReason;
///
/// assert_eq!(ExitReason::Normal.code(), 0);
/// assert_eq!(ExitReason::Code(42).code(), 42);
/// assert!(ExitReason::Shutdown(None).is_normal());
/// assert!(!ExitReason::Terminated.is_normal());
/// ```
#[derive(Clone, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub enum ExitReason {
    /// It was done: `ctx.exit(0)`.
    Normal,
    /// It was told to stop: by `stop` or `drain`, by its parent, or by the system's shutdown.
    /// Or it said so itself: a supervisor that gives up. A reason may say why (OTP's
    /// `{shutdown, Term}`).
    Shutdown(Option<Failure>),
    /// It exited with a code other than 0.
    Code(i32),
    /// `start`, `stopping` or a `#[message(fails)]` method returned an error.
    Failed(Failure),
    /// Something in it panicked.
    Panicked(Panic),
    /// It was terminated and came to an end within its grace.
    Terminated,
    /// It did not stop in time, and its thread was left behind.
    Abandoned,
    /// There was no such life: what a link or a monitor tells where the actor had ended before, or
    /// was between two lives. A life ends with it only if it linked itself to such an actor.
    NoProc,
}

impl ExitReason {
    /// The exit code, as Node's `exit` event gives it: 0 for a normal end, the code of
    /// [`Code`](Self::Code), 1 for everything else.
    pub fn code(&self) -> i32 {
        match self {
            ExitReason::Normal | ExitReason::Shutdown(_) => 0,
            ExitReason::Code(code) => *code,
            ExitReason::Failed(_)
            | ExitReason::Panicked(_)
            | ExitReason::Terminated
            | ExitReason::Abandoned
            | ExitReason::NoProc => 1,
        }
    }

    /// Whether the actor ended as intended, [`Normal`](Self::Normal) or
    /// [`Shutdown`](Self::Shutdown): such an end does not restart a transient child.
    pub fn is_normal(&self) -> bool {
        matches!(self, ExitReason::Normal | ExitReason::Shutdown(_))
    }

    /// The error in it, if there is one.
    pub(crate) fn error(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            ExitReason::Failed(failure) | ExitReason::Shutdown(Some(failure)) => {
                Some(failure.as_error())
            }
            ExitReason::Panicked(panic) => Some(panic),
            _ => None,
        }
    }

    /// Whether something in the actor went wrong, rather than somebody ending it.
    pub(crate) fn is_failure(&self) -> bool {
        matches!(self, ExitReason::Failed(_) | ExitReason::Panicked(_))
    }

    pub(crate) fn from_code(code: i32) -> Self {
        match code {
            0 => ExitReason::Normal,
            code => ExitReason::Code(code),
        }
    }
}

impl fmt::Display for ExitReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ExitReason::Normal => f.write_str("normal"),
            ExitReason::Shutdown(None) => f.write_str("shutdown"),
            ExitReason::Shutdown(Some(why)) => write!(f, "shutdown: {why}"),
            ExitReason::Code(code) => write!(f, "exit code {code}"),
            ExitReason::Failed(failure) => write!(f, "failed: {failure}"),
            ExitReason::Panicked(panic) => write!(f, "panicked: {panic}"),
            ExitReason::Terminated => f.write_str("terminated"),
            ExitReason::Abandoned => f.write_str("abandoned"),
            ExitReason::NoProc => f.write_str("noproc"),
        }
    }
}
