//! How workers come to tasks: a pool's cell seen from its workers' lives.

use std::sync::Arc;
use std::task::{Context, Poll};

use crate::cell::{Cell, State, Waiting};
use crate::crowd::Crowd;
use crate::envelope::{Envelope, ReplySender, Withdrawn};
use crate::graph::tell_all;
use crate::id::ActorId;
use crate::lease::{Lease, LeaseKey, Standing};
use crate::protocol::Protocol;
use crate::registry::Registered;
use crate::turn::Step;

use super::histograms::read;
use super::member::Member;
use super::queue::{Next, Queue};
use super::task::{Run, Worker};

/// What a worker does next.
pub(crate) enum Take<M: Protocol> {
    /// This, and who waited for room is to be woken.
    Task(Envelope<M>, Vec<Waiting>),
    /// Another, once this one's asker has been told that it would wait for itself.
    Refused(Withdrawn<M>, Vec<Waiting>),
    Nothing,
    /// It has done as many as a life does.
    Recycle,
}

/// How a worker's life came to be done with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Rest {
    Done,
    /// It ended with it.
    Failed,
    /// It ended with it, and another worker is to try.
    Retried,
}

/// The lease of a worker's life on its pool.
struct Membership<M: Protocol> {
    pool: Arc<Cell<M>>,
    worker: ActorId,
    life: u64,
}

impl<M: Protocol> Lease for Membership<M> {
    fn end(&self) {
        self.pool.leave(self.worker, self.life);
    }
}

impl<M: Protocol> Cell<M> {
    /// A worker's life takes part in its pool from now on.
    pub(crate) fn join_pool(self: &Arc<Self>, life: u64) {
        let Some(pool) = &self.pool else {
            return;
        };
        let worker = self.identity.id();
        let now = self.kernel.rt.now();
        let worker_of_pool: Arc<dyn Worker<M>> = Arc::<Cell<M>>::clone(self);
        let member = Member::new(worker_of_pool, life, self.ringer(), now);
        if let Some(queue) = &mut pool.state().queue {
            queue.members.insert(worker, member);
        }
        let membership = Arc::new(Membership {
            pool: Arc::clone(pool),
            worker,
            life,
        });
        let lease: Arc<dyn Lease> = membership;
        if self.keep_lease(life, LeaseKey::Pool, Arc::clone(&lease)) == Standing::Over {
            lease.end();
        }
    }

    /// The next task for a worker's life; where there is none, it is in the crowd. What it had in
    /// hand before is done.
    pub(crate) fn take_task(&self, worker: ActorId, life: u64) -> Take<M> {
        let Some(crowd) = &self.mailbox.crowd else {
            return Take::Nothing;
        };
        let mut state = self.state();
        let state = &mut *state;
        let Some(queue) = &mut state.queue else {
            return Take::Nothing;
        };
        let recycle = queue.recycle;
        let member = queue.members.get_mut(&worker);
        let Some(member) = member.filter(|member| member.life == life) else {
            return Take::Nothing;
        };
        member.looked = true;
        let began = member.began.take();
        let now = read(|| self.kernel.rt.now());
        queue.histograms.runs.add(began, now);
        let was_busy = member.rest();
        let recycles = recycle.is_some_and(|limit| member.taken >= limit);
        let waker = member.waker.clone();
        let idle_since = member.idle_since;
        if was_busy {
            queue.counts.completed += 1;
        }
        if recycles {
            return Take::Recycle;
        }
        let mut look = |queue: &mut Queue<M>| {
            if state.taken.is_empty() || queue.is_lifo() {
                queue.arrive(&mut state.taken, &self.mailbox);
            }
            let graph = &self.kernel.graph;
            let next = queue.next(&mut state.taken, worker, crowd, graph)?;
            Some(next.begun_by(worker, graph))
        };
        let mut found = look(queue);
        if found.is_none() {
            // Before the last look, so that a sender that is later finds it.
            let since = idle_since.unwrap_or_else(|| self.kernel.rt.now());
            crowd.join(worker, &waker, since);
            found = look(queue);
            if found.is_some() {
                crowd.leave(worker);
            } else if let Some(member) = queue.members.get_mut(&worker) {
                member.idle_since = Some(since);
            }
        }
        let rt = &self.kernel.rt;
        if let Some(member) = queue.members.get_mut(&worker) {
            member.clock(found.is_some(), || rt.now());
        }
        let envelope = match found {
            Some(Next::Task(envelope)) => envelope,
            Some(Next::Refused(mut envelope, cycle)) => {
                let reply = envelope.reply.take();
                let stays = reply.as_ref().is_some_and(ReplySender::is_ahead);
                let message = match stays {
                    true => {
                        queue.put_back(&mut state.taken, envelope);
                        None
                    }
                    false => {
                        self.mailbox.began(1);
                        Some(envelope)
                    }
                };
                let withdrawn = Withdrawn {
                    reply,
                    cycle,
                    message,
                };
                return Take::Refused(withdrawn, std::mem::take(&mut state.room));
            }
            None => {
                if self.mailbox.is_draining() {
                    self.mailbox.bell.ring();
                }
                return Take::Nothing;
            }
        };
        if let Some(member) = queue.members.get_mut(&worker) {
            member.busy = true;
            member.idle_since = None;
            member.began = now;
            member.is_cut = envelope.task.as_ref().map(|task| task.cancelled());
            member.taken += 1;
            if let Some(task) = &envelope.task {
                task.set_run(Some(Run {
                    worker: Arc::clone(&member.worker),
                    life,
                }));
            }
        }
        queue.histograms.waits.add(envelope.sent.at(), now);
        self.mailbox.began(1);
        // A sender may have called this one for another task, and the front have waited for it.
        if self.mailbox.depth() > 0 {
            self.mailbox.ring();
        }
        Take::Task(envelope, std::mem::take(&mut state.room))
    }

