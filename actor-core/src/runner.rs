//! One life on its thread, from `start` to the drop.

use std::sync::Arc;

use crate::actor::Actor;
use crate::cell::{Cell, Phase};
use crate::context::{Context, Handled};
use crate::current;
use crate::events::EventKind;
use crate::exit::{ExitReason, Panic};
use crate::failure::Failure;
use crate::protocol::Protocol;
use crate::rt::IdleStrategy;
use crate::signal::Signal;
use crate::tree::stop_children;
use crate::turn::Step;
use crate::unwind::{contain, drop_contained};

/// A life that was launched.
pub(crate) struct Life<A: Actor> {
    pub(crate) cell: Arc<Cell<A::Message>>,
    pub(crate) number: u64,
    pub(crate) context: Context<A>,
    pub(crate) args: Arc<A::Args>,
    pub(crate) idle: IdleStrategy,
}

impl<A: Actor> Life<A> {
    /// The whole life; the body of its thread.
    pub(crate) fn run(self) {
        let Life {
            cell,
            number,
            context: mut ctx,
            args,
            idle,
        } = self;
        let identity = &cell.identity;
        current::enter(cell.kernel.number, identity.id());
        let span = tracing::info_span!(
            "actor",
            name = identity.name(),
            id = identity.id().get(),
            life = number
        );
        let _span = span.enter();
        let started = settle(contain(|| A::start(&mut ctx, &args)));
        // The record that lent them drops them last, unless this life was left behind in `start`.
        let _ = drop_contained(args);
        let reason = match started {
            Ok(actor) => live(&cell, number, &mut ctx, actor, idle),
            Err(reason) => {
                wind_down(&cell, number);
                reason
            }
        };
        drop(ctx);
        if !cell.end_life(number, reason) {
            cell.kernel.came_back(identity.id(), number);
        }
    }
}

/// From the successful start to the drop of the state, which lives in no frame that unwinds.
fn live<A: Actor>(
    cell: &Cell<A::Message>,
    life: u64,
    ctx: &mut Context<A>,
    mut actor: A,
    idle: IdleStrategy,
) -> ExitReason {
    let reason = if announce_start(cell, life) {
        serve(cell, life, ctx, &mut actor, idle)
    } else {
        None
    };
    let fenced = reason.is_none();
    let mut reason = reason.unwrap_or(ExitReason::Abandoned);
    if !fenced {
        cell.fail_in_hand(life, &reason);
        wind_down(cell, life);
        if !matches!(reason, ExitReason::Terminated) {
            let stopped = settle(contain(|| actor.stopping(ctx, &reason)));
            reason = stopped.err().unwrap_or(reason);
        }
    }
    match drop_contained(actor) {
        Ok(()) => reason,
        Err(panic) => ExitReason::Panicked(panic),
    }
}

/// Takes messages and signals until something ends the life; none if it was left behind.
fn serve<A: Actor>(
    cell: &Cell<A::Message>,
    life: u64,
    ctx: &mut Context<A>,
    actor: &mut A,
    idle: IdleStrategy,
) -> Option<ExitReason> {
    let rt = &cell.kernel.rt;
    loop {
        if let Some(reason) = ctx.exit_reason() {
            cell.complete(life);
            return Some(reason);
        }
        let step = rt.wait(idle, None, |context| cell.poll_next(life, context));
        match step? {
            Step::Message { message, asked } => {
                ctx.set_asked(asked);
                let handled = cell
                    .keep_copy(life, &message)
                    .and_then(|()| contain(|| actor.handle(ctx, message)));
                if let Some(reason) = deliver(cell, life, asked, handled) {
                    return Some(reason);
                }
            }
            Step::Signal(Signal::Stop) | Step::Drained => return Some(ExitReason::Shutdown(None)),
            Step::Signal(Signal::Terminate) => return Some(ExitReason::Terminated),
            Step::Signal(Signal::Child(signal)) => {
                if let Err(panic) = contain(|| actor.child_signal(ctx, signal)) {
                    return Some(ExitReason::Panicked(panic));
                }
            }
            Step::Fenced => return None,
        }
    }
}

/// Tells the starter; false if the life was left behind meanwhile.
fn announce_start<M: Protocol>(cell: &Cell<M>, life: u64) -> bool {
    let on_started = {
        let Some(mut state) = cell.state_of(life) else {
            return false;
        };
        state.phase = Phase::Running;
        state.live.as_mut().and_then(|live| live.on_started.take())
    };
    tracing::debug!(actor = %cell.identity, life, "started");
    cell.kernel
        .events
        .publish(&cell.identity, life, EventKind::Started);
    if let Some(on_started) = on_started {
        on_started(life, Ok(()));
    }
    true
}

/// No message is handled any more; the children stop, the last first.
fn wind_down<M: Protocol>(cell: &Cell<M>, life: u64) {
    if let Some(mut state) = cell.state_of(life) {
        state.phase = Phase::Stopping;
    }
    stop_children(&cell.kernel.rt, None, || cell.pop_child(life));
}

fn settle<T>(outcome: Result<Result<T, Failure>, Panic>) -> Result<T, ExitReason> {
    outcome
        .map_err(ExitReason::Panicked)?
        .map_err(ExitReason::Failed)
}

/// Sends the reply where one is waited for; a reason if the handler failed.
fn deliver<M: Protocol>(
    cell: &Cell<M>,
    life: u64,
    asked: bool,
    handled: Result<Handled<M::Reply>, Panic>,
) -> Option<ExitReason> {
    let reply = match handled {
        Ok(Handled::Reply(reply)) => Some(reply),
        Ok(Handled::Later) => None,
        Ok(Handled::Failed(failure)) => return Some(ExitReason::Failed(failure)),
        Err(panic) => return Some(ExitReason::Panicked(panic)),
    };
    // A plain tell leaves nothing to look after: the next turn completes it.
    let kept = match asked || cell.redelivery.is_some() {
        true => cell.complete(life),
        false => None,
    };
    let (way_back, copy) = kept.map_or((None, None), |kept| (kept.reply, kept.copy));
    let unsent = match (way_back, reply) {
        (Some(way_back), Some(reply)) => {
            way_back.send(Ok(reply));
            None
        }
        (_, reply) => reply,
    };
    let dropped = drop_contained(copy).and(drop_contained(unsent));
    dropped.err().map(ExitReason::Panicked)
}
