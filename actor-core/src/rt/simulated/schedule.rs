//! Who can run, what time it is, and who goes on.

use std::sync::Arc;
use std::task::Waker;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::chance::Chance;
use super::fault::Faults;
use super::finding::{Finding, Waiting};
use super::plan::Plan;
use super::strategy::Chooser;
use super::trace::Trace;

/// The thread that runs the simulation: the one that a failure is reported to.
pub(super) const MAIN: usize = 0;

/// After so many steps in which the clock stood still while somebody waited for it, it goes on: who
/// runs for long must not starve a timer.
const STANDSTILL: u64 = 50_000;
/// Who has looked so often, and done nothing else, waits by looking.
const LOOKS: u32 = 3;
/// How long a look takes where all wait by looking.
const LOOK: Duration = Duration::from_millis(1);
/// Over how many of the last steps a livelock is described.
const LAST_STEPS: u64 = 1_000;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    CanRun,
    Waits { deadline: Option<Instant> },
    Ended,
}

pub(super) struct Entry {
    pub(super) name: Arc<str>,
    pub(super) thread: Option<std::thread::Thread>,
    pub(super) state: State,
    /// Woken since it last polled.
    pub(super) noted: bool,
    /// How often it did nothing but look, and nothing else since.
    pub(super) looks: u32,
    /// What it is about to wait for, or waits for.
    pub(super) awaits: Option<String>,
    /// An injected fault keeps it.
    pub(super) hangs: bool,
    pub(super) joiners: Vec<Waker>,
    /// Until it is joined.
    pub(super) handle: Option<JoinHandle<()>>,
    last_step: u64,
}

pub(super) struct Schedule {
    pub(super) chooser: Chooser,
    pub(super) faults: Faults,
    /// What the library itself asks for, as the jitter of a back-off.
    pub(super) library: Chance,
    pub(super) start: Instant,
    pub(super) clock: Instant,
    pub(super) entries: Vec<Entry>,
    pub(super) trace: Trace,
    pub(super) failure: Option<Finding>,
    /// It was said that the main thread makes no steps.
    pub(super) warned: bool,
    max_steps: u64,
    last_jump: u64,
}

impl Schedule {
    pub(super) fn new(plan: &Plan, now: Instant) -> Self {
        Schedule {
            chooser: Chooser::new(plan.seed, plan.strategy, plan.script.as_deref()),
            faults: Faults::new(plan.seed, &plan.faults),
            library: Chance::new(plan.seed, 0),
            start: now,
            clock: now,
            entries: Vec::new(),
            trace: Trace::default(),
            failure: None,
            warned: false,
            max_steps: plan.max_steps,
            last_jump: 0,
        }
    }

    pub(super) fn enter(&mut self, name: &str) -> usize {
        self.entries.push(Entry {
            name: Arc::from(name),
            thread: None,
            state: State::CanRun,
            noted: false,
            looks: 0,
            awaits: None,
            hangs: false,
            joiners: Vec::new(),
            handle: None,
            last_step: 0,
        });
        self.entries.len() - 1
    }

    pub(super) fn note(&mut self, thread: usize, what: &str) {
        let at = self.clock.saturating_duration_since(self.start);
        let thread = &self.entries[thread].name;
        // Events name the actor, which mostly is the thread itself.
        let of_itself = what.strip_prefix(&**thread);
        let short = of_itself.and_then(|what| what.strip_prefix(", "));
        self.trace
            .note(at, thread, short.unwrap_or(what).to_owned());
    }

    /// The next thread to run; the clock jumps when nobody can.
    pub(super) fn choose(&mut self, current: usize) -> usize {
        if self.failure.is_some() {
            return self.wake_main();
        }
        let steps = self.trace.steps();
        if steps >= self.max_steps {
            return self.fail(Finding::Livelock {
                steps,
                threads: self.who_ran_last(),
                waiting: self.stuck(),
            });
        }
        let mut able = self.able();
        if steps - self.last_jump >= STANDSTILL && self.jump() {
            able = self.able();
        } else if able.iter().all(|&thread| self.waits_by_looking(thread)) && !able.is_empty() {
            self.go_on_to(self.clock + LOOK);
            able = self.able();
        }
        if able.is_empty() {
            if !self.jump() {
                return self.fail(Finding::Deadlock {
                    waiting: self.waiting(),
                });
            }
            able = self.able();
        }
        let gives_way = self.waits_by_looking(current);
        let chosen = self.chooser.choose(&able, current, gives_way);
        self.trace.step(chosen);
        self.entries[chosen].last_step = self.trace.steps();
        chosen
    }

    fn able(&self) -> Vec<usize> {
        (0..self.entries.len())
            .filter(|&thread| self.entries[thread].state == State::CanRun)
            .collect()
    }

    fn waits_by_looking(&self, thread: usize) -> bool {
        self.entries[thread].looks >= LOOKS
    }

    /// Lets the clock jump to the earliest deadline; false if there is none.
    fn jump(&mut self) -> bool {
        let deadlines = self.entries.iter().filter_map(|entry| match entry.state {
            State::Waits { deadline } => deadline,
            State::CanRun | State::Ended => None,
        });
        let Some(earliest) = deadlines.min() else {
            return false;
        };
        self.go_on_to(earliest);
        true
    }

    fn go_on_to(&mut self, time: Instant) {
        self.clock = self.clock.max(time);
        self.last_jump = self.trace.steps();
        for entry in &mut self.entries {
            if matches!(entry.state, State::Waits { deadline: Some(at) } if at <= self.clock) {
                entry.state = State::CanRun;
            }
        }
    }

    /// The first failure counts; the main thread tells.
    pub(super) fn fail(&mut self, finding: Finding) -> usize {
        self.failure.get_or_insert(finding);
        self.wake_main()
    }

    fn wake_main(&mut self) -> usize {
        self.entries[MAIN].state = State::CanRun;
        MAIN
    }

    /// Everybody who waits, and what for; but not the threads of the system itself, which say nothing
    /// of that.
    fn waiting(&self) -> Vec<Waiting> {
        self.waiting_among(|entry| {
            matches!(entry.state, State::Waits { .. }) && entry.awaits.is_some()
        })
    }

    /// Who waits for something that no clock brings.
    fn stuck(&self) -> Vec<Waiting> {
        let mut waiting = self.waiting_among(|entry| {
            matches!(entry.state, State::Waits { deadline: None }) && entry.awaits.is_some()
        });
        waiting.retain(|one| !one.is_idle());
        waiting
    }

    /// Everybody but the main thread who has not ended.
    pub(super) fn left(&self) -> Vec<Waiting> {
        self.waiting_among(|entry| entry.state != State::Ended)
            .split_off(1)
    }

    fn waiting_among(&self, which: impl Fn(&Entry) -> bool) -> Vec<Waiting> {
        let some = self.entries.iter().filter(|entry| which(entry));
        some.map(|entry| Waiting {
            thread: entry.name.to_string(),
            what: match &entry.awaits {
                Some(what) => what.clone(),
                None => "something".to_owned(),
            },
        })
        .collect()
    }

    fn who_ran_last(&self) -> Vec<String> {
        let since = self.trace.steps().saturating_sub(LAST_STEPS);
        let ran = self.entries.iter().filter(|entry| entry.last_step > since);
        ran.map(|entry| entry.name.to_string()).collect()
    }
}
