//! The body under a seed: every actor still has its thread, but one runs at a time.
//!
//! A thread that holds the baton (`current`) runs until it waits, ends, or reaches a schedule
//! point; there the seeded scheduler chooses the next among those that can run. When none can, the
//! clock jumps to the earliest deadline; when there is none, everybody waits for somebody, and the
//! run has failed. Ids are counted and nothing is hashed, so one seed gives one run. The baton is
//! passed only by a thread that holds it, and a thread waits only for `current` to become its own
//! id, so a stale unpark changes nothing.
//!
//! A run that has failed is over at once: the main thread unwinds to [`run`], and every other thread
//! unwinds from the next point that it reaches, with a payload that no hook sees. That they return
//! from their waits instead was rejected: a loop that waits for what never comes would spin.
#![allow(
    clippy::disallowed_methods,
    reason = "this is what the rest of the crate uses instead of them"
)]

mod chance;
mod fault;
mod finding;
mod patience;
mod plan;
mod reports;
mod schedule;
mod strategy;
mod trace;

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::io;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use super::{Thread, lock};
use crate::panic::text_of;
pub use fault::Fault;
pub use finding::{Finding, Waiting};
use patience::WATCHER;
pub(crate) use plan::Plan;
use schedule::{MAIN, Schedule, State};
pub use strategy::Strategy;
pub(crate) use strategy::Turn;
pub use trace::Trace;

/// One simulated run: the scheduler, its clock, and its threads.
pub(crate) struct Simulator {
    plan: Plan,
    schedule: Mutex<Schedule>,
    current: AtomicUsize,
    over: AtomicU8,
}

const RUNS: u8 = 0;
/// Threads unwind from wherever they wait.
const FAILED: u8 = 1;
/// There are no threads any more, and every wait returns at once.
const DONE: u8 = 2;

/// Yields before a thread parks: the baton often comes back at once, and waking costs more.
const YIELDS: u32 = 20;

/// What a thread of a failed run unwinds with.
struct Over;

thread_local! {
    /// Only destructors of thread-locals still run here.
    static LEAVES: Cell<bool> = const { Cell::new(false) };
    static TASK: RefCell<Option<Task>> = const { RefCell::new(None) };
}

/// A thread of a simulation.
#[derive(Clone)]
pub(super) struct Task {
    simulator: Arc<Simulator>,
    index: usize,
}

/// What a run leaves.
pub(crate) struct Outcome<T> {
    pub(crate) result: Result<T, Finding>,
    pub(crate) trace: Trace,
    pub(crate) turns: Vec<Turn>,
    /// How often each fault struck.
    pub(crate) struck: Vec<u64>,
    /// The script was followed to its end, if there is one.
    pub(crate) fits: bool,
}

/// Runs `body` as the main thread of a simulation. `body` reports its panics, and gives nothing
/// then.
pub(crate) fn run<T>(plan: Plan, body: impl FnOnce(&Arc<Simulator>) -> Option<T>) -> Outcome<T> {
    let schedule = Schedule::new(&plan, Instant::now());
    let simulator = Arc::new(Simulator {
        plan,
        schedule: Mutex::new(schedule),
        current: AtomicUsize::new(MAIN),
        over: AtomicU8::new(RUNS),
    });
    {
        let mut schedule = lock(&simulator.schedule);
        let main = schedule.enter("main");
        schedule.entries[main].thread = Some(std::thread::current());
    }
    let outer = TASK.replace(Some(Task {
        simulator: Arc::clone(&simulator),
        index: MAIN,
    }));
    let value = panic::catch_unwind(AssertUnwindSafe(|| body(&simulator)));
    let failed = simulator.has_failed() || !matches!(value, Ok(Some(_)));
    simulator.release(if failed { FAILED } else { DONE });
    TASK.set(outer);
    if failed {
        simulator.await_leaving();
    }
    let mut schedule = lock(&simulator.schedule);
    let failure = schedule.failure.take();
    let result = match (value, failure) {
        (Ok(Some(value)), None) => Ok(value),
        (_, Some(failure)) => Err(failure),
        (Ok(None), None) => unreachable!("whoever gives nothing reports why"),
        (Err(payload), None) => panic::resume_unwind(payload),
    };
    Outcome {
        result,
        trace: std::mem::take(&mut schedule.trace),
        turns: schedule.chooser.turns().to_vec(),
        struck: schedule.faults.struck(),
        fits: schedule.chooser.fits(),
    }
}

/// The seed of the simulation that the calling thread belongs to.
pub(crate) fn seed() -> Option<u64> {
    current().map(|simulator| simulator.plan.seed)
}

