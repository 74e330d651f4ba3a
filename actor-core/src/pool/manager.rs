//! The front of a pool: the actor to whom tasks are sent. It hands none of them on, for its workers
//! take them from its mailbox; it starts workers, replaces those that end, and lets go of those that
//! have had nothing to do for long.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Poll, Wake, Waker};
use std::time::{Duration, Instant};

use crate::actor::Actor;
use crate::alarm::Kept as KeptTime;
use crate::cell::Cell;
use crate::context::{Context, Handled, Handler};
use crate::crowd::Crowd;
use crate::error::SpawnErrorKind;
use crate::exit::ExitReason;
use crate::failure::Failure;
use crate::intensity::Intensity;
use crate::oneshot;
use crate::policy::Shutdown;
use crate::protocol::Protocol;
use crate::rt::IdleStrategy;
use crate::signal::{ChildEvent, ChildSignal};
use crate::tree::{Child, Kept, OnStarted};

use super::failed::{VainEnd, WorkerFailed};
use super::plan::PoolPlan;
use super::slot::{Slot, SlotState};

/// The front of a pool of `A`, as an actor: what a supervisor starts as its child.
pub struct Front<A: Actor> {
    plan: Arc<PoolPlan<A>>,
    slots: Vec<Slot>,
    intensity: Intensity,
    /// No thread could be made; not before then is another worker tried.
    grows_from: Option<Instant>,
    alarm: Option<KeptTime>,
}

/// Lets the front look, when it is time.
struct Look<M: Protocol>(Arc<Cell<M>>);

impl<M: Protocol> Wake for Look<M> {
    fn wake(self: Arc<Self>) {
        self.0.ask_to_look();
    }
}

impl<A: Actor> Front<A> {
    fn crowd(ctx: &Context<Self>) -> Option<&Crowd> {
        ctx.cell().mailbox.crowd.as_deref()
    }

    /// The smallest number that no worker has.
    fn free_index(&self) -> usize {
        let taken = |index: &usize| self.slots.iter().any(|slot| slot.index == *index);
        (0..).find(|index| !taken(index)).unwrap_or_default()
    }

    /// Declares a worker and takes it into the list of children.
    fn declare(
        plan: &PoolPlan<A>,
        ctx: &mut Context<Self>,
        index: usize,
    ) -> Result<Slot, SpawnErrorKind> {
        let pool = Arc::clone(ctx.cell());
        let (child, _) = plan.worker(ctx, index, &pool).into_child();
        ctx.as_parent().adopt(Arc::clone(&child))?;
        Ok(Slot::new(index, child))
    }

    /// Does what is due.
    fn advance(&mut self, ctx: &mut Context<Self>) {
        if ctx.is_exiting() {
            return;
        }
        let now = ctx.kernel().rt.now();
        for place in 0..self.slots.len() {
            if let SlotState::Waiting(due) = self.slots[place].state
                && due <= now
            {
                self.start(ctx, place, now);
            }
        }
        self.grow(ctx, now);
        let until_idle = self.shrink(ctx, now);
        // Where no other worker can come, whoever waits for the pool waits for these.
        let all = (!self.expects_others()).then(|| self.slots.iter().map(Slot::id).collect());
        ctx.cell().set_growth(ctx.life(), self.may_grow(), all);
        let waits = self.slots.iter().filter_map(|slot| match slot.state {
            SlotState::Waiting(due) => Some(due),
            _ => None,
        });
        let next = waits.chain(self.grows_from).chain(until_idle).min();
        self.alarm = next.and_then(|at| {
            let look = Waker::from(Arc::new(Look(Arc::clone(ctx.cell()))));
            KeptTime::new(ctx.kernel(), at, look)
        });
    }

    fn start(&mut self, ctx: &mut Context<Self>, place: usize, now: Instant) {
        let slot = &mut self.slots[place];
        if let Err(kind) = slot.start(ctx) {
            self.ended_in_vain(ctx, place, VainEnd::Start(kind), now);
        }
    }

    fn count(&self, state: SlotState) -> usize {
        let slots = self.slots.iter();
        slots.filter(|slot| slot.state == state).count()
    }

    /// Whether another worker may be started now: they come one by one.
    fn may_grow(&self) -> bool {
        let starts = self.count(SlotState::Starting) > 0;
        self.slots.len() < self.plan.max && !starts && self.grows_from.is_none()
    }