    /// What a worker's life had in hand is over.
    pub(crate) fn rest(&self, worker: ActorId, life: u64, rest: Rest) {
        let mut state = self.state();
        let Some(queue) = &mut state.queue else {
            return;
        };
        let member = queue.members.get_mut(&worker);
        let Some(member) = member.filter(|member| member.life == life) else {
            return;
        };
        if member.rest() {
            match rest {
                Rest::Done => queue.counts.completed += 1,
                Rest::Failed => queue.counts.failed += 1,
                Rest::Retried => queue.counts.retried += 1,
            }
        }
    }

    fn leave(&self, worker: ActorId, life: u64) {
        let Some(crowd) = &self.mailbox.crowd else {
            return;
        };
        let mut refused = Vec::new();
        let member = {
            let mut state = self.state();
            let Some(queue) = &mut state.queue else {
                return;
            };
            let pool = self.identity.id();
            let wait_for_pool = |ticket| refused.extend(self.kernel.graph.line_up(ticket, pool));
            let mut member = queue.remove(worker, life, self.kernel.rt.now(), wait_for_pool);
            // What it failed with was counted before; it is done with what it ended with.
            if member.as_mut().is_some_and(|member| member.rest()) {
                queue.counts.completed += 1;
            }
            if member.is_some() {
                crowd.leave(worker);
            }
            member
        };
        tell_all(refused);
        if member.is_some() {
            self.call_for_rest(crowd);
        }
    }

    /// A worker that does something of its own takes no task meanwhile: one that it was called for is
    /// somebody else's.
    #[inline]
    pub(crate) fn turn_aside(&self) {
        if let Some(pool) = &self.pool {
            self.turn_aside_from(pool);
        }
    }

    fn turn_aside_from(&self, pool: &Self) {
        if let Some(crowd) = &pool.mailbox.crowd {
            let worker = self.identity.id();
            {
                // The front looks at the crowd under this lock before it sleeps: only so can the
                // bell not be missed.
                let mut state = pool.state();
                if let Some(queue) = &mut state.queue
                    && let Some(member) = queue.members.get_mut(&worker)
                {
                    member.looked = true;
                }
                crowd.leave(worker);
            }
            if pool.mailbox.depth() > 0 {
                pool.mailbox.ring();
            }
        }
    }

    /// Somebody else is to look at what waits: a worker, or whoever may start another.
    pub(super) fn call_for_rest(&self, crowd: &Crowd) {
        if self.mailbox.depth() == 0 || !crowd.call() {
            self.mailbox.bell.ring();
        }
    }
}

