//! Supervisors: actors that start others, in order, and restart what ends.
//!
//! A supervisor is an actor on its own thread and a state machine. A restart runs on the child's
//! new thread and its outcome comes back as a signal, so the supervisor goes on answering reads
//! and can be stopped meanwhile. Exits are matched by life, never by id alone.

mod caller;
mod calls;
mod child_error;
mod child_spec;
mod edge;
mod entry;
mod exits;
mod failures;
mod operation;
mod plan;
mod protocol;
mod reminder;
mod strategy;
mod work;

use std::collections::VecDeque;
use std::sync::Arc;

use crate::actor::Actor;
use crate::context::{Context, Handled, Handler};
use crate::error::SpawnErrorKind;
use crate::failure::Failure;
use crate::id::ActorId;
use crate::intensity::Intensity;
use crate::launch::launch_and_wait;
use crate::policy::Shutdown;
use crate::protocol::Protocol;
use crate::signal::{ChildEvent, ChildSignal};
use crate::tree::Kept;

use caller::Caller;
pub use child_error::{ChildError, ChildId};
pub use child_spec::ChildSpec;
use entry::{Entry, EntryState};
use failures::{BadPlan, Stopped};
pub use failures::{ChildFailed, GaveUp};
use operation::Operation;
pub use plan::Supervision;
pub use protocol::{
    AnyActor, ChildCounts, ChildInfo, ChildState, SupervisorHandle, SupervisorMessage,
    SupervisorReply,
};
use reminder::Matter;
pub use reminder::Reminder;
pub use strategy::{AutoShutdown, Strategy};
use work::Work;

/// An actor that starts children in order, restarts those that end as their restart type says,
/// and stops them in reverse order. The rules are those of Erlang/OTP's `supervisor`.
///
/// A child keeps its mailbox, id, name and handles over restarts. Handles of specs can be taken
/// before anything starts, so siblings can be given each other's.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use std::time::Duration;
///
/// # std::panic::set_hook(Box::new(|_| {}));
/// let system = System::new("shop")?;
/// let mut counter = system.spec::<Counter>(10).restart(Restart::Permanent);
/// let handle = counter.handle();
/// let supervisor = system.spawn::<Supervisor>(
///     Supervisor::one_for_one()
///         .intensity(3, Duration::from_secs(5))
///         .child(counter),
/// )?;
/// handle.add(1).ask()?;
/// assert!(handle.divide(0).ask().is_err()); // panics …
/// assert_eq!(handle.add(1).ask()?, 11);     // … and starts again from its arguments
/// assert_eq!(supervisor.count_children().ask()?.active, 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Supervisor {
    strategy: Strategy,
    auto_shutdown: AutoShutdown,
    entries: Vec<Entry>,
    intensity: Intensity,
    max_abandoned: Option<usize>,
    /// What goes on.
    operation: Option<Operation>,
    /// What comes after that.
    queue: VecDeque<Work>,
    /// Messages handled.
    handled: usize,
    /// Of the last step or retry.
    last_number: u64,
}

impl Supervisor {
    /// A plan by which a child that ends is restarted alone.
    pub fn one_for_one() -> Supervision {
        Supervision::new(Strategy::OneForOne)
    }

    /// A plan by which all children are restarted when one ends: the others stop, the last first,
    /// then all start in order. For children that cannot go on without each other.
    ///
    /// ```
    /// # use {actor_core::prelude::*, counter::*};
    /// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
    /// # std::panic::set_hook(Box::new(|_| {}));
    /// let system = System::new("shop")?;
    /// let mut counters = ["visitors", "sales"].map(|name| system.spec::<Counter>(0).name(name));
    /// let [visitors, sales] = counters.each_mut().map(|counter| counter.handle());
    /// system.spawn::<Supervisor>(Supervisor::one_for_all().children(counters))?;
    /// sales.add(3).ask()?;
    /// assert!(visitors.divide(0).ask().is_err());
    /// visitors.add(1).ask()?; // once it is there again …
    /// assert_eq!(sales.add(1).ask()?, 1); // … the other has begun anew as well
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn one_for_all() -> Supervision {
        Supervision::new(Strategy::OneForAll)
    }

    /// A plan by which a child that ends is restarted with those that were started after it. For
    /// chains in which each child builds on those before it.
    pub fn rest_for_one() -> Supervision {
        Supervision::new(Strategy::RestForOne)
    }

    /// A plan without children: all are started later, by
    /// [`start_child`](SupervisorHandle::start_child), each is restarted alone, and they stop
    /// all together. For children that come and go.
    ///
    /// OTP gives such a supervisor a template of its children; here each comes with its own spec,
    /// as with Elixir's `DynamicSupervisor`.
    pub fn simple_one_for_one() -> Supervision {
        Supervision::new(Strategy::SimpleOneForOne)
    }

    fn place_of(&self, child: ActorId) -> Option<usize> {
        self.entries.iter().position(|entry| entry.id() == child)
    }

    /// Lets a child that does not run go.
    fn remove(&mut self, ctx: &Context<Self>, place: usize) {
        let mut entry = self.entries.remove(place);
        entry.settle();
        drop(ctx.as_parent().forget(entry.id()));
    }

    fn count(&self) -> ChildCounts {
        let count = |of: &dyn Fn(&Entry) -> bool| self.entries.iter().filter(|it| of(it)).count();
        let supervisors = count(&|entry| entry.child.is_supervisor());
        ChildCounts {
            specs: match self.strategy {
                Strategy::SimpleOneForOne => 1,
                _ => self.entries.len(),
            },
            active: count(&|entry| {
                matches!(entry.state, EntryState::Running | EntryState::Stopping)
            }),
            supervisors,
            workers: self.entries.len() - supervisors,
        }
    }

    fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    fn remind(&mut self, ctx: &Context<Self>, matter: &Matter) {
        match *matter {
            Matter::Overdue(number) => self.overdue(number),
            Matter::Retry(child, number) => {
                let after = self.handled + ctx.waiting_messages();
                self.queue.push_back(Work::Retry {
                    child,
                    number,
                    after,
                });
            }
        }
    }
}

impl Handler for Supervisor {
    type Message = SupervisorMessage;

    const SHUTDOWN: Shutdown = Shutdown::Infinity;
    const IS_SUPERVISOR: bool = true;

    fn stops_children_together(&self) -> bool {
        self.strategy == Strategy::SimpleOneForOne
    }

    fn before_stopping(&mut self, ctx: &mut Context<Self>) {
        let _ = ctx;
        // Callers are told now: who stops may be waiting for one of them.
        self.operation = None;
        self.queue.clear();
    }

    fn handle(
        &mut self,
        ctx: &mut Context<Self>,
        message: SupervisorMessage,
    ) -> Handled<SupervisorReply> {
        let reply = match message {
            SupervisorMessage::WhichChildren => {
                SupervisorReply::WhichChildren(self.entries.iter().map(Entry::info).collect())
            }
            SupervisorMessage::CountChildren => SupervisorReply::CountChildren(self.count()),
            SupervisorMessage::FindChild(child) => SupervisorReply::Child(self.find_child(&child)),
            SupervisorMessage::Reminder(Reminder(matter)) => {
                self.remind(ctx, &matter);
                self.advance(ctx);
                return Handled::Later;
            }
            call => {
                self.handled += 1;
                let name = call.name();
                if let Some(caller) = Caller::at_desk(ctx, name) {
                    self.queue(ctx, Work::Call(call, caller));
                }
                self.advance(ctx);
                return Handled::Later;
            }
        };
        self.handled += 1;
        self.advance(ctx);
        Handled::Reply(reply)
    }

    fn child_signal(&mut self, ctx: &mut Context<Self>, signal: ChildSignal) {
        let ChildSignal { child, life, event } = signal;
        match event {
            ChildEvent::Started(outcome) => {
                if self.end_wait(ctx, child, life)
                    && let Some(place) = self.place_of(child)
                {
                    self.has_started(ctx, place, outcome);
                }
            }
            ChildEvent::Exited(reason) => {
                if !self.end_wait(ctx, child, life) {
                    self.queue(
                        ctx,
                        Work::Exit {
                            child,
                            life,
                            reason,
                        },
                    );
                } else if let Some(place) = self.place_of(child) {
                    self.has_stopped(ctx, place);
                }
            }
            ChildEvent::StopOrdered => self.stop_was_ordered(ctx, child),
        }
        self.advance(ctx);
    }
}

impl Actor for Supervisor {
    type Args = Supervision;

    fn start(ctx: &mut Context<Self>, plan: &Supervision) -> Result<Self, Failure> {
        let mistakes = plan.mistakes(ctx.kernel().number);
        if !mistakes.is_empty() {
            Err(BadPlan(mistakes))?;
        }
        let mut supervisor = Supervisor {
            strategy: plan.strategy,
            auto_shutdown: plan.auto_shutdown,
            entries: Vec::new(),
            intensity: Intensity::new(plan.limit, plan.period),
            max_abandoned: plan.max_abandoned,
            operation: None,
            queue: VecDeque::new(),
            handled: 0,
            last_number: 0,
        };
        // As in OTP: whoever links itself with a supervisor does not end it.
        ctx.trap_exit(true);
        let kernel = Arc::clone(ctx.kernel());
        let parent = ctx.as_parent();
        // Whoever asks a child that is not started yet waits for us.
        for spec in &plan.children {
            spec.child.await_start(ctx.identity());
        }
        for spec in &plan.children {
            let child = &spec.child;
            child.reopen();
            parent.adopt(Arc::clone(child)).map_err(|_| Stopped)?;
            let started = launch_and_wait(&kernel, &parent, child, Kept::ByPlan, |context| {
                ctx.poll_cancelled(context)
            });
            let mut entry = Entry::new(spec, Kept::ByPlan);
            match started {
                Ok(()) => entry.has_started(kernel.rt.now()),
                // Its supervisor starts it no more than it would restart it.
                Err(_) if child.is_stop_ordered() => entry.settle(),
                // Told to stop meanwhile: the life goes on to find that out.
                Err(SpawnErrorKind::ParentStopping) if ctx.cancelled() => break,
                Err(SpawnErrorKind::Ignored) => entry.settle(),
                Err(kind) => {
                    child.await_start(ctx.identity());
                    Err(ChildFailed {
                        child: child.identity().clone(),
                        kind,
                    })?
                }
            }
            if entry.state == EntryState::Stopped && entry.is_temporary() {
                drop(parent.forget(entry.id()));
            } else {
                supervisor.entries.push(entry);
            }
        }
        Ok(supervisor)
    }

    fn args_mistakes(plan: &Supervision, system: u64) -> Vec<String> {
        plan.mistakes(system)
    }

    fn args_retire(plan: &Supervision) {
        for spec in plan.children.iter().rev() {
            spec.child.finish();
        }
    }
}

impl std::fmt::Debug for Supervisor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Supervisor")
            .field("strategy", &self.strategy)
            .field("entries", &self.entries)
            .finish_non_exhaustive()
    }
}
