//! Why a supervisor failed.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::error::SpawnErrorKind;
use crate::exit::ExitReason;
use crate::id::Identity;

/// Why a supervisor gave up: found in its [`ExitReason::Shutdown`]. The child's failure is its
/// [`source`](Error::source), so a chain of supervisors that give up tells the first cause.
///
/// ```
/// # use {actor_core::prelude::*, counter::*};
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use std::{error::Error, time::Duration};
/// # std::panic::set_hook(Box::new(|_| {}));
/// use actor_core::GaveUp;
///
/// # let system = System::new("shop")?;
/// let mut counter = system.spec::<Counter>(0);
/// let handle = counter.handle();
/// let plan = Supervisor::one_for_one().intensity(0, Duration::from_secs(5)).child(counter);
/// let supervisor = system.spawn::<Supervisor>(plan)?;
/// assert!(handle.divide(0).ask().is_err());
/// let ExitReason::Shutdown(Some(why)) = supervisor.join() else { unreachable!() };
/// let gave_up = why.as_error().downcast_ref::<GaveUp>().unwrap();
/// assert_eq!(gave_up.child().name(), "Counter");
/// assert_eq!(gave_up.to_string(), "gave up on Counter#1: more than 0 restarts within 5 s");
/// assert!(gave_up.source().unwrap().to_string().starts_with("attempt to divide by zero"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct GaveUp {
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

impl GaveUp {
    /// The child whose end was one too many.
    pub fn child(&self) -> &Identity {
        &self.child
    }

    /// How it ended, or why it did not start again.
    pub fn reason(&self) -> &ExitReason {
        &self.reason
    }
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "gave up on {}", self.child)?;
        if self.source().is_none() {
            write!(f, " ({})", self.reason)?;
        }
        write!(f, ": {}", self.too_much)
    }
}

impl Error for GaveUp {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.reason.error()
    }
}

/// Why a supervisor did not start: one of its children did not. Found in the
/// [`ExitReason::Failed`] of the supervisor's [`SpawnErrorKind::Start`]; the child's failure is its
/// [`source`](Error::source).
#[derive(Debug)]
pub struct ChildFailed {
    pub(super) child: Identity,
    pub(super) kind: SpawnErrorKind,
}

impl ChildFailed {
    /// The child that did not start.
    pub fn child(&self) -> &Identity {
        &self.child
    }

    /// Why it did not.
    pub fn kind(&self) -> &SpawnErrorKind {
        &self.kind
    }
}

impl fmt::Display for ChildFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "child {} did not start", self.child)?;
        match &self.kind {
            _ if self.source().is_some() => Ok(()),
            SpawnErrorKind::Start(reason) => write!(f, " ({reason})"),
            kind => write!(f, ": {kind}"),
        }
    }
}

impl Error for ChildFailed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.kind {
            SpawnErrorKind::Start(reason) => reason.error(),
            SpawnErrorKind::Thread(error) => Some(error),
            _ => None,
        }
    }
}

/// All that is wrong with a plan.
#[derive(Debug)]
pub(super) struct BadPlan(pub(super) Vec<String>);

impl fmt::Display for BadPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the plan of the supervisor has {} mistake", self.0.len())?;
        if self.0.len() > 1 {
            f.write_str("s")?;
        }
        write!(f, ": {}", self.0.join("; "))
    }
}

impl Error for BadPlan {}

#[derive(Debug, thiserror::Error)]
#[error("told to stop while its children started")]
pub(super) struct Stopped;
