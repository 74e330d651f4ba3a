//! The body under a seed: every actor still has its thread, but one runs at a time.
//!
//! A thread that holds the baton (`current`) runs until it waits, ends, or reaches a schedule
//! point; there the seeded scheduler chooses the next among those that can run. When none can, the
//! clock jumps to the earliest deadline; when there is none, everybody waits for somebody, and the
//! simulation fails with the names. Ids are counted and nothing is hashed, so one seed gives one
//! run. The baton is passed only by a thread that holds it, and a thread waits only for
//! `current` to become its own id, so a stale unpark changes nothing.
#![allow(
    clippy::disallowed_methods,
    reason = "this is what the rest of the crate uses instead of them"
)]

use std::cell::RefCell;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::time::{Duration, Instant};

use super::{Thread, lock};

/// The thread that called [`run`]: the one that a failure is reported to.
const MAIN: usize = 0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    CanRun,
    Waits { deadline: Option<Instant> },
    Ended,
}

struct Entry {
    name: String,
    thread: Option<std::thread::Thread>,
    state: State,
    /// Woken since it last polled.
    noted: bool,
    joiners: Vec<Waker>,
}

struct Schedule {
    random: u64,
    clock: Instant,
    entries: Vec<Entry>,
    failure: Option<String>,
}

/// One simulated run: the scheduler, its clock, and its threads.
pub(crate) struct Simulator {
    schedule: Mutex<Schedule>,
    current: AtomicUsize,
    /// No scheduling any more: threads run freely and every wait returns at once.
    over: AtomicBool,
}

thread_local! {
    static TASK: RefCell<Option<Task>> = const { RefCell::new(None) };
}

/// A thread of a simulation.
#[derive(Clone)]
pub(super) struct Task {
    simulator: Arc<Simulator>,
    index: usize,
}

/// Runs `body` as the main thread of a simulation that is decided by `seed`. `body` contains its
/// panics.
pub(crate) fn run<T>(seed: u64, body: impl FnOnce(&Arc<Simulator>) -> T) -> T {
    let simulator = Arc::new(Simulator {
        schedule: Mutex::new(Schedule {
            random: seed,
            clock: Instant::now(),
            entries: Vec::new(),
            failure: None,
        }),
        current: AtomicUsize::new(MAIN),
        over: AtomicBool::new(false),
    });
    let main = simulator.enter("main".to_owned());
    lock(&simulator.schedule).entries[main].thread = Some(std::thread::current());
    let outer = TASK.replace(Some(Task {
        simulator: Arc::clone(&simulator),
        index: main,
    }));
    let result = body(&simulator);
    TASK.set(outer);
    simulator.release();
    result
}

/// The simulation that the calling thread belongs to.
pub(super) fn current() -> Option<Arc<Simulator>> {
    // Destructors of other thread-locals may come after this one's.
    let task = TASK.try_with(|task| task.borrow().as_ref().map(|it| Arc::clone(&it.simulator)));
    task.ok().flatten()
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
        index: simulator.enter(name.clone()),
        simulator: Arc::clone(simulator),
    };
    let inner = task.clone();
    let spawned = super::threads::spawn(name, stack_size, move || {
        inner.simulator.await_turn(inner.index);
        TASK.set(Some(inner.clone()));
        body();
        TASK.set(None);
        inner.simulator.end(inner.index);
    });
    let handle = match spawned {
        Ok(handle) => handle,
        Err(error) => {
            lock(&simulator.schedule).entries[task.index].state = State::Ended;
            return Err(error);
        }
    };
    lock(&simulator.schedule).entries[task.index].thread = Some(handle.thread().clone());
    let mut thread = Thread::new(handle);
    thread.simulated = Some(task);
    Ok(thread)
}

impl Simulator {
    pub(crate) fn now(&self) -> Instant {
        lock(&self.schedule).clock
    }

    pub(super) fn random(&self) -> u64 {
        lock(&self.schedule).random()
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
        self.point();
        loop {
            lock(&self.schedule).entries[me].noted = false;
            if let Poll::Ready(value) = poll(&mut context) {
                return Some(value);
            }
            if self.over.load(Ordering::Acquire) {
                return None;
            }
            let mut schedule = lock(&self.schedule);
            if deadline.is_some_and(|deadline| schedule.clock >= deadline) {
                return None;
            }
            if !schedule.entries[me].noted {
                schedule.entries[me].state = State::Waits { deadline };
            }
            drop(schedule);
            self.switch(me);
        }
    }

    /// Lets the scheduler choose who goes on.
    pub(super) fn point(self: &Arc<Self>) {
        if let Some(me) = self.me() {
            self.switch(me);
        }
    }

