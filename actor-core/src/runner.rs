//! One life on its thread, from `start` to the drop.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::actor::Actor;
use crate::cell::{Cell, Phase};
use crate::context::{Context, Handled};
use crate::current;
use crate::environment::Environment;
use crate::events::EventKind;
use crate::exit::{ExitReason, Panic};
use crate::failure::Failure;
use crate::graph::Waiter;
use crate::kernel::Kernel;
use crate::lineage::Lineage;
use crate::protocol::Protocol;
use crate::registry::Registered;
use crate::rt::{INJECTED, IdleStrategy, Moment};
use crate::signal::Signal;
use crate::tree::{stop_child, stop_together};
use crate::turn::Step;
use crate::unwind::{contain, drop_contained};

/// A life that was launched.
pub(crate) struct Life<A: Actor> {
    pub(crate) cell: Arc<Cell<A::Message>>,
    pub(crate) number: u64,
    pub(crate) cancelled: Arc<AtomicBool>,
    pub(crate) environment: Environment,
    pub(crate) args: Arc<A::Args>,
    pub(crate) idle: IdleStrategy,
    pub(crate) lineage: Lineage,
}

impl<A: Actor> Life<A> {
    /// The whole life; the body of its thread.
    pub(crate) fn run(self) {
        let Life {
            cell,
            number,
            cancelled,
            environment,
            args,
            idle,
            lineage,
        } = self;
        // It may hold what is not `Send`, so it is made here.
        let mut ctx = Context::new(Arc::clone(&cell), number, cancelled, environment);
        let identity = &cell.identity;
        let waiter = Waiter {
            identity: identity.clone(),
            life: number,
        };
        current::enter(cell.kernel.number, waiter, lineage);
        let span = tracing::info_span!(
            "actor",
            name = identity.name(),
            id = identity.id().get(),
            life = number
        );
        let _span = span.enter();
        let started = settle(contain(|| {
            match cell.kernel.rt.strike(Moment::Start, identity.name(), "") {
                true => Err(INJECTED.into()),
                false => A::start(&mut ctx, &args),
            }
        }));
        // The record that lent them drops them last, unless this life was left behind in `start`.
        let _ = drop_contained(args);
        let reason = match started {
            Ok(actor) => live(&cell, number, &mut ctx, actor, idle),
            Err(reason) => {
                cell.begin_stopping(number, &reason);
                stop_children(&cell, number, false);
                reason
            }
        };
        // Messages of timers that were not due are user code.
        let reason = drop_contained(ctx).map_or_else(ExitReason::Panicked, |()| reason);
        if !cell.end_life(number, reason) {
            cell.kernel.came_back(identity.id(), number);
        }
    }
}

/// From the successful start to the drop of the state, which lives in no frame that unwinds.
fn live<A: Actor>(
    cell: &Arc<Cell<A::Message>>,
    life: u64,
    ctx: &mut Context<A>,
    mut actor: A,
    idle: IdleStrategy,
) -> ExitReason {
    let end = match announce_start(cell, life) {
        true => {
            cell.join_pool(life);
            serve(cell, life, ctx, &mut actor, idle)
        }
        false => None,
    };
    let killed = matches!(end, Some(End::Killed));
    let mut reason = match end {
        Some(End::For(reason)) => reason,
        Some(End::Killed) => ExitReason::Terminated,
        None => ExitReason::Abandoned,
    };
    cell.fail_in_hand(life, &reason);
    // Left behind meanwhile, it runs nothing more of its own.
    cell.begin_stopping(life, &reason);
    let _ = contain(|| actor.before_stopping(ctx));
    stop_children(cell, life, actor.stops_children_together());
    let left_behind = cell.state_of(life).is_none();
    if !left_behind && !killed {
        let stopped = settle(contain(|| actor.stopping(ctx, &reason)));
        reason = stopped.err().unwrap_or(reason);
    }
    match drop_contained(actor) {
        Ok(()) => reason,
        Err(panic) => ExitReason::Panicked(panic),
    }
}

/// How a life comes to its end.
enum End {
    /// In order, `stopping` included.
    For(ExitReason),
    /// By a `terminate`.
    Killed,
}

