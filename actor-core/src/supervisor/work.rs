//! What waits for a supervisor: exits, calls and retries, in the order in which they came.

use crate::context::Context;
use crate::exit::ExitReason;
use crate::id::ActorId;

use super::Supervisor;
use super::caller::Caller;
use super::protocol::SupervisorMessage;

pub(super) enum Work {
    Exit {
        child: ActorId,
        life: u64,
        reason: ExitReason,
    },
    Call(SupervisorMessage, Caller),
    /// Comes after the exits and calls that waited when it was made: not before so many messages
    /// were handled, unless none waits.
    Retry {
        child: ActorId,
        number: u64,
        after: usize,
    },
}

impl Work {
    pub(super) fn is_exit_of(&self, id: ActorId, number: u64) -> bool {
        matches!(self, Work::Exit { child, life, .. } if (*child, *life) == (id, number))
    }

    pub(super) fn is_call(&self, of: impl Fn(&Caller) -> bool) -> bool {
        matches!(self, Work::Call(_, caller) if of(caller))
    }

    pub(super) fn into_caller(self) -> Option<Caller> {
        match self {
            Work::Call(_, caller) => Some(caller),
            Work::Exit { .. } | Work::Retry { .. } => None,
        }
    }
}

impl Supervisor {
    /// Adds an exit, or a call that came as the message with the number `handled`, before the
    /// retries that it goes before.
    pub(super) fn queue(&mut self, ctx: &Context<Self>, work: Work) {
        let is_call = matches!(work, Work::Call(..));
        let goes_after = |other: &Work| match other {
            Work::Retry { after, .. } if is_call => self.handled > *after,
            Work::Retry { after, .. } => self.is_time(ctx, *after),
            _ => true,
        };
        let place = self.queue.iter().position(|other| !goes_after(other));
        self.queue.insert(place.unwrap_or(self.queue.len()), work);
    }

    /// Whether nothing that waited before is left. If not, it will be handled, and asked again.
    fn is_time(&self, ctx: &Context<Self>, after: usize) -> bool {
        !ctx.has_child_signals() && (self.handled >= after || ctx.waiting_messages() == 0)
    }

    /// Does what waits, until a child has to be waited for.
    pub(super) fn advance(&mut self, ctx: &mut Context<Self>) {
        while self.proceed(ctx) && !ctx.is_exiting() {
            match self.queue.front() {
                None => return,
                Some(Work::Retry { after, .. }) if !self.is_time(ctx, *after) => return,
                Some(_) => {}
            }
            match self.queue.pop_front() {
                Some(Work::Exit {
                    child,
                    life,
                    reason,
                }) => self.exited(ctx, child, life, &reason),
                Some(Work::Call(call, caller)) => self.call(ctx, call, caller),
                Some(Work::Retry { child, number, .. }) => self.retry(ctx, child, number),
                None => {}
            }
        }
    }
}
