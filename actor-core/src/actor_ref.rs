//! What every handle can do, whatever the actor's messages.

use std::fmt;
use std::sync::{Arc, Weak};
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::cell::{Cell, Phase};
use crate::current;
use crate::exit::ExitReason;
use crate::graph::{Cycle, Target, Ticket};
use crate::id::{ActorId, Identity};
use crate::kernel::Kernel;
use crate::observe::snapshot::ActorSnapshot;
use crate::protocol::Protocol;

/// A reference to an actor that takes messages of type `M`: what a typed handle derefs to.
///
/// It does not keep the actor alive (the tree does), and it outlives restarts: the mailbox, the
/// id and the name belong to the actor, not to its life.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// let system = System::new("refs")?;
/// let counter = system.spawn::<Counter>(0)?;
/// assert!(counter.is_alive());
/// counter.stop();
/// assert!(counter.join().is_normal());
/// assert!(!counter.is_alive());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ActorRef<M: Protocol> {
    cell: Arc<Cell<M>>,
}

impl<M: Protocol> ActorRef<M> {
    pub(crate) fn new(cell: Arc<Cell<M>>) -> Self {
        ActorRef { cell }
    }

    pub(crate) fn cell(&self) -> &Arc<Cell<M>> {
        &self.cell
    }

    pub(crate) fn kernel(&self) -> &Arc<Kernel> {
        &self.cell.kernel
    }

    /// Where a question to the actor waits.
    pub(crate) fn target(&self) -> Target {
        let cell: Weak<Cell<M>> = Arc::downgrade(&self.cell);
        cell
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.cell.identity
    }

    /// The actor's id.
    pub fn id(&self) -> ActorId {
        self.cell.identity.id()
    }

    /// The actor's name.
    pub fn name(&self) -> &str {
        self.cell.identity.name()
    }

    /// Whether the actor has not ended. An actor between two lives is alive.
    pub fn is_alive(&self) -> bool {
        self.kernel().rt.glance();
        !matches!(self.cell.state().phase, Phase::Ended(_))
    }

