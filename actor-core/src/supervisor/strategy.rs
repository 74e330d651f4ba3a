//! Which children the end of one concerns.

use std::ops::Range;

/// Which children a supervisor stops and starts when one of them is to be restarted. OTP's
/// strategies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Strategy {
    /// That child alone.
    OneForOne,
    /// All of them.
    OneForAll,
    /// That child and those that were started after it.
    RestForOne,
    /// That child alone; all children were started by
    /// [`start_child`](super::SupervisorHandle::start_child), and stop together.
    SimpleOneForOne,
}

impl Strategy {
    /// The places of the children that are concerned, of `all`, when the one at `place` is.
    pub(super) fn concerned(self, place: usize, all: usize) -> Range<usize> {
        match self {
            Strategy::OneForOne | Strategy::SimpleOneForOne => place..place + 1,
            Strategy::OneForAll => 0..all,
            Strategy::RestForOne => place..all,
        }
    }
}

/// Whether a supervisor ends when significant children do: OTP's automatic shutdown.
///
/// It is considered when a child that is [significant](crate::Spec::significant) ends by itself and
/// is not restarted. Being told to stop, or stopped for a restart of the group, does not count.
///
/// ```
/// # use {actor_core::prelude::*, counter::*};
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// use actor_core::AutoShutdown;
///
/// # struct Job;
/// #[actor]
/// impl Job {
///     /// The last page is printed.
///     pub fn done(&mut self, ctx: &mut Context<Self>) { ctx.exit(0) }
/// }
/// # impl Actor for Job { type Args = (); fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> { Ok(Job) } }
/// # let system = System::new("print")?;
/// let mut job = system.spec::<Job>(()).restart(Restart::Transient).significant();
/// let handle = job.handle();
/// let supervisor = system.spawn::<Supervisor>(
///     Supervisor::one_for_all()
///         .auto_shutdown(AutoShutdown::AnySignificant)
///         .child(system.spec::<Counter>(0))
///         .child(job),
/// )?;
/// handle.done().tell()?;
/// assert!(matches!(supervisor.join(), ExitReason::Shutdown(None))); // the counter too
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AutoShutdown {
    /// Never; the default.
    #[default]
    Never,
    /// When any of them has.
    AnySignificant,
    /// When the last of them has.
    AllSignificant,
}
