//! What became of a task.

use std::fmt;
use std::time::Duration;

use actor_core::{AskError, ExitReason};

use super::task::{Kind, Refused, Task};

/// What became of one attempt.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Its result.
    Done(i64),
    /// Its worker says why not, and lives on.
    Refused(Refused),
    /// Its worker was lost with it, and is there again with another life.
    Crashed(ExitReason),
    /// It took longer than this.
    TimedOut(Duration),
    /// Nothing that was planned: the pool has failed, for instance.
    Lost(AskError),
}

impl Outcome {
    pub(super) fn new(answer: Result<Result<i64, Refused>, AskError>, timeout: Duration) -> Self {
        match answer {
            Ok(Ok(result)) => Outcome::Done(result),
            Ok(Err(refused)) => Outcome::Refused(refused),
            Err(AskError::Failed { reason, .. }) => Outcome::Crashed(reason),
            Err(AskError::Timeout { .. }) => Outcome::TimedOut(timeout),
            Err(error) => Outcome::Lost(error),
        }
    }

    /// Whether a task of this kind was to end so.
    pub(super) fn is_planned(&self, task: &Task) -> bool {
        match (task.kind, self) {
            (Kind::Normal | Kind::Timeout(_), Outcome::Done(result)) => *result == 2 * task.value,
            (Kind::Error, Outcome::Refused(refused)) => *refused == Refused::Negative(task.value),
            (Kind::Crash, Outcome::Crashed(_)) => true,
            _ => false,
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Done(result) => write!(f, "done, the result is {result}"),
            Outcome::Refused(refused) => write!(f, "refused by its worker: {refused}"),
            Outcome::Crashed(reason) => {
                write!(f, "lost with its worker, which was replaced: {reason}")
            }
            Outcome::TimedOut(timeout) => write!(f, "out of time after {timeout:?}"),
            Outcome::Lost(error) => write!(f, "lost: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(kind: Kind) -> Task {
        Task {
            number: 1,
            kind,
            value: 21,
        }
    }

    #[test]
    fn each_kind_has_one_end_that_was_planned() {
        let time = Duration::from_secs(1);
        let kinds = [Kind::Normal, Kind::Error, Kind::Crash, Kind::Timeout(time)];
        let outcomes = [
            Outcome::Done(42),
            Outcome::Done(21),
            Outcome::Refused(Refused::Negative(21)),
            Outcome::Refused(Refused::Cut),
            Outcome::Crashed(ExitReason::Terminated),
            Outcome::TimedOut(time),
        ];
        let planned = [
            (Kind::Normal, 0),
            (Kind::Error, 2),
            (Kind::Crash, 4),
            (Kind::Timeout(time), 0),
        ];
        for kind in kinds {
            for (place, outcome) in outcomes.iter().enumerate() {
                let expected = planned.contains(&(kind, place));
                assert_eq!(
                    outcome.is_planned(&task(kind)),
                    expected,
                    "{kind}, {outcome}"
                );
            }
        }
    }
}
