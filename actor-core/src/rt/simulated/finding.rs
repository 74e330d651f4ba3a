//! What a simulation finds by itself.

use std::fmt;
use std::time::Duration;

/// Why a simulated run failed.
///
/// ```
/// use actor_core::simulation::{Finding, Simulation};
///
/// # std::panic::set_hook(Box::new(|_| {}));
/// let failed = Simulation::new(7).try_run(|_| panic!("found one")).unwrap_err();
/// assert!(matches!(failed.finding(), Finding::Panic { message, .. } if message == "found one"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// A thread panicked, and the test did not expect it.
    Panic {
        /// The thread: `main`, or name and id of an actor.
        thread: String,
        /// What the panic said.
        message: String,
        /// Where it was, if that is known.
        location: Option<String>,
    },
    /// Everybody waits, and no timer is left that could end it.
    Deadlock {
        /// Who waits for what.
        waiting: Vec<Waiting>,
    },
    /// More steps than are allowed: some threads go on for ever and come to no end.
    Livelock {
        /// How many are allowed.
        steps: u64,
        /// Who ran in the last of them.
        threads: Vec<String>,
    },
    /// A thread ran for longer, by the real clock, than the watchdog allows, and never came to a
    /// point where another could go on.
    Stuck {
        /// The thread.
        thread: String,
        /// How long it is allowed to.
        watchdog: Duration,
    },
    /// The run is over, and threads are left that will never end.
    ThreadsLeft {
        /// Which, and what they wait for.
        waiting: Vec<Waiting>,
    },
}

/// A thread that waits, and what for.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Waiting {
    /// The thread: `main`, or name and id of an actor.
    pub thread: String,
    /// What it waits for.
    pub what: String,
}

impl Finding {
    /// Whether it is, by all appearances, the same fault.
    pub(crate) fn is_like(&self, other: &Finding) -> bool {
        match (self, other) {
            (
                Finding::Panic {
                    message, location, ..
                },
                Finding::Panic {
                    message: other_message,
                    location: other_location,
                    ..
                },
            ) => match (location, other_location) {
                (Some(location), Some(other)) => location == other,
                _ => message == other_message,
            },
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::Panic {
                thread,
                message,
                location,
            } => {
                write!(f, "{thread} panicked: {message}")?;
                match location {
                    Some(location) => write!(f, " ({location})"),
                    None => Ok(()),
                }
            }
            Finding::Deadlock { waiting } => {
                f.write_str("deadlock: everybody waits, and no timer is left")?;
                list(f, waiting)
            }
            Finding::Livelock { steps, threads } => write!(
                f,
                "livelock: no end after {steps} steps; those who run on: {}",
                threads.join(", ")
            ),
            Finding::Stuck { thread, watchdog } => write!(
                f,
                "{thread} has run for {watchdog:?} by the real clock without a step at which \
                 another could go on: it blocks or loops outside the library (a handler that \
                 runs for long should look at `ctx.cancelled()`)"
            ),
            Finding::ThreadsLeft { waiting } => {
                f.write_str("threads are left after the shutdown")?;
                list(f, waiting)
            }
        }
    }
}

fn list(f: &mut fmt::Formatter<'_>, waiting: &[Waiting]) -> fmt::Result {
    for Waiting { thread, what } in waiting {
        write!(f, "\n  {thread} waits for {what}")?;
    }
    Ok(())
}
