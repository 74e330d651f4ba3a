//! Supervisors: actors that start others, in order, and restart what ends.
//!
//! A supervisor is an actor on its own thread and a state machine. A restart runs on the child's
//! new thread and its outcome comes back as a signal, so the supervisor goes on answering reads
//! and can be stopped meanwhile. Exits are matched by life, never by id alone.

mod failures;
mod intensity;
mod plan;
mod protocol;

use std::fmt;
use std::sync::Arc;

use crate::actor::Actor;
use crate::context::{Context, Handled, Handler};
use crate::error::SpawnErrorKind;
use crate::events::EventKind;
use crate::exit::ExitReason;
use crate::failure::Failure;
use crate::launch::launch_and_wait;
use crate::policy::{Restart, Shutdown};
use crate::signal::{ChildEvent, ChildSignal};
use crate::tree::{Child, Kept, OnStarted};

use failures::{ChildFailed, GaveUp, Stopped, TooMuch};
use intensity::Intensity;
pub use plan::Supervision;
pub use protocol::{
    ChildCounts, ChildInfo, ChildState, SupervisorHandle, SupervisorMessage, SupervisorReply,
};

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
#[derive(Debug)]
pub struct Supervisor {
    entries: Vec<Entry>,
    intensity: Intensity,
    limits: (usize, std::time::Duration),
    max_abandoned: Option<usize>,
}

struct Entry {
    child: Arc<dyn Child>,
    restart: Restart,
    /// The life that its state is about.
    life: u64,
    state: EntryState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum EntryState {
    Running,
    Starting,
    /// A start failed; the retry is in the queue.
    Retrying,
    Stopped,
}

impl Supervisor {
    /// A plan by which a child that ends is restarted alone.
    pub fn one_for_one() -> Supervision {
        Supervision::new()
    }

    /// The child has ended by itself, or was told to through its handle.
    fn exited(&mut self, ctx: &mut Context<Self>, place: usize, reason: &ExitReason) {
        let entry = &mut self.entries[place];
        entry.child.join_thread();
        if !entry.child.is_stop_ordered() && entry.restart.applies_to(reason) {
            self.restart(ctx, place, reason);
            return;
        }
        entry.state = EntryState::Stopped;
        entry.child.finish();
        if entry.restart == Restart::Temporary {
            let entry = self.entries.remove(place);
            drop(ctx.as_parent().forget(entry.child.identity().id()));
        }
    }

    /// Counts one restart, then starts the child again, or gives up.
    fn restart(&mut self, ctx: &mut Context<Self>, place: usize, reason: &ExitReason) {
        let kernel = Arc::clone(ctx.kernel());
        let (limit, period) = self.limits;
        if !self.intensity.allows(kernel.rt.now()) {
            self.give_up(ctx, place, reason, TooMuch::Restarts { limit, period });
            return;
        }
        if let Some(limit) = self.max_abandoned {
            let ours = |id| {
                self.entries
                    .iter()
                    .any(|entry| entry.child.identity().id() == id)
            };
            if kernel.count_left_behind(ours) > limit {
                self.give_up(ctx, place, reason, TooMuch::Abandoned { limit });
                return;
            }
        }
        let entry = &mut self.entries[place];
        let identity = entry.child.identity();
        tracing::info!(supervisor = %ctx.identity(), child = %identity, %reason, "restarts");
        let restarted = EventKind::Restarted {
            reason: reason.clone(),
        };
        kernel.events.publish(identity, entry.life + 1, restarted);
        entry.start(ctx);
    }

    fn give_up(
        &mut self,
        ctx: &mut Context<Self>,
        place: usize,
        reason: &ExitReason,
        too_much: TooMuch,
    ) {
        let entry = &mut self.entries[place];
        entry.state = EntryState::Stopped;
        let gave_up = GaveUp {
            child: entry.child.identity().clone(),
            reason: reason.clone(),
            too_much,
        };
        tracing::error!(supervisor = %ctx.identity(), %gave_up, "gave up");
        ctx.exit_with(ExitReason::Shutdown(Some(gave_up.into())));
    }

