//! What a shutdown found, and whom it had to leave behind.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use crate::id::Identity;

/// An actor whose thread was left behind, because it did not stop in time. [`ShutdownError`]
/// shows where one is found.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Abandoned {
    pub(crate) actor: Identity,
    pub(crate) life: u64,
    pub(crate) message: Option<&'static str>,
    pub(crate) waited: Duration,
}

impl Abandoned {
    /// The actor.
    pub fn actor(&self) -> &Identity {
        &self.actor
    }

    /// Which of its lives; the first is 1.
    pub fn life(&self) -> u64 {
        self.life
    }

    /// How long it was waited for, from the moment it was told to end. What it was stuck in may
    /// have taken long before: no clock is read for each message.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// The message that it was stuck in; none if it was in `start`, `stopping` or a `Drop`.
    pub fn message(&self) -> Option<&'static str> {
        self.message
    }
}

impl fmt::Display for Abandoned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.message {
            Some(message) => write!(f, "{} (in `{message}`", self.actor)?,
            None => write!(f, "{} (", self.actor)?,
        }
        match (self.message, self.waited) {
            (None, waited) => write!(f, "told to end {waited:.1?} ago)"),
            (Some(_), waited) => write!(f, ", told to end {waited:.1?} ago)"),
        }
    }
}

/// What a shutdown found.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// # let system = System::new("ends")?;
/// let supervisor = Supervisor::one_for_one().child(system.spec::<Counter>(0));
/// system.spawn::<Supervisor>(supervisor)?;
/// let report = system.shutdown()?;
/// assert_eq!(report.stopped(), 1); // the supervisor; its children are its own affair
/// assert!(report.abandoned().is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct ShutdownReport {
    pub(crate) finished: bool,
    pub(crate) stopped: usize,
    pub(crate) abandoned: Vec<Abandoned>,
    pub(crate) elapsed: Duration,
}

impl ShutdownReport {
    /// Of a shutdown that goes on without the caller.
    pub(crate) fn begun() -> Self {
        ShutdownReport {
            finished: false,
            stopped: 0,
            abandoned: Vec::new(),
            elapsed: Duration::ZERO,
        }
    }

    /// Whether the shutdown is over. False only where it was called inside an actor, which begins
    /// it and goes on.
    pub fn is_finished(&self) -> bool {
        self.finished
    }

    /// How many actors of the top level were there to stop, those that were left behind included.
    pub fn stopped(&self) -> usize {
        self.stopped
    }

    /// The actors of the whole tree that did not stop in time, and those that were left behind
    /// before and still run.
    pub fn abandoned(&self) -> &[Abandoned] {
        &self.abandoned
    }

    /// How long it took, from the first call of [`shutdown`](crate::SystemRef::shutdown) on.
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }
}

/// A shutdown that had to leave threads behind; the report names their actors.
///
/// ```
/// # use actor_core::prelude::*;
/// # use std::{sync::mpsc, time::Duration};
/// # struct Reader;
/// #[actor]
/// impl Reader {
///     /// Waits for a device that never answers.
///     pub fn read(&mut self, begun: mpsc::Sender<()>) { begun.send(()).ok(); loop { std::thread::park() } }
/// }
/// # impl Actor for Reader { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Reader) } }
/// let system = System::builder("lab").shutdown_timeout(Duration::from_millis(10)).build()?;
/// let (begun, has_begun) = mpsc::channel();
/// system.spawn::<Reader>(())?.read(begun).tell()?;
/// has_begun.recv()?;
/// let error = system.shutdown().unwrap_err();
/// assert_eq!(error.report().abandoned()[0].message(), Some("read"));
/// assert!(error.to_string().starts_with("system \"lab\" left behind Reader#1 (in `read`, told to end"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ShutdownError {
    pub(crate) system: String,
    pub(crate) report: ShutdownReport,
}

impl ShutdownError {
    /// What the shutdown found.
    pub fn report(&self) -> &ShutdownReport {
        &self.report
    }
}

impl fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "system {:?} left behind", self.system)?;
        for (position, abandoned) in self.report.abandoned.iter().enumerate() {
            let separator = if position == 0 { "" } else { "," };
            write!(f, "{separator} {abandoned}")?;
        }
        f.write_str(": their threads did not stop in time")
    }
}

impl Error for ShutdownError {}