    /// One more worker, if tasks wait for one.
    fn grow(&mut self, ctx: &mut Context<Self>, now: Instant) {
        self.grows_from = self.grows_from.filter(|from| *from > now);
        let lacks = ctx
            .cell()
            .lacks_workers(ctx.life(), self.count(SlotState::Running));
        if !lacks || !self.may_grow() {
            return;
        }
        let plan = Arc::clone(&self.plan);
        let Ok(mut slot) = Self::declare(&plan, ctx, self.free_index()) else {
            return;
        };
        match slot.start(ctx) {
            Ok(()) => self.slots.push(slot),
            // Without it there is nobody.
            Err(kind) if self.slots.is_empty() => {
                self.slots.push(slot);
                self.ended_in_vain(ctx, 0, VainEnd::Start(kind), now);
            }
            Err(kind) => {
                tracing::warn!(pool = %ctx.identity(), %kind, "does not grow");
                Self::dismiss(ctx, &slot);
                self.grows_from = Some(now + self.plan.backoff.delay(0, ctx.kernel().rt.random()));
            }
        }
    }

    /// One worker less, if one has had nothing to do for long; else when that may be.
    fn shrink(&mut self, ctx: &Context<Self>, now: Instant) -> Option<Instant> {
        let idle_timeout = self.plan.idle_timeout?;
        let crowd = Self::crowd(ctx)?;
        loop {
            let stay = self.slots.len() - self.count(SlotState::Retiring);
            if stay <= self.plan.min {
                return None;
            }
            let Some((worker, since)) = crowd.longest_idle() else {
                return now.checked_add(idle_timeout.max(LOOKS_AGAIN));
            };
            let due = since.checked_add(idle_timeout)?;
            if due > now {
                return Some(due);
            }
            // Of one that does not count as running yet we are about to hear.
            let running =
                |slot: &&mut Slot| slot.id() == worker && slot.state == SlotState::Running;
            let slot = self.slots.iter_mut().find(running)?;
            if crowd.dismiss(worker) {
                slot.state = SlotState::Retiring;
                slot.child.order_end();
            }
        }
    }

    /// Whether another worker may come before one of these is done with what it does: one that
    /// starts is waited for.
    fn expects_others(&self) -> bool {
        let starts = self.count(SlotState::Starting) > 0;
        let comes = |slot: &Slot| matches!(slot.state, SlotState::Waiting(_) | SlotState::Retiring);
        self.slots.iter().any(comes) || (self.slots.len() < self.plan.max && !starts)
    }

    /// A worker that does not run is no child any more.
    fn dismiss(ctx: &Context<Self>, slot: &Slot) {
        drop(ctx.as_parent().forget(slot.id()));
        slot.child.finish();
    }

    fn has_ended(&mut self, ctx: &mut Context<Self>, place: usize, reason: &ExitReason) {
        let now = ctx.kernel().rt.now();
        let slot = &mut self.slots[place];
        slot.child.join_thread();
        let done = ctx.cell().departed(slot.id());
        if slot.state == SlotState::Retiring {
            let slot = self.slots.remove(place);
            return Self::dismiss(ctx, &slot);
        }
        if done == 0 && !slot.child.is_stop_ordered() {
            let end = VainEnd::Exit(reason.clone());
            return self.ended_in_vain(ctx, place, end, now);
        }
        slot.failures = 0;
        self.renew(ctx, place);
        self.start(ctx, place, now);
    }

    /// One that was told to stop by somebody else starts no more: another takes its place.
    fn renew(&mut self, ctx: &mut Context<Self>, place: usize) {
        let slot = &self.slots[place];
        if !slot.child.is_stop_ordered() {
            return;
        }
        Self::dismiss(ctx, slot);
        let (plan, index, failures) = (Arc::clone(&self.plan), slot.index, slot.failures);
        if let Ok(slot) = Self::declare(&plan, ctx, index) {
            self.slots[place] = Slot { failures, ..slot };
        }
    }

    /// A life that did nothing has ended: another is tried later, unless there were too many.
    fn ended_in_vain(&mut self, ctx: &mut Context<Self>, place: usize, end: VainEnd, now: Instant) {
        let worker = self.slots[place].child.identity().clone();
        if !self.intensity.allows(now) {
            let failed = WorkerFailed {
                worker,
                end,
                limit: Some((self.plan.limit(), self.plan.period)),
            };
            tracing::error!(pool = %ctx.identity(), %failed, "gave up");
            ctx.exit_with(ExitReason::Failed(failed.into()));
            return;
        }
        self.renew(ctx, place);
        let slot = &mut self.slots[place];
        let delay = self
            .plan
            .backoff
            .delay(slot.failures, ctx.kernel().rt.random());
        slot.failures = slot.failures.saturating_add(1);
        tracing::warn!(%worker, %end, ?delay, "did nothing; another life is tried");
        slot.state = SlotState::Waiting(now.checked_add(delay).unwrap_or(now));
    }
}

impl<A: Actor> Handler for Front<A> {
    type Message = A::Message;

    const SHUTDOWN: Shutdown = Shutdown::Infinity;

    fn stops_children_together(&self) -> bool {
        true
    }

    fn before_stopping(&mut self, ctx: &mut Context<Self>) {
        self.alarm = None;
        ctx.cell().set_growth(ctx.life(), false, None);
    }

