//! What a supervisor is doing: children to stop and to start, one after another.
//!
//! Nothing here waits. A step orders something, and its end comes as a signal of the child; until
//! then the supervisor answers reads, and queues exits and other calls.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::context::Context;
use crate::error::{SpawnError, SpawnErrorKind};
use crate::graph::{Refused, Ticket};
use crate::id::{ActorId, Identity};
use crate::policy::Shutdown;
use crate::timer::Timer;

use super::Supervisor;
use super::caller::Caller;
use super::child_error::ChildError;
use super::edge::Edge;
use super::entry::EntryState;
use super::protocol::{AnyActor, SupervisorReply};
use super::reminder::Matter;

pub(super) struct Operation {
    cause: Cause,
    caller: Option<Caller>,
    steps: VecDeque<Step>,
    /// What the step that goes on waits for.
    wait: Option<Wait>,
    outcome: Result<(), ChildError>,
}

pub(super) enum Cause {
    /// An exit of this child, which calls for a restart.
    Restart(ActorId),
    /// `start_child` of this actor.
    Add(AnyActor),
    /// `restart_child`.
    Again,
    /// `terminate_child`.
    Terminate,
}

#[derive(Clone, Copy)]
pub(super) enum Step {
    Stop(ActorId),
    Start(ActorId),
}

struct Wait {
    child: ActorId,
    life: u64,
    number: u64,
    /// When the child will be left behind.
    timer: Option<Timer>,
    /// Held for its drop.
    _edge: Edge,
}

impl Operation {
    pub(super) fn new(
        cause: Cause,
        caller: Option<Caller>,
        steps: impl IntoIterator<Item = Step>,
    ) -> Self {
        Operation {
            cause,
            caller,
            steps: steps.into_iter().collect(),
            wait: None,
            outcome: Ok(()),
        }
    }

    fn is_restart(&self) -> bool {
        matches!(self.cause, Cause::Restart(_))
    }

    /// Whether it is going to start the child.
    pub(super) fn will_start(&self, child: ActorId) -> bool {
        let starts = |step: &Step| matches!(step, Step::Start(id) if *id == child);
        self.steps.iter().any(starts)
    }

    fn finish(self) {
        let Some(caller) = self.caller else {
            return;
        };
        caller.answer(match self.cause {
            Cause::Add(actor) => SupervisorReply::Child(self.outcome.map(|()| actor)),
            Cause::Restart(_) | Cause::Again | Cause::Terminate => {
                SupervisorReply::Done(self.outcome)
            }
        });
    }
}

impl Supervisor {
    /// Goes on with the operation; false if it has to wait for a child.
    pub(super) fn proceed(&mut self, ctx: &mut Context<Self>) -> bool {
        while let Some(operation) = &mut self.operation {
            if operation.wait.is_some() {
                return false;
            }
            match operation.steps.pop_front() {
                Some(Step::Stop(child)) => self.stop(ctx, child),
                Some(Step::Start(child)) => self.start(ctx, child),
                None => self
                    .operation
                    .take()
                    .into_iter()
                    .for_each(Operation::finish),
            }
        }
        true
    }

    fn stop(&mut self, ctx: &mut Context<Self>, id: ActorId) {
        let Some(place) = self.place_of(id) else {
            return;
        };
        let entry = &mut self.entries[place];
        if entry.state != EntryState::Running {
            return;
        }
        let (child, life) = (Arc::clone(&entry.child), entry.life);
        if !child.is_live() {
            // It was dead already, and its exit is dealt with by this.
            self.queue.retain(|work| !work.is_exit_of(id, life));
            self.has_stopped(ctx, place);
            return;
        }
        entry.state = EntryState::Stopping;
        let number = self.next_number();
        // Also where it has a deadline, for then it is the child that is left behind.
        let edge = self.edge_to(ctx, child.identity(), "stop");
        let timer = match child.shutdown() {
            Shutdown::Timeout(timeout) => {
                Some(ctx.send_after(timeout, Matter::Overdue(number).into()))
            }
            Shutdown::Infinity | Shutdown::Brutal => None,
        };
        self.wait_for(id, life, number, timer, edge);
        match child.shutdown() {
            Shutdown::Brutal => child.abandon_elsewhere(),
            // What becomes of it is for its entry to say.
            _ => child.order_pause(),
        }
    }

    fn start(&mut self, ctx: &mut Context<Self>, id: ActorId) {
        let Some(place) = self.place_of(id) else {
            return;
        };
        if self.entries[place].state == EntryState::Stopped {
            // It was told to stop before its turn came.
            if !self.operation.as_ref().is_some_and(Operation::is_restart) {
                self.has_started(ctx, place, Err(SpawnErrorKind::ParentStopping));
            }
            return;
        }
        // From here on the desk waits for the child, and not the other way round.
        let child = self.entries[place].child.identity().clone();
        let edge = self.edge_to(ctx, &child, "start");
        // Before the child goes on: it may ask whoever waited for its start.
        let over = edge.settler();
        match self.entries[place].start(ctx, over) {
            Ok(life) => {
                let number = self.next_number();
                self.wait_for(id, life, number, None, edge);
            }
            Err(kind) => self.has_started(ctx, place, Err(kind)),
        }
    }

