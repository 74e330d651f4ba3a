//! What the end of a child calls for.

use std::sync::Arc;
use std::time::Duration;

use crate::context::Context;
use crate::exit::ExitReason;
use crate::id::ActorId;

use super::Supervisor;
use super::entry::{Entry, EntryState, Retry};
use super::failures::{GaveUp, TooMuch};
use super::operation::{Cause, Operation, Step};
use super::reminder::Matter;
use super::strategy::{AutoShutdown, Strategy};
use super::work::Work;

impl Supervisor {
    /// A child has ended by itself, or was told to through its handle. What is known already, from
    /// a step that stopped it, has no meaning any more.
    pub(super) fn exited(
        &mut self,
        ctx: &mut Context<Self>,
        child: ActorId,
        life: u64,
        reason: &ExitReason,
    ) {
        let Some(place) = self.place_of(child) else {
            return;
        };
        let entry = &self.entries[place];
        if (entry.state, entry.life) != (EntryState::Running, life) {
            return;
        }
        entry.child.join_thread();
        if entry.child.is_stop_ordered() {
            self.end(ctx, place);
        } else if entry.restart.applies_to(reason) {
            self.restart(ctx, place, reason);
        } else {
            let significant = entry.significant;
            self.end(ctx, place);
            if significant && self.is_to_shut_down() {
                tracing::info!(supervisor = %ctx.identity(), "shuts down: significant children ended");
                ctx.exit_with(ExitReason::Shutdown(None));
            }
        }
    }

    /// No further life follows.
    pub(super) fn end(&mut self, ctx: &Context<Self>, place: usize) {
        let entry = &mut self.entries[place];
        if entry.is_temporary() || self.strategy == Strategy::SimpleOneForOne {
            self.remove(ctx, place);
        } else {
            entry.settle();
        }
    }

    fn is_to_shut_down(&self) -> bool {
        match self.auto_shutdown {
            AutoShutdown::Never => false,
            AutoShutdown::AnySignificant => true,
            AutoShutdown::AllSignificant => {
                let goes_on = |entry: &Entry| entry.state != EntryState::Stopped;
                !self
                    .entries
                    .iter()
                    .any(|entry| entry.significant && goes_on(entry))
            }
        }
    }

    /// Counts one restart, and begins it or gives up.
    fn restart(&mut self, ctx: &mut Context<Self>, place: usize, reason: &ExitReason) {
        if self.allows_restart(ctx, place, reason) {
            let delay = self.entries[place].next_delay(&ctx.kernel().rt);
            self.begin_restart(ctx, place, delay);
        }
    }

    fn allows_restart(
        &mut self,
        ctx: &mut Context<Self>,
        place: usize,
        reason: &ExitReason,
    ) -> bool {
        let kernel = Arc::clone(ctx.kernel());
        let child = self.entries[place].child.identity();
        let too_much = if !self.intensity.allows(kernel.rt.now()) {
            let (limit, period) = self.intensity.bounds();
            TooMuch::Restarts { limit, period }
        } else if let Some(limit) = self.max_abandoned
            && kernel.count_left_behind(|id| self.place_of(id).is_some()) > limit
        {
            TooMuch::Abandoned { limit }
        } else {
            tracing::info!(supervisor = %ctx.identity(), %child, %reason, "restarts");
            return true;
        };
        let gave_up = GaveUp {
            child: child.clone(),
            reason: reason.clone(),
            too_much,
        };
        tracing::error!(supervisor = %ctx.identity(), %gave_up, %reason, "gave up");
        self.entries[place].await_start(ctx, EntryState::Due);
        ctx.exit_with(ExitReason::Shutdown(Some(gave_up.into())));
        false
    }

    /// Stops whom the strategy says, and starts them with the child, at once or after `delay`.
    fn begin_restart(&mut self, ctx: &mut Context<Self>, place: usize, delay: Duration) {
        let concerned = self.strategy.concerned(place, self.entries.len());
        let cause = self.entries[place].id();
        let others = self.entries[concerned.clone()].iter().rev();
        let mut steps: Vec<Step> = others
            .filter(|entry| entry.state == EntryState::Running && entry.id() != cause)
            .map(|entry| Step::Stop(entry.id()))
            .collect();
        if delay.is_zero() {
            let entries = self.entries[concerned].iter_mut();
            for entry in entries.filter(|entry| !entry.is_temporary()) {
                steps.push(Step::Start(entry.id()));
                if entry.state != EntryState::Running || entry.id() == cause {
                    entry.revive(ctx);
                }
            }
        } else {
            self.wait_to_retry(ctx, place, delay, true);
        }
        self.operation = Some(Operation::new(Cause::Restart(cause), None, steps));
    }

    /// A start has failed: it is tried again, after whatever waits already, as in OTP.
    pub(super) fn try_again(&mut self, ctx: &mut Context<Self>, place: usize) {
        let delay = self.entries[place].next_delay(&ctx.kernel().rt);
        self.wait_to_retry(ctx, place, delay, false);
    }

    fn wait_to_retry(
        &mut self,
        ctx: &mut Context<Self>,
        place: usize,
        delay: Duration,
        counted: bool,
    ) {
        let number = self.next_number();
        let entry = &mut self.entries[place];
        entry.await_start(ctx, EntryState::Waiting(Retry { number, counted }));
        let child = entry.id();
        if delay.is_zero() {
            let after = self.handled + ctx.waiting_messages();
            self.queue.push_back(Work::Retry {
                child,
                number,
                after,
            });
        } else {
            ctx.send_after(delay, Matter::Retry(child, number).into());
        }
    }

    /// A restart that was to wait is due, unless the child is not waiting for it any more.
    pub(super) fn retry(&mut self, ctx: &mut Context<Self>, child: ActorId, number: u64) {
        let Some(place) = self.place_of(child) else {
            return;
        };
        let entry = &self.entries[place];
        let EntryState::Waiting(retry) = entry.state else {
            return;
        };
        let reason = entry.child.last_exit();
        if retry.number == number && (retry.counted || self.allows_restart(ctx, place, &reason)) {
            self.begin_restart(ctx, place, Duration::ZERO);
        }
    }

    /// A child that does not run was told to stop through its handle.
    pub(super) fn stop_was_ordered(&mut self, ctx: &Context<Self>, child: ActorId) {
        let Some(place) = self.place_of(child) else {
            return;
        };
        // It may have been stopped by that already, and be about to start again.
        if !self.entries[place].child.is_stop_ordered() {
            return;
        }
        match self.entries[place].state {
            EntryState::Waiting(_) => self.cancel_retry(ctx, place),
            EntryState::Due => self.entries[place].settle(),
            _ => {}
        }
    }

    /// The child is not restarted, nor are the siblings that were to start with it. Those that an
    /// operation is about to start are not its concern.
    pub(super) fn cancel_retry(&mut self, ctx: &Context<Self>, place: usize) {
        self.end(ctx, place);
        let operation = self.operation.as_ref();
        for entry in &mut self.entries {
            let starts = operation.is_some_and(|operation| operation.will_start(entry.id()));
            if entry.state == EntryState::Due && !starts {
                entry.settle();
            }
        }
    }
}