/// The simulation that the calling thread belongs to.
pub(super) fn current() -> Option<Arc<Simulator>> {
    // Destructors of other thread-locals may come after this one's.
    let task = TASK.try_with(|task| task.borrow().as_ref().map(|it| Arc::clone(&it.simulator)));
    task.ok().flatten()
}

pub(super) fn is_over(payload: &(dyn Any + Send)) -> bool {
    payload.is::<Over>()
}

/// Starts a thread of the simulation; it runs when the scheduler chooses it. This is no schedule
/// point: the caller may hold a lock, and reaches one when it waits.
pub(super) fn spawn(
    simulator: &Arc<Simulator>,
    name: String,
    stack_size: Option<usize>,
    body: impl FnOnce() + Send + 'static,
) -> io::Result<Thread> {
    let task = Task {
        index: lock(&simulator.schedule).enter(&name),
        simulator: Arc::clone(simulator),
    };
    let inner = task.clone();
    let spawned = super::threads::spawn(name, stack_size, move || {
        inner.simulator.await_turn(inner.index);
        TASK.set(Some(inner.clone()));
        if let Err(payload) = panic::catch_unwind(AssertUnwindSafe(body))
            && !is_over(&*payload)
        {
            let message = format!("in the library itself: {}", text_of(payload));
            inner.simulator.panicked(&message, None);
        }
        TASK.set(None);
        LEAVES.set(true);
        inner.simulator.end(inner.index);
    });
    let handle = match spawned {
        Ok(handle) => handle,
        Err(error) => {
            lock(&simulator.schedule).entries[task.index].state = State::Ended;
            return Err(error);
        }
    };
    let mut schedule = lock(&simulator.schedule);
    let entry = &mut schedule.entries[task.index];
    entry.thread = Some(handle.thread().clone());
    entry.handle = Some(handle);
    Ok(Thread::simulated(task))
}

impl Simulator {
    pub(crate) fn now(&self) -> Instant {
        lock(&self.schedule).clock
    }

    pub(super) fn random(&self) -> u64 {
        lock(&self.schedule).library.next()
    }