    fn wait_for(
        &mut self,
        child: ActorId,
        life: u64,
        number: u64,
        timer: Option<Timer>,
        edge: Edge,
    ) {
        if let Some(operation) = &mut self.operation {
            operation.wait = Some(Wait {
                child,
                life,
                number,
                timer,
                _edge: edge,
            });
        }
    }

    /// Ends the wait for `life` of `child`; false if that is not what is waited for.
    pub(super) fn end_wait(&mut self, ctx: &mut Context<Self>, child: ActorId, life: u64) -> bool {
        let wait = self.operation.as_mut().and_then(|operation| {
            operation
                .wait
                .take_if(|wait| (wait.child, wait.life) == (child, life))
        });
        if let Some(timer) = wait.as_ref().and_then(|wait| wait.timer) {
            ctx.cancel(timer);
        }
        wait.is_some()
    }

    /// The child that was to stop is down.
    pub(super) fn has_stopped(&mut self, ctx: &mut Context<Self>, place: usize) {
        let comes_again = self.comes_again(place);
        let entry = &mut self.entries[place];
        entry.child.join_thread();
        if comes_again && !entry.is_temporary() {
            entry.await_start(ctx, EntryState::Due);
        } else {
            self.end(ctx, place);
        }
    }

    /// Whether the child, which the operation has stopped, starts again: by a step, or together with
    /// the sibling whose restart has to wait, unless that was told to stop meanwhile.
    fn comes_again(&self, place: usize) -> bool {
        let Some(operation) = &self.operation else {
            return false;
        };
        let Cause::Restart(cause) = operation.cause else {
            return false;
        };
        let waits = |place: usize| matches!(self.entries[place].state, EntryState::Waiting(_));
        operation.will_start(self.entries[place].id()) || self.place_of(cause).is_some_and(waits)
    }

    /// The child's start is over.
    pub(super) fn has_started(
        &mut self,
        ctx: &mut Context<Self>,
        place: usize,
        outcome: Result<(), SpawnErrorKind>,
    ) {
        let Some(operation) = &mut self.operation else {
            return;
        };
        let entry = &mut self.entries[place];
        let kind = match outcome {
            Ok(()) => {
                entry.has_started(ctx.kernel().rt.now());
                return;
            }
            Err(kind) => kind,
        };
        entry.child.join_thread();
        let actor = entry.child.identity();
        let ignored = matches!(kind, SpawnErrorKind::Ignored);
        if operation.is_restart() {
            if ignored || entry.child.is_stop_ordered() {
                self.end(ctx, place);
            } else {
                operation.steps.clear();
                self.try_again(ctx, place);
            }
            return;
        }
        operation.outcome = Err(match kind {
            SpawnErrorKind::Ignored => ChildError::Ignored {
                actor: actor.clone(),
            },
            kind => SpawnError::new(actor, kind).into(),
        });
        let added = matches!(operation.cause, Cause::Add(_));
        if added && !ignored {
            self.remove(ctx, place);
        } else {
            self.end(ctx, place);
        }
    }

    /// The child that is to stop has taken longer than it may.
    pub(super) fn overdue(&mut self, number: u64) {
        let wait = self.operation.as_ref().and_then(|it| it.wait.as_ref());
        let child = wait
            .filter(|wait| wait.number == number)
            .map(|wait| wait.child);
        if let Some(place) = child.and_then(|child| self.place_of(child)) {
            // Its exit comes as a signal, as ever.
            Arc::clone(&self.entries[place].child).abandon_elsewhere();
        }
    }

    /// From now on, whoever waits at the desk waits for the child. Who would wait for itself by
    /// that is told so: a caller, or who asked a child that is to start after this one.
    pub(super) fn edge_to(
        &mut self,
        ctx: &Context<Self>,
        child: &Identity,
        message: &'static str,
    ) -> Edge {
        let (edge, refused) = Edge::of_desk(ctx, child, message);
        for (ticket, cycle) in refused.into_iter().filter_map(Refused::tell) {
            if let Some(caller) = self.take_caller(ticket) {
                caller.refuse(cycle);
            }
        }
        edge
    }

    fn take_caller(&mut self, ticket: Ticket) -> Option<Caller> {
        let is = |caller: &Caller| caller.has(ticket);
        let operation = self.operation.as_mut();
        let own = operation.and_then(|operation| operation.caller.take_if(|caller| is(caller)));
        own.or_else(|| {
            let place = self.queue.iter().position(|work| work.is_call(is))?;
            self.queue.remove(place)?.into_caller()
        })
    }
}