/// Takes messages, signals and timers until something ends the life; none if it was left behind.
fn serve<A: Actor>(
    cell: &Cell<A::Message>,
    life: u64,
    ctx: &mut Context<A>,
    actor: &mut A,
    idle: IdleStrategy,
) -> Option<End> {
    let rt = &cell.kernel.rt;
    let identity = &cell.identity;
    // Timers and messages take turns, so that neither starves the other.
    let mut was_timer = false;
    loop {
        if let Some(reason) = ctx.exit_reason() {
            cell.complete(life);
            return Some(End::For(reason));
        }
        let timer = ctx.timers_mut().next();
        let due = timer.is_some_and(|at| at <= rt.now());
        let timer_first = due && !was_timer;
        rt.awaits(|| "a message".to_owned());
        // A simulation lets others go on in any case.
        let simple = !timer_first && ctx.ports().before_mailbox().is_none() && !rt.is_simulated();
        let taken = simple.then(|| cell.next_taken(life)).flatten();
        let step = taken.or_else(|| {
            rt.wait(idle, timer, |context| {
                cell.poll_turn(life, timer_first, ctx.ports(), context)
            })
        });
        was_timer = false;
        let mut from_port = false;
        let mut task = None;
        let (message, asked, attempts) = match step {
            Some(Step::Message {
                message,
                asked,
                attempts,
                task: of_pool,
            }) => {
                ctx.ports_mut().mailbox_had_its_turn();
                task = of_pool;
                (message, asked, attempts)
            }
            Some(Step::Port(place)) => match contain(|| ctx.ports_mut().take(place)) {
                Ok(Some(taken)) => {
                    let name = taken.message.name();
                    if !cell.begin(life, name, None, taken.attempts, taken.comes_again) {
                        // Who left this life behind has put the copy back, if it came too late.
                        let copy = contain(|| ctx.ports_mut().drop_copy());
                        let went_back = taken.comes_again && matches!(copy, Ok(false));
                        cell.give_up_late(life, name, taken.attempts, went_back);
                        let _ = drop_contained(taken.message);
                        return None;
                    }
                    from_port = true;
                    (taken.message, false, taken.attempts)
                }
                Ok(None) => continue,
                // There is no message yet that has a name.
                Err(panic) => {
                    let kept = ctx.ports().kept();
                    let attempts = kept.map_or(0, |next| next - 1);
                    cell.begin(life, "value", None, attempts, kept.is_some());
                    return Some(End::For(ExitReason::Panicked(panic)));
                }
            },
            Some(Step::Signal(Signal::Stop) | Step::Drained) => {
                return Some(End::For(ExitReason::Shutdown(None)));
            }
            Some(Step::Signal(Signal::Terminate)) => return Some(End::Killed),
            Some(Step::Signal(signal)) => {
                match settle(contain(|| heed(cell, life, ctx, actor, signal))) {
                    Ok(None) => continue,
                    Ok(Some(reason)) | Err(reason) => return Some(End::For(reason)),
                }
            }
            Some(Step::Look) => match contain(|| actor.look(ctx)) {
                Ok(()) => continue,
                Err(panic) => return Some(End::For(ExitReason::Panicked(panic))),
            },
            Some(Step::Again) => continue,
            Some(Step::Fenced) => return None,
            // Without a timer that is due, only a simulation that is over does not wait.
            None if timer.is_none_or(|at| rt.now() < at) => return None,
            Some(Step::Timer) | None => {
                was_timer = true;
                match contain(|| ctx.timers_mut().fire(rt.now())) {
                    Ok(Some(message))
                        if cell.begin(life, message.name(), Some(identity.id()), 0, false) =>
                    {
                        (message, false, 0)
                    }
                    Ok(Some(message)) => {
                        let _ = drop_contained(message);
                        return None;
                    }
                    Ok(None) => continue,
                    Err(panic) => return Some(End::For(ExitReason::Panicked(panic))),
                }
            }
        };
        let redelivery = match &task {
            Some(task) => task.redelivery(),
            None => cell.redelivery.filter(|_| !from_port),
        };
        if let (Some(task), Some(pool)) = (&task, &cell.pool) {
            pool.watch_run(task);
        }
        let kept = redelivery.map_or(Ok(()), |redelivery| {
            cell.keep_copy(life, &message, redelivery)
        });
        let keeps = asked || redelivery.is_some() || task.is_some();
        ctx.set_message(asked, attempts, task);
        let handled = match kept {
            Ok(()) => contain(|| {
                let name = message.name();
                rt.note(|| format!("handles {name}"));
                rt.strike(Moment::Before, identity.name(), name);
                let handled = actor.handle(ctx, message);
                rt.strike(Moment::After, identity.name(), name);
                if !matches!(handled, Handled::Later) {
                    rt.strike(Moment::Delay, identity.name(), name);
                }
                handled
            }),
            Err(panic) => {
                let _ = drop_contained(message);
                Err(panic)
            }
        };
        if let Some(reason) = deliver(cell, life, keeps, handled) {
            return Some(End::For(reason));
        }
        if from_port {
            match contain(|| ctx.ports_mut().done()) {
                Ok(ended) => ended.into_iter().for_each(|key| cell.end_lease(life, key)),
                Err(panic) => return Some(End::For(ExitReason::Panicked(panic))),
            }
        }
    }
}