    pub(super) fn wait<T>(
        self: &Arc<Self>,
        deadline: Option<Instant>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Option<T> {
        let me = self.me()?;
        let waker = Waker::from(Arc::new(Task {
            simulator: Arc::clone(self),
            index: me,
        }));
        let mut context = Context::from_waker(&waker);
        self.switch(me, false)?;
        let waited = loop {
            lock(&self.schedule).entries[me].noted = false;
            if let Poll::Ready(value) = poll(&mut context) {
                break Some(value);
            }
            let mut schedule = lock(&self.schedule);
            if deadline.is_some_and(|deadline| schedule.clock >= deadline) {
                break None;
            }
            if !schedule.entries[me].noted {
                schedule.entries[me].state = State::Waits { deadline };
            }
            drop(schedule);
            self.switch(me, false)?;
        };
        lock(&self.schedule).entries[me].awaits = None;
        waited
    }

    /// Lets the scheduler choose who goes on.
    pub(super) fn point(self: &Arc<Self>) {
        if let Some(me) = self.me() {
            self.switch(me, false);
        }
    }

    /// Like [`point`](Self::point), where the calling thread only looks, perhaps again and again. Any
    /// thread may look.
    pub(super) fn glance(self: &Arc<Self>) {
        if let Some(me) = self.place().and_then(|_| self.me()) {
            self.switch(me, true);
        }
    }

    fn has_failed(&self) -> bool {
        lock(&self.schedule).failure.is_some()
    }

    /// The calling thread's place, if there is still something to schedule. A thread of a run that has
    /// failed does not come back from here.
    fn me(self: &Arc<Self>) -> Option<usize> {
        let me = self.place();
        if self.over.load(Ordering::Acquire) != RUNS {
            me.inspect(|_| self.leave());
            return None;
        }
        if me.is_none() && !LEAVES.get() && !std::thread::panicking() {
            let thread = std::thread::current();
            let thread = thread.name().unwrap_or("?").to_owned();
            let message = "it does not belong to this simulation, so it cannot send to its actors \
                           or wait for them: let an actor do it";
            lock(&self.schedule).fail(Finding::Panic {
                thread: thread.clone(),
                message: message.to_owned(),
                location: None,
            });
            panic!("thread {thread:?}: {message}");
        }
        me
    }

    fn me_or_none(self: &Arc<Self>) -> Option<usize> {
        let runs = self.over.load(Ordering::Acquire) == RUNS;
        self.place().filter(|_| runs)
    }

    /// The calling thread's place; none if it has none in this run.
    fn place(self: &Arc<Self>) -> Option<usize> {
        // Destructors of other thread-locals may come after this one's.
        let place = TASK.try_with(|task| match &*task.borrow() {
            Some(task) if Arc::ptr_eq(&task.simulator, self) => Some(task.index),
            _ => None,
        });
        place.ok().flatten()
    }

    /// None if the run has failed meanwhile, and the calling thread is unwinding already.
    fn switch(&self, me: usize, looked: bool) -> Option<()> {
        let next = {
            let mut schedule = lock(&self.schedule);
            let looks = &mut schedule.entries[me].looks;
            *looks = if looked { looks.saturating_add(1) } else { 0 };
            let next = schedule.choose(me);
            self.hand_over(&schedule, next);
            next
        };
        if next != me {
            self.await_turn(me);
        }
        if me == MAIN && self.has_failed() {
            self.release(FAILED);
        }
        if self.over.load(Ordering::Acquire) == FAILED {
            self.leave();
            return None;
        }
        Some(())
    }

    /// Unwinds the calling thread, if that is possible.
    fn leave(&self) {
        let is_failed = self.over.load(Ordering::Acquire) == FAILED;
        if is_failed && !std::thread::panicking() {
            panic::resume_unwind(Box::new(Over));
        }
    }

    fn hand_over(&self, schedule: &Schedule, next: usize) {
        self.current.store(next, Ordering::Release);
        if let Some(thread) = &schedule.entries[next].thread {
            thread.unpark();
        }
    }

    fn await_turn(&self, me: usize) {
        for _ in 0..YIELDS {
            if self.current.load(Ordering::Acquire) == me {
                return;
            }
            std::thread::yield_now();
        }
        let mut steps = None;
        while self.current.load(Ordering::Acquire) != me
            && self.over.load(Ordering::Acquire) == RUNS
        {
            if me > WATCHER {
                std::thread::park();
                continue;
            }
            let begun = Instant::now();
            std::thread::park_timeout(self.plan.watchdog);
            if begun.elapsed() >= self.plan.watchdog {
                self.watch(me, &mut steps);
            }
        }
    }

    /// The last act of a thread: it wakes its joiners and gives the baton away.
    fn end(&self, me: usize) {
        let joiners = {
            let mut schedule = lock(&self.schedule);
            schedule.entries[me].state = State::Ended;
            std::mem::take(&mut schedule.entries[me].joiners)
        };
        joiners.into_iter().for_each(Waker::wake);
        let mut schedule = lock(&self.schedule);
        let next = match self.over.load(Ordering::Acquire) {
            RUNS => schedule.choose(me),
            _ => MAIN,
        };
        self.hand_over(&schedule, next);
    }

    /// How much virtual time has passed.
    pub(crate) fn elapsed(&self) -> Duration {
        let schedule = lock(&self.schedule);
        schedule.clock.saturating_duration_since(schedule.start)
    }

    /// Lets everybody else go on until nobody can; who is left then is a failure.
    pub(crate) fn settle(self: &Arc<Self>) {
        for entry in &mut lock(&self.schedule).entries {
            if std::mem::take(&mut entry.hangs) && entry.state != State::Ended {
                entry.state = State::CanRun;
            }
        }
        // Whoever has a nearer deadline than this goes on before us.
        let far = self.now().checked_add(Duration::from_secs(1 << 32));
        self.wait(far, |_| Poll::<()>::Pending);
        let mut schedule = lock(&self.schedule);
        let waiting = schedule.left();
        if !waiting.is_empty() {
            schedule.fail(Finding::ThreadsLeft { waiting });
        }
    }

    /// Ends the scheduling, so that threads which are left can leave.
    fn release(&self, over: u8) {
        self.over.store(over, Ordering::Release);
        for entry in &lock(&self.schedule).entries {
            if let Some(thread) = &entry.thread {
                thread.unpark();
            }
        }
    }
}

impl Task {
    /// Waits until the thread has left, unless the run has failed.
    pub(super) fn join(&self) {
        let Task { simulator, index } = self;
        let name = Arc::clone(&lock(&simulator.schedule).entries[*index].name);
        simulator.awaits(format!("the thread of {name} to leave"));
        simulator.wait(None, |context| {
            let mut schedule = lock(&simulator.schedule);
            let entry = &mut schedule.entries[*index];
            if entry.state == State::Ended {
                return Poll::Ready(());
            }
            entry.joiners.push(context.waker().clone());
            Poll::Pending
        });
        let handle = {
            let mut schedule = lock(&simulator.schedule);
            let entry = &mut schedule.entries[*index];
            entry.handle.take_if(|_| entry.state == State::Ended)
        };
        handle.into_iter().for_each(super::threads::join);
    }
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        let mut schedule = lock(&self.simulator.schedule);
        let entry = &mut schedule.entries[self.index];
        entry.noted = true;
        if matches!(entry.state, State::Waits { .. }) {
            entry.state = State::CanRun;
        }
    }
}