    fn started(
        &mut self,
        ctx: &mut Context<Self>,
        place: usize,
        outcome: Result<(), SpawnErrorKind>,
    ) {
        let entry = &mut self.entries[place];
        match outcome {
            Ok(()) => entry.state = EntryState::Running,
            Err(SpawnErrorKind::Ignored) => {
                entry.state = EntryState::Stopped;
                entry.child.finish();
            }
            Err(_) if entry.child.is_stop_ordered() => {
                self.exited(ctx, place, &ExitReason::Shutdown(None));
            }
            Err(_) => entry.retry(ctx),
        }
    }
}

impl Entry {
    /// Starts the child's next life; the outcome comes as a signal.
    fn start(&mut self, ctx: &Context<Supervisor>) {
        let (parent, child) = (ctx.as_parent(), self.child.identity().id());
        let on_started: OnStarted = Box::new(move |life, outcome| {
            parent.signal(ChildSignal {
                child,
                life,
                event: ChildEvent::Started(outcome),
            });
        });
        self.life += 1;
        self.state = EntryState::Starting;
        let launched = Arc::clone(&self.child).launch(ctx.as_parent(), Kept::ByParent, on_started);
        match launched {
            Ok(life) => self.life = life,
            Err(_) => self.retry(ctx),
        }
    }

    /// Queues a further attempt, behind the exits that wait, as OTP does.
    fn retry(&mut self, ctx: &Context<Supervisor>) {
        self.state = EntryState::Retrying;
        ctx.as_parent().signal(ChildSignal {
            child: self.child.identity().id(),
            life: self.life,
            event: ChildEvent::Retry,
        });
    }

    fn info(&self) -> ChildInfo {
        ChildInfo {
            actor: self.child.identity().clone(),
            restart: self.restart,
            state: match self.state {
                EntryState::Running => ChildState::Running(self.life),
                EntryState::Starting | EntryState::Retrying => ChildState::Restarting,
                EntryState::Stopped => ChildState::Stopped,
            },
        }
    }
}

impl Handler for Supervisor {
    type Message = SupervisorMessage;

    const SHUTDOWN: Shutdown = Shutdown::Infinity;

    fn handle(
        &mut self,
        _ctx: &mut Context<Self>,
        message: SupervisorMessage,
    ) -> Handled<SupervisorReply> {
        Handled::Reply(match message {
            SupervisorMessage::WhichChildren => {
                SupervisorReply::WhichChildren(self.entries.iter().map(Entry::info).collect())
            }
            SupervisorMessage::CountChildren => {
                let active = |entry: &&Entry| entry.state == EntryState::Running;
                SupervisorReply::CountChildren(ChildCounts {
                    specs: self.entries.len(),
                    active: self.entries.iter().filter(active).count(),
                })
            }
        })
    }

    fn child_signal(&mut self, ctx: &mut Context<Self>, signal: ChildSignal) {
        let of_signal = |entry: &Entry| {
            entry.child.identity().id() == signal.child && entry.life == signal.life
        };
        let Some(place) = self.entries.iter().position(of_signal) else {
            return;
        };
        match signal.event {
            ChildEvent::Started(outcome) => self.started(ctx, place, outcome),
            ChildEvent::Exited(reason) => self.exited(ctx, place, &reason),
            ChildEvent::Retry => {
                if self.entries[place].state == EntryState::Retrying {
                    let reason = self.entries[place].child.last_exit();
                    self.exited(ctx, place, &reason);
                }
            }
        }
    }
}

impl Actor for Supervisor {
    type Args = Supervision;

    fn start(ctx: &mut Context<Self>, plan: &Supervision) -> Result<Self, Failure> {
        plan.check(ctx.kernel().number)?;
        let mut supervisor = Supervisor {
            entries: Vec::new(),
            intensity: Intensity::new(plan.limit, plan.period),
            limits: (plan.limit, plan.period),
            max_abandoned: plan.max_abandoned,
        };
        let kernel = Arc::clone(ctx.kernel());
        let parent = ctx.as_parent();
        for (child, restart) in &plan.children {
            child.reopen();
            parent.adopt(Arc::clone(child)).map_err(|_| Stopped)?;
            let started = launch_and_wait(&kernel, &parent, child, Kept::ByParent, |context| {
                ctx.poll_cancelled(context)
            });
            let state = match started {
                Ok(()) => EntryState::Running,
                // Told to stop meanwhile: the life goes on to find that out.
                Err(SpawnErrorKind::ParentStopping) => break,
                Err(SpawnErrorKind::Ignored) => {
                    child.finish();
                    if *restart == Restart::Temporary {
                        drop(parent.forget(child.identity().id()));
                        continue;
                    }
                    EntryState::Stopped
                }
                Err(kind) => Err(ChildFailed {
                    child: child.identity().clone(),
                    kind,
                })?,
            };
            supervisor.entries.push(Entry {
                child: Arc::clone(child),
                restart: *restart,
                life: child.life(),
                state,
            });
        }
        Ok(supervisor)
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.info(), f)
    }
}
