//! The calls that change a supervisor's children, one at a time.

use crate::context::Context;
use crate::error::SpawnError;
use crate::id::ActorId;
use crate::observe::snapshot::{ActorSnapshot, ActorState};
use crate::tree::Kept;

use super::Supervisor;
use super::caller::Caller;
use super::child_error::{ChildError, ChildId};
use super::child_spec::ChildSpec;
use super::entry::{Entry, EntryState};
use super::operation::{Cause, Operation, Step};
use super::plan::{combination, foreign};
use super::protocol::{AnyActor, SupervisorMessage, SupervisorReply};
use super::strategy::Strategy;

/// What a call comes to: an answer, or an operation that answers when it is done.
type Begun = Result<Option<(Cause, Step)>, ChildError>;

impl Supervisor {
    pub(super) fn call(
        &mut self,
        ctx: &mut Context<Self>,
        call: SupervisorMessage,
        caller: Caller,
    ) {
        let adds = matches!(call, SupervisorMessage::StartChild(_));
        let begun = match call {
            SupervisorMessage::StartChild(spec) => self.start_child(ctx, spec),
            SupervisorMessage::TerminateChild(child) => self.terminate_child(ctx, &child),
            SupervisorMessage::RestartChild(child) => self.restart_child(ctx, &child),
            SupervisorMessage::DeleteChild(child) => self.delete_child(ctx, &child),
            // They change nothing and have been answered.
            _ => Ok(None),
        };
        match begun {
            Ok(Some((cause, step))) => {
                self.operation = Some(Operation::new(cause, Some(caller), [step]));
            }
            Ok(None) => caller.answer(SupervisorReply::Done(Ok(()))),
            Err(error) if adds => caller.answer(SupervisorReply::Child(Err(error))),
            Err(error) => caller.answer(SupervisorReply::Done(Err(error))),
        }
    }

    fn start_child(&mut self, ctx: &mut Context<Self>, mut spec: ChildSpec) -> Begun {
        if let Some(mistake) = foreign(&spec, ctx.kernel().number) {
            return Err(ChildError::ForeignSystem(mistake));
        }
        if let Some(mistake) = combination(&spec, self.auto_shutdown) {
            return Err(ChildError::BadCombination(mistake));
        }
        let same_id = |entry: &&Entry| entry.child.identity().name() == spec.id();
        if self.strategy != Strategy::SimpleOneForOne
            && let Some(entry) = self.entries.iter().find(same_id)
        {
            let actor = entry.child.identity().clone();
            return Err(match entry.state {
                EntryState::Running | EntryState::Stopping => ChildError::AlreadyStarted { actor },
                _ => ChildError::AlreadyPresent { actor },
            });
        }
        let identity = spec.child.identity();
        let adopted = ctx.as_parent().adopt(spec.child.clone());
        adopted.map_err(|kind| SpawnError::new(identity, kind))?;
        let added = AnyActor {
            identity: identity.clone(),
            cell: spec.child.cell(),
        };
        spec.take();
        let entry = Entry::new(&spec, Kept::ByParent);
        let step = Step::Start(entry.id());
        self.entries.push(entry);
        Ok(Some((Cause::Add(added), step)))
    }

    fn terminate_child(&mut self, ctx: &Context<Self>, child: &ChildId) -> Begun {
        if self.strategy == Strategy::SimpleOneForOne && matches!(child, ChildId::Name(_)) {
            return Err(ChildError::SimpleOneForOne);
        }
        let place = match (self.find(child), child) {
            // As in OTP: one that has ended is as good as terminated.
            (Err(_), ChildId::Id(id))
                if self.strategy == Strategy::SimpleOneForOne && !is_alive(ctx, *id) =>
            {
                return Ok(None);
            }
            (found, _) => found?,
        };
        let entry = &mut self.entries[place];
        match entry.state {
            EntryState::Stopped => Ok(None),
            EntryState::Waiting(_) => {
                self.cancel_retry(ctx, place);
                Ok(None)
            }
            EntryState::Due => {
                entry.settle();
                Ok(None)
            }
            EntryState::Running | EntryState::Stopping | EntryState::Starting => {
                Ok(Some((Cause::Terminate, Step::Stop(entry.id()))))
            }
        }
    }

    fn restart_child(&mut self, ctx: &Context<Self>, child: &ChildId) -> Begun {
        let place = self.find_stopped(child)?;
        let entry = &mut self.entries[place];
        entry.revive(ctx);
        Ok(Some((Cause::Again, Step::Start(entry.id()))))
    }

    fn delete_child(&mut self, ctx: &Context<Self>, child: &ChildId) -> Begun {
        let place = self.find_stopped(child)?;
        self.remove(ctx, place);
        Ok(None)
    }

    fn find_stopped(&self, child: &ChildId) -> Result<usize, ChildError> {
        if self.strategy == Strategy::SimpleOneForOne {
            return Err(ChildError::SimpleOneForOne);
        }
        let place = self.find(child)?;
        let entry = &self.entries[place];
        let actor = || entry.child.identity().clone();
        match entry.state {
            EntryState::Stopped => Ok(place),
            EntryState::Running | EntryState::Stopping => {
                Err(ChildError::Running { actor: actor() })
            }
            _ => Err(ChildError::Restarting { actor: actor() }),
        }
    }

    /// The place of a child. Children of one name are found only by the id of their actor.
    pub(super) fn find(&self, child: &ChildId) -> Result<usize, ChildError> {
        let place = match child {
            ChildId::Id(id) => self.place_of(*id),
            ChildId::Name(name) => {
                let named = |entry: &Entry| entry.child.identity().name() == name;
                self.entries.iter().position(named)
            }
        };
        place.ok_or_else(|| ChildError::NotFound {
            child: child.clone(),
        })
    }

    /// The typed handle's other half.
    pub(super) fn find_child(&self, child: &ChildId) -> Result<AnyActor, ChildError> {
        if self.strategy == Strategy::SimpleOneForOne && matches!(child, ChildId::Name(_)) {
            return Err(ChildError::SimpleOneForOne);
        }
        let record = &self.entries[self.find(child)?].child;
        Ok(AnyActor {
            identity: record.identity().clone(),
            cell: record.cell(),
        })
    }
}

/// Whether an actor of that id is anywhere in the tree.
fn is_alive(ctx: &Context<Supervisor>, id: ActorId) -> bool {
    let mut left: Vec<ActorSnapshot> = ctx
        .kernel()
        .root
        .children()
        .iter()
        .map(|child| child.snapshot())
        .collect();
    while let Some(one) = left.pop() {
        if one.actor.id() == id && one.state != ActorState::Ended {
            return true;
        }
        left.extend(one.children);
    }
    false
}
