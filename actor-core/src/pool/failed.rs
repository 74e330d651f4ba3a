//! A pool that cannot go on.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::error::SpawnErrorKind;
use crate::exit::ExitReason;
use crate::id::Identity;

/// Why a pool ended: lives of its workers ended in vain, in `start` or before they began with a task,
/// more often than it bears. It is the [`Failure`](crate::Failure) of the pool's
/// [`ExitReason`].
#[derive(Debug)]
pub struct WorkerFailed {
    pub(super) worker: Identity,
    pub(super) end: VainEnd,
    /// How many lives were allowed to, within what time; none where the pool did not start.
    pub(super) limit: Option<(usize, Duration)>,
}

/// How a life ended that did nothing.
#[derive(Debug)]
#[non_exhaustive]
pub enum VainEnd {
    /// It did not start.
    Start(SpawnErrorKind),
    /// It had started.
    Exit(ExitReason),
}

impl fmt::Display for VainEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            VainEnd::Start(kind) => write!(f, "was not started: {kind}"),
            VainEnd::Exit(reason) => write!(f, "ended: {reason}"),
        }
    }
}

impl WorkerFailed {
    /// The worker whose life was the last.
    pub fn worker(&self) -> &Identity {
        &self.worker
    }

    /// How that life ended.
    pub fn end(&self) -> &VainEnd {
        &self.end
    }
}

impl fmt::Display for WorkerFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let WorkerFailed { worker, end, limit } = self;
        match limit {
            Some((limit, period)) => write!(
                f,
                "more than {limit} lives of its workers within {period:?} ended before they began \
                 with a task; the last, {worker}, {end}"
            ),
            None => write!(f, "its worker {worker} {end}"),
        }
    }
}

impl Error for WorkerFailed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.end {
            VainEnd::Start(SpawnErrorKind::Start(ExitReason::Failed(failure)))
            | VainEnd::Exit(ExitReason::Failed(failure)) => Some(failure.as_error()),
            VainEnd::Start(SpawnErrorKind::Thread(error)) => Some(error),
            _ => None,
        }
    }
}