    /// Where the actor is in its life, its mailbox, its children. It waits for nobody.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("refs")?;
    /// let counter = system.spawn::<Counter>(0)?;
    /// counter.add(1).ask()?;
    /// assert_eq!(counter.snapshot().handled, 1);
    /// assert_eq!(counter.snapshot().to_string(), "Counter#1 running, life 1, mailbox 0/1024, handled 1");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn snapshot(&self) -> ActorSnapshot {
        self.kernel().rt.glance();
        self.cell.snapshot()
    }

    /// Tells the actor to stop, ahead of all messages, and returns at once.
    ///
    /// The handler that runs comes to its end; what is queued becomes dead letters, and its askers
    /// get [`AskError::Stopped`](crate::AskError::Stopped). Under a supervisor this is OTP's
    /// `terminate_child`: the actor is not restarted. Stopping what has ended does nothing.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("refs")?;
    /// let counter = system.spawn::<Counter>(0)?;
    /// counter.stop();
    /// counter.stop(); // does nothing
    /// assert_eq!(counter.join().code(), 0);
    /// assert!(counter.add(1).tell().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn stop(&self) {
        let rt = &self.kernel().rt;
        rt.point();
        rt.note(|| format!("stops {}", self.identity()));
        self.cell.order_stop();
    }

    /// Tells the actor to stop once it has handled what is queued, and returns at once. It accepts
    /// nothing more from now on. Otherwise like [`stop`](Self::stop), which may still follow to
    /// cut it short.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # let system = System::new("refs")?;
    /// let counter = system.spawn::<Counter>(0)?;
    /// let queued = counter.add(1).send()?;
    /// counter.drain();
    /// assert!(counter.add(1).tell().is_err()); // too late
    /// assert_eq!(queued.wait()?, 1);           // in time
    /// assert!(counter.join().is_normal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn drain(&self) {
        let rt = &self.kernel().rt;
        rt.point();
        rt.note(|| format!("drains {}", self.identity()));
        self.cell.order_drain();
    }

    /// Ends the running life and waits for that, for `grace` at most; then its thread is left
    /// behind. Returns how the life ended.
    ///
    /// Within the grace the life ends with [`ExitReason::Terminated`] as soon as its handler
    /// returns; no `stopping` runs. A thread cannot be killed: a handler that does not return (it
    /// can look at [`Context::cancelled`](crate::Context::cancelled)) is given up. The actor then
    /// counts as exited with [`ExitReason::Abandoned`], whoever asked what it had in hand gets an error
    /// at once, and when the handler does return one day it changes nothing; what it sends to
    /// others, it still sends. Its children are stopped then, each within its own
    /// [`Shutdown`](crate::Shutdown). Both are abnormal ends, so a supervisor restarts the actor as its
    /// restart type says.
    ///
    /// Where no life runs, it returns how the last one ended. Called by the actor itself or by one
    /// that descends from it, it does not wait, for the caller has to come to its end too.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # use std::time::Duration;
    /// # let system = System::new("refs")?;
    /// let counter = system.spawn::<Counter>(0)?;
    /// // It is idle, so it needs no part of its grace.
    /// let reason = counter.terminate(Duration::from_secs(60));
    /// assert!(matches!(reason, ExitReason::Terminated));
    /// assert!(!reason.is_normal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn terminate(&self, grace: Duration) -> ExitReason {
        let rt = &self.kernel().rt;
        rt.point();
        rt.note(|| format!("terminates {}", self.identity()));
        let Some(life) = self.cell.terminate() else {
            return self.cell.last_exit();
        };
        let number = self.kernel().number;
        if self.kernel().current_actor() == Some(self.id()) {
            return ExitReason::Terminated;
        }
        if current::descends_from(number, self.id()) {
            self.cell.await_end_elsewhere(life, grace);
            return ExitReason::Terminated;
        }
        self.cell.await_end(life, grace);
        self.cell.last_exit()
    }

    /// Waits until the actor has ended, its state is dropped and its thread has left, and returns
    /// how it ended. Under a supervisor that is the last end: restarts are waited through.
    ///
    /// # Panics
    /// If the caller is an actor that this one waits for (itself among them): both would wait for
    /// ever. The message names the cycle.
    #[track_caller]
    pub fn join(&self) -> ExitReason {
        self.join_until(None)
            // Only a simulation that is over does not wait.
            .unwrap_or(ExitReason::Abandoned)
    }

    /// Like [`join`](Self::join), but gives up after `timeout`: none then.
    ///
    /// ```
    /// # use actor_core::prelude::*;
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # use counter::*;
    /// # use std::time::Duration;
    /// # let system = System::new("refs")?;
    /// let counter = system.spawn::<Counter>(0)?;
    /// assert!(counter.join_timeout(Duration::from_millis(1)).is_none()); // it runs on
    /// counter.stop();
    /// assert!(counter.join_timeout(Duration::from_secs(60)).is_some());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn join_timeout(&self, timeout: Duration) -> Option<ExitReason> {
        self.join_until(self.kernel().rt.after(timeout))
    }

    /// The edge of an actor that joins another.
    #[track_caller]
    fn join_ticket(&self) -> Option<Ticket> {
        if matches!(self.cell.state().phase, Phase::Ended(_)) {
            return None;
        }
        let waiter = self.kernel().current_waiter()?;
        let graph = &self.kernel().graph;
        let target = Some(self.target());
        match graph.wait(&waiter, self.identity(), "join", target) {
            Ok(ticket) => Some(ticket),
            Err(cycle) => self.refuse_join(&cycle),
        }
    }

    #[track_caller]
    fn refuse_join(&self, cycle: &Cycle) -> ! {
        panic!("joining {} would wait for ever: {cycle}", self.identity())
    }

    #[track_caller]
    fn join_until(&self, deadline: Option<Instant>) -> Option<ExitReason> {
        let ticket = match deadline {
            None => self.join_ticket(),
            Some(_) => None,
        };
        let mut waker = None;
        let kernel = self.kernel();
        let awaited = || format!("the end of {}", self.identity());
        kernel.rt.awaits(awaited);
        let ended = kernel.rt.wait(kernel.idle, deadline, |context| {
            waker.get_or_insert_with(|| context.waker().clone());
            let ended = self.cell.poll_ended(ticket, context);
            // Whoever refuses marks the wait, then wakes who is there: we are, so one of us sees it.
            let refused = ticket.and_then(|ticket| kernel.graph.take_refusal(ticket));
            match (ended, refused) {
                (Poll::Pending, Some(cycle)) => Poll::Ready(Err(cycle)),
                (ended, _) => ended.map(Ok),
            }
        });
        if let Some(ticket) = ticket {
            self.kernel().graph.settle(ticket);
        }
        // Threads that come and go would fill the cell.
        if let (None, Some(waker)) = (&ended, waker) {
            self.cell.forget_waiter(&waker);
        }
        let (reason, thread) = ended?.unwrap_or_else(|cycle| self.refuse_join(&cycle));
        thread.into_iter().for_each(|thread| thread.join());
        Some(reason)
    }
}

impl<M: Protocol> Clone for ActorRef<M> {
    fn clone(&self) -> Self {
        ActorRef {
            cell: Arc::clone(&self.cell),
        }
    }
}

impl<M: Protocol> fmt::Debug for ActorRef<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ActorRef({})", self.cell.identity)
    }
}
