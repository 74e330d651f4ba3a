//! Why a supervisor failed.

use std::time::Duration;

use crate::error::SpawnErrorKind;
use crate::exit::ExitReason;
use crate::id::Identity;

/// Why a supervisor gave up.
#[derive(Debug, thiserror::Error)]
#[error("gave up on {child} ({reason}): {too_much}")]
pub(super) struct GaveUp {
    pub(super) child: Identity,
    pub(super) reason: ExitReason,
    pub(super) too_much: TooMuch,
}

/// What was more than it bears.
#[derive(Debug, thiserror::Error)]
pub(super) enum TooMuch {
    #[error("more than {limit} restarts within {} s", period.as_secs_f64())]
    Restarts { limit: usize, period: Duration },
    #[error("more than {limit} threads of its children were left behind and still run")]
    Abandoned { limit: usize },
}

/// Why a supervisor did not start.
#[derive(Debug, thiserror::Error)]
#[error("child {child} did not start: {}", describe(kind))]
pub(super) struct ChildFailed {
    pub(super) child: Identity,
    pub(super) kind: SpawnErrorKind,
}

#[derive(Debug, thiserror::Error)]
#[error("told to stop while its children started")]
pub(super) struct Stopped;

fn describe(kind: &SpawnErrorKind) -> String {
    match kind {
        SpawnErrorKind::Start(reason) => reason.to_string(),
        other => format!("{other:?}"),
    }
}