/// What the actor does about a signal; a reason if its life ends by it.
fn heed<A: Actor>(
    cell: &Cell<A::Message>,
    life: u64,
    ctx: &mut Context<A>,
    actor: &mut A,
    signal: Signal,
) -> Result<Option<ExitReason>, Failure> {
    match signal {
        Signal::Child(signal) => actor.child_signal(ctx, signal),
        Signal::Exit(exit) => match cell.is_trapped(life, &exit) {
            Some(true) => actor.linked_exit(ctx, exit)?,
            // A forced end goes on as a reason, not as another forced end.
            Some(false) if exit.ends_its_peer() => {
                return Ok(Some(match exit.reason {
                    ExitReason::Abandoned => ExitReason::Terminated,
                    reason => reason,
                }));
            }
            Some(false) | None => {}
        },
        Signal::Down(down) if cell.has_fired(life, &down) => actor.down(ctx, down)?,
        Signal::Down(_) | Signal::Stop | Signal::Terminate => {}
    }
    Ok(None)
}

/// Tells the starter; false if the life was left behind meanwhile.
fn announce_start<M: Protocol>(cell: &Cell<M>, life: u64) -> bool {
    let on_started = {
        let Some(mut state) = cell.state_of(life) else {
            return false;
        };
        state.phase = Phase::Running;
        state.live.as_mut().and_then(|live| {
            live.announcing = true;
            live.on_started.take()
        })
    };
    tracing::debug!(actor = %cell.identity, life, "started");
    cell.kernel
        .events
        .publish(&cell.identity, life, EventKind::Started);
    if let Some(on_started) = on_started {
        on_started(life, Ok(()));
    }
    let watchers = {
        let mut state = cell.state();
        if let Some(live) = &mut state.live {
            live.announcing = false;
        }
        std::mem::take(&mut state.watchers)
    };
    cell.wake_only(watchers);
    true
}

/// The children stop, the last first or all together. Each stays in the cell until it has: whoever
/// leaves this life behind meanwhile goes on with them.
fn stop_children<M: Protocol>(cell: &Cell<M>, life: u64, together: bool) {
    let Kernel { rt, graph, .. } = &*cell.kernel;
    let waiter = Waiter {
        identity: cell.identity.clone(),
        life,
    };
    if together {
        let children = cell.children(life);
        let ids: Vec<_> = children.iter().map(|child| child.identity().id()).collect();
        let ticket = graph.wait_to_stop(&waiter, &ids);
        stop_together(rt, &children);
        graph.settle(ticket);
        for child in ids {
            cell.forget(life, child);
        }
        return;
    }
    while let Some(child) = cell.last_child(life) {
        let ticket = graph.wait_to_stop(&waiter, &[child.identity().id()]);
        stop_child(rt, &child, None);
        graph.settle(ticket);
        // As one of a plan it may come again.
        child.await_start(&cell.identity);
        cell.forget(life, child.identity().id());
    }
}

#[inline]
fn settle<T>(outcome: Result<Result<T, Failure>, Panic>) -> Result<T, ExitReason> {
    outcome
        .map_err(ExitReason::Panicked)?
        .map_err(ExitReason::Failed)
}

/// Sends the reply where one is waited for; a reason if the handler failed.
#[inline]
fn deliver<M: Protocol>(
    cell: &Cell<M>,
    life: u64,
    keeps: bool,
    handled: Result<Handled<M::Reply>, Panic>,
) -> Option<ExitReason> {
    let reply = match handled {
        Ok(Handled::Reply(reply)) => Some(reply),
        Ok(Handled::Later) => None,
        Ok(Handled::Failed(failure)) => return Some(ExitReason::Failed(failure)),
        Err(panic) => return Some(ExitReason::Panicked(panic)),
    };
    // A plain tell leaves nothing to look after: the next turn completes it.
    let kept = match keeps {
        true => cell.complete(life),
        false => None,
    };
    let mut is_lost = false;
    let (way_back, copy) = kept.map_or((None, None), |kept| {
        let rt = &cell.kernel.rt;
        is_lost =
            kept.reply.is_some() && rt.strike(Moment::Answer, cell.identity.name(), kept.name);
        if let Some(task) = kept.task {
            task.end();
            // Its options are user code.
            let _ = drop_contained(task);
        }
        (kept.reply, kept.copy)
    });
    let unsent = match (way_back, reply) {
        (Some(way_back), Some(reply)) if !is_lost => {
            way_back.send(&cell.kernel.graph, Ok(reply));
            None
        }
        // A handler written by hand that left the way back here: there will be no answer.
        (Some(way_back), reply) => {
            way_back.give_up(&cell.kernel.graph);
            reply
        }
        (_, reply) => reply,
    };
    let dropped = copy.map_or(Ok(()), drop_contained);
    let dropped = dropped.and(unsent.map_or(Ok(()), drop_contained));
    dropped.err().map(ExitReason::Panicked)
}
