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
        /// Who waited meanwhile, for more than a message or a time.
        waiting: Vec<Waiting>,
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

impl Waiting {
    /// Whether it is an actor that has nothing to do.
    pub(super) fn is_idle(&self) -> bool {
        self.what == "a message"
    }
}

impl Finding {
    /// Whether it is, by all appearances, the same fault: numbers may differ.
    pub(crate) fn is_like(&self, other: &Finding) -> bool {
        self.appearance() == other.appearance()
    }

    fn appearance(&self) -> (&'static str, Vec<String>) {
        let of_waits = |waiting: &[Waiting]| {
            let busy = waiting.iter().filter(|one| !one.is_idle());
            let mut waits: Vec<_> = busy
                .map(|one| without_numbers(&format!("{} {}", one.thread, one.what)))
                .collect();
            waits.sort_unstable();
            waits
        };
        match self {
            Finding::Panic {
                message, location, ..
            } => {
                let location = location.clone().unwrap_or_default();
                ("panic", vec![without_numbers(message), location])
            }
            Finding::Deadlock { waiting } => ("deadlock", of_waits(waiting)),
            Finding::Livelock { waiting, .. } => ("livelock", of_waits(waiting)),
            Finding::Stuck { thread, .. } => ("stuck", vec![thread.clone()]),
            Finding::ThreadsLeft { waiting } => ("left", of_waits(waiting)),
        }
    }
}

/// Ids and counts differ from one schedule to another.
fn without_numbers(text: &str) -> String {
    text.split(|character: char| character.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join("0")
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
            Finding::Livelock {
                steps,
                threads,
                waiting,
            } => {
                let threads = threads.join(", ");
                write!(
                    f,
                    "livelock: no end after {steps} steps; who runs on: {threads}"
                )?;
                list(f, waiting)
            }
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