    /// The calling thread's place; none once the simulation is over.
    fn me(self: &Arc<Self>) -> Option<usize> {
        if self.over.load(Ordering::Acquire) {
            return None;
        }
        let me = TASK.with_borrow(|task| match task {
            Some(task) if Arc::ptr_eq(&task.simulator, self) => Some(task.index),
            _ => None,
        });
        assert!(
            me.is_some() || std::thread::panicking(),
            "thread {:?} does not belong to this simulation, so it cannot send to its actors or \
             wait for them: let an actor do it",
            std::thread::current().name().unwrap_or("?"),
        );
        me
    }

    fn enter(&self, name: String) -> usize {
        let mut schedule = lock(&self.schedule);
        schedule.entries.push(Entry {
            name,
            thread: None,
            state: State::CanRun,
            noted: false,
            joiners: Vec::new(),
        });
        schedule.entries.len() - 1
    }

    fn switch(&self, me: usize) {
        let next = {
            let mut schedule = lock(&self.schedule);
            let next = schedule.choose();
            self.hand_over(&schedule, next);
            next
        };
        if next != me {
            self.await_turn(me);
        }
        if me == MAIN && !std::thread::panicking() {
            let failure = lock(&self.schedule).failure.clone();
            if let Some(failure) = failure {
                self.release();
                panic!("{failure}");
            }
        }
    }

    fn hand_over(&self, schedule: &Schedule, next: usize) {
        self.current.store(next, Ordering::Release);
        if let Some(thread) = &schedule.entries[next].thread {
            thread.unpark();
        }
    }

    fn await_turn(&self, me: usize) {
        while self.current.load(Ordering::Acquire) != me && !self.over.load(Ordering::Acquire) {
            std::thread::park();
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
        if self.over.load(Ordering::Acquire) {
            return;
        }
        let mut schedule = lock(&self.schedule);
        let next = schedule.choose();
        self.hand_over(&schedule, next);
    }

    /// Lets everybody else go on until nobody can, and names those who are left.
    pub(crate) fn settle(self: &Arc<Self>) -> Vec<String> {
        // Whoever has a nearer deadline than this goes on before us.
        let far = self.now().checked_add(Duration::from_secs(1 << 32));
        self.wait(far, |_| Poll::<()>::Pending);
        let schedule = lock(&self.schedule);
        let others = schedule.entries.iter().skip(MAIN + 1);
        let left = others.filter(|entry| entry.state != State::Ended);
        left.map(|entry| entry.name.clone()).collect()
    }

    /// Ends the scheduling, so that threads which are left can leave.
    fn release(&self) {
        self.over.store(true, Ordering::Release);
        for entry in &lock(&self.schedule).entries {
            if let Some(thread) = &entry.thread {
                thread.unpark();
            }
        }
    }
}

impl Task {
    /// Waits until the thread's closure has ended.
    pub(super) fn join(&self) {
        let Task { simulator, index } = self;
        simulator.wait(None, |context| {
            let mut schedule = lock(&simulator.schedule);
            let entry = &mut schedule.entries[*index];
            if entry.state == State::Ended {
                return Poll::Ready(());
            }
            entry.joiners.push(context.waker().clone());
            Poll::Pending
        });
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

impl Schedule {
    /// The next thread to run; the clock jumps when nobody can.
    fn choose(&mut self) -> usize {
        let mut can_run = self.can_run();
        if can_run.is_empty() {
            let next = self.entries.iter().filter_map(|entry| match entry.state {
                State::Waits { deadline } => deadline,
                State::CanRun | State::Ended => None,
            });
            let Some(deadline) = next.min() else {
                return self.fail();
            };
            self.clock = self.clock.max(deadline);
            for entry in &mut self.entries {
                if matches!(entry.state, State::Waits { deadline: Some(at) } if at <= self.clock) {
                    entry.state = State::CanRun;
                }
            }
            can_run = self.can_run();
        }
        can_run[(self.random() % can_run.len() as u64) as usize]
    }

    fn can_run(&self) -> Vec<usize> {
        (0..self.entries.len())
            .filter(|&index| self.entries[index].state == State::CanRun)
            .collect()
    }

    /// Everybody waits for somebody: the main thread tells, by panicking.
    fn fail(&mut self) -> usize {
        let waiting = self.entries.iter().filter_map(|entry| match entry.state {
            State::Waits { .. } => Some(entry.name.as_str()),
            State::CanRun | State::Ended => None,
        });
        let waiting: Vec<&str> = waiting.collect();
        self.failure.get_or_insert(format!(
            "deadlock in the simulation: everybody waits and no timer is left ({})",
            waiting.join(", ")
        ));
        self.entries[MAIN].state = State::CanRun;
        MAIN
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    fn random(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }
}