    fn handle(
        &mut self,
        ctx: &mut Context<Self>,
        message: A::Message,
    ) -> Handled<<A::Message as Protocol>::Reply> {
        let _ = ctx;
        Handled::Failed(format!("`{}` was handed to a pool's front", message.name()).into())
    }

    fn look(&mut self, ctx: &mut Context<Self>) {
        self.advance(ctx);
    }

    fn child_signal(&mut self, ctx: &mut Context<Self>, signal: ChildSignal) {
        let ChildSignal { child, life, event } = signal;
        let of = |slot: &Slot| slot.id() == child && slot.life == life;
        let Some(place) = self.slots.iter().position(of) else {
            return;
        };
        match event {
            ChildEvent::Started(Ok(())) => self.slots[place].state = SlotState::Running,
            ChildEvent::Started(Err(kind)) => {
                self.slots[place].child.join_thread();
                let now = ctx.kernel().rt.now();
                self.ended_in_vain(ctx, place, VainEnd::Start(kind), now);
            }
            ChildEvent::Exited(reason) => self.has_ended(ctx, place, &reason),
            ChildEvent::StopOrdered => {
                // Otherwise we are about to hear of the end of its life.
                if let SlotState::Waiting(due) = self.slots[place].state {
                    self.renew(ctx, place);
                    self.slots[place].state = SlotState::Waiting(due);
                }
            }
        }
        self.advance(ctx);
    }
}

impl<A: Actor> Actor for Front<A> {
    type Args = Arc<PoolPlan<A>>;

    /// All workers start at the same time.
    fn start(ctx: &mut Context<Self>, plan: &Arc<PoolPlan<A>>) -> Result<Self, Failure> {
        let kernel = Arc::clone(ctx.kernel());
        ctx.cell().forget_departed();
        let mut slots = Vec::new();
        for index in 0..plan.min {
            slots.push(Self::declare(plan, ctx, index).map_err(|_| "it was told to stop")?);
        }
        let ids: Vec<_> = slots.iter().map(Slot::id).collect();
        // Before any of them runs, or a question of its start could close a cycle first.
        let waiter = kernel.current_waiter();
        let ticket = waiter.map(|waiter| kernel.graph.wait_to_start(&waiter, &ids));
        let end_wait = || ticket.into_iter().for_each(|one| kernel.graph.settle(one));
        let mut starts = Vec::new();
        for slot in &mut slots {
            let (sender, receiver) = oneshot::channel();
            let (kernel, id) = (Arc::clone(&kernel), slot.id());
            let on_started: OnStarted = Box::new(move |_, started| {
                if let Some(ticket) = ticket {
                    match &started {
                        Ok(()) => kernel.graph.let_go(ticket, id),
                        Err(_) => kernel.graph.settle(ticket),
                    }
                }
                drop(sender.send(started));
            });
            let child: Arc<dyn Child> = Arc::clone(&slot.child);
            slot.life = child
                .launch(ctx.as_parent(), Kept::ByParent, on_started)
                .map_err(|kind| {
                    end_wait();
                    WorkerFailed {
                        worker: slot.child.identity().clone(),
                        end: VainEnd::Start(kind),
                        limit: None,
                    }
                })?;
            starts.push(Some(receiver));
        }
        let mut failed = None;
        kernel.rt.awaits(|| "the workers to start".to_owned());
        let _ = kernel.rt.wait(IdleStrategy::Adaptive, None, |context| {
            for (slot, start) in slots.iter_mut().zip(&mut starts) {
                let Some(receiver) = start else {
                    continue;
                };
                let Poll::Ready(started) = Pin::new(receiver).poll(context) else {
                    continue;
                };
                *start = None;
                match started {
                    Some(Ok(())) => slot.state = SlotState::Running,
                    Some(Err(kind)) => failed = Some((slot.child.identity().clone(), kind)),
                    None => {}
                }
            }
            if failed.is_some() || starts.iter().all(Option::is_none) {
                return Poll::Ready(());
            }
            ctx.poll_cancelled(context)
        });
        end_wait();
        if let Some((worker, kind)) = failed {
            Err(WorkerFailed {
                worker,
                end: VainEnd::Start(kind),
                limit: None,
            })?;
        }
        let mut front = Front {
            plan: Arc::clone(plan),
            slots,
            intensity: Intensity::new(plan.limit(), plan.period),
            grows_from: None,
            alarm: None,
        };
        front.advance(ctx);
        Ok(front)
    }
}

impl<A: Actor> std::fmt::Debug for Front<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let workers = self.slots.iter().map(|slot| slot.child.identity());
        f.debug_struct("Front")
            .field("workers", &workers.collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

/// How long a worker that died in vain is waited for: not at all at first.
pub(super) const PATIENCE: (Duration, Duration) =
    (Duration::from_millis(10), Duration::from_secs(1));

/// How often, at most, it is looked whether a worker has nothing to do.
const LOOKS_AGAIN: Duration = Duration::from_millis(10);
