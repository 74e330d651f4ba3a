//! What the workers are to do.

use std::fmt;
use std::time::Duration;

/// One task, and all that is needed to do it again.
#[derive(Debug, Clone, Copy)]
pub(super) struct Task {
    pub(super) number: u32,
    pub(super) kind: Kind,
    /// Where all goes well, the result is twice this.
    pub(super) value: i64,
}

/// How a task goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Well.
    Normal,
    /// Its worker sees that it cannot be done, and says so.
    Error,
    /// Its worker panics.
    Crash,
    /// Well, after so much time.
    Timeout(Duration),
}

impl Task {
    /// The five tasks. The last takes twice the time that a task may take.
    pub(super) fn all(timeout: Duration) -> [Task; 5] {
        let kinds = [
            (Kind::Normal, 42),
            (Kind::Error, -1),
            (Kind::Crash, 13),
            (Kind::Normal, 100),
            (Kind::Timeout(2 * timeout), 7),
        ];
        let mut number = 0;
        kinds.map(|(kind, value)| {
            number += 1;
            Task {
                number,
                kind,
                value,
            }
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Kind::Normal => "normal",
            Kind::Error => "error",
            Kind::Crash => "crash",
            Kind::Timeout(_) => "timeout",
        })
    }
}

/// Why a worker does not do a task.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum Refused {
    #[error("{0} is negative")]
    Negative(i64),
    /// Nobody waits for this any more.
    #[error("it was cut, because its time was over")]
    Cut,
}