impl<M: Protocol> Cell<M> {
    /// It is time for the front to look.
    pub(super) fn ask_to_look(&self) {
        let Some(crowd) = &self.mailbox.crowd else {
            return;
        };
        {
            // The front looks whether it was asked under this lock before it sleeps: only so can
            // the bell not be missed.
            let _state = self.state();
            crowd.ask_to_look();
        }
        self.mailbox.bell.ring();
    }

    /// What the front of a pool does next, when there is no signal: its workers do the rest.
    pub(crate) fn poll_front(&self, state: &State<M>, context: &Context<'_>) -> Poll<Step<M>> {
        let bell = &self.mailbox.bell;
        loop {
            bell.hush();
            let crowd = self.mailbox.crowd.as_ref();
            if crowd.is_some_and(|crowd| crowd.is_to_look()) {
                return Poll::Ready(Step::Look);
            }
            if crowd.is_some_and(|crowd| crowd.grows()) && self.lacks(state) {
                return Poll::Ready(Step::Look);
            }
            let busy = state.queue.as_ref().map_or(0, |queue| queue.busy());
            if self.mailbox.is_draining() && self.mailbox.depth() == 0 && busy == 0 {
                return Poll::Ready(Step::Drained);
            }
            if bell.listen(context) {
                return Poll::Pending;
            }
        }
    }

    /// Whether a task waits that any worker may take.
    fn has_common(&self, state: &State<M>) -> bool {
        let ranked = state.queue.as_ref().is_some_and(|queue| queue.has_common());
        ranked || !state.taken.is_empty() || !self.mailbox.is_empty()
    }

    /// What a life of the front says, unless it was left behind and has no say: whether another worker
    /// may be started, and who are all workers, where no other can come.
    pub(super) fn set_growth(&self, life: u64, grows: bool, all: Option<Vec<ActorId>>) {
        let refused = {
            let Some(_state) = self.state_of(life) else {
                return;
            };
            if let Some(crowd) = &self.mailbox.crowd {
                crowd.set_grows(grows);
            }
            self.kernel.graph.set_pool(self.identity.id(), all)
        };
        tell_all(refused);
    }

    /// Whether tasks wait, and no worker has nothing to do.
    pub(super) fn lacks_workers(&self, life: u64, running: usize) -> bool {
        let Some(mut state) = self.state_of(life) else {
            return false;
        };
        if let Some(queue) = &mut state.queue {
            queue.expected = running;
        }
        self.lacks(&state)
    }

    fn lacks(&self, state: &State<M>) -> bool {
        let crowd = self.mailbox.crowd.as_ref();
        let expects = state.queue.as_ref().is_some_and(|queue| queue.expects());
        crowd.is_some_and(|crowd| crowd.is_empty()) && !expects && self.has_common(state)
    }

    /// Another life of the front begins, with other workers.
    pub(super) fn forget_departed(&self) {
        if let Some(queue) = &mut self.state().queue {
            queue.departed.clear();
        }
    }

    /// How many tasks the last life of a worker took, which has ended.
    pub(super) fn departed(&self, worker: ActorId) -> u64 {
        let mut state = self.state();
        let queue = state.queue.as_mut();
        let done = queue.and_then(|queue| queue.departed.remove(&worker));
        done.unwrap_or_default()
    }

    /// The workers that run.
    pub(super) fn workers(&self) -> Vec<Arc<Cell<M>>> {
        let state = self.state();
        let queue = state.queue.as_ref();
        let members = queue.into_iter().flat_map(|queue| queue.members.values());
        let cells = members.map(|member| Arc::clone(&member.worker).cell());
        cells.filter_map(|cell| cell.downcast().ok()).collect()
    }

    pub(super) fn count_workers(&self) -> usize {
        let state = self.state();
        state.queue.as_ref().map_or(0, |queue| queue.members.len())
    }

    /// A task with options has come, and was counted in.
    pub(crate) fn admit(&self, envelope: Envelope<M>) {
        {
            let mut state = self.state();
            let state = &mut *state;
            match &mut state.queue {
                Some(queue) => {
                    queue.arrive(&mut state.taken, &self.mailbox);
                    queue.place(envelope);
                }
                None => state.taken.push_back(envelope),
            }
        }
        // Whoever closes sweeps under the lock after that, or has done so before we had it.
        match self.mailbox.is_closed() {
            true => self.sweep(),
            false => self.mailbox.ring(),
        }
    }
}
