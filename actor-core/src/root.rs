//! The root of the tree: the parent of the top level, on a thread of its own.
//!
//! The root thread lets go of top-level actors that have ended, keeps the deadlines of awaited
//! requests, and does the shutdown. It sleeps until its bell rings or a deadline is due. A shutdown
//! may take long, so another thread keeps the deadlines meanwhile, and listens to the bell.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use crate::bell::Bell;
use crate::error::SpawnErrorKind;
use crate::id::{ActorId, Identity};
use crate::kernel::Kernel;
use crate::lineage::Lineage;
use crate::report::ShutdownReport;
use crate::rt::{IdleStrategy, Thread, lock};
use crate::signal::ChildSignal;
use crate::tree::{Child, LAST_GRACE, Parent, stop_child};
use crate::unwind::{contain, drop_contained, wake_contained};

#[derive(Default)]
pub(crate) struct Root {
    bell: Bell,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    children: Vec<Arc<dyn Child>>,
    /// Children that have ended and are to be let go of.
    ended: Vec<ActorId>,
    /// When the shutdown was ordered.
    ordered: Option<Instant>,
    report: Option<ShutdownReport>,
    waiting: Vec<Waker>,
    thread: Option<Arc<Thread>>,
}

/// What the root thread does next.
enum Work {
    LetGo(Vec<Arc<dyn Child>>),
    Deadlines,
    Shutdown(Instant),
}

impl Root {
    /// Starts the root thread.
    pub(crate) fn start(kernel: &Arc<Kernel>) -> std::io::Result<()> {
        let thread = spawn(kernel, "root", run)?;
        lock(&kernel.root.state).thread = Some(Arc::new(thread));
        Ok(())
    }

    /// Makes the root thread look at the deadlines again.
    pub(crate) fn ring(&self) {
        self.bell.ring();
    }

    pub(crate) fn children(&self) -> Vec<Arc<dyn Child>> {
        lock(&self.state).children.clone()
    }

    /// Begins the shutdown, unless it has begun.
    pub(crate) fn order_shutdown(&self, now: Instant) {
        lock(&self.state).ordered.get_or_insert(now);
        self.bell.ring();
    }

    /// Ready when the shutdown is over.
    pub(crate) fn poll_report(&self, context: &Context<'_>) -> Poll<ShutdownReport> {
        let mut state = lock(&self.state);
        match &state.report {
            Some(report) => Poll::Ready(report.clone()),
            None => {
                state.waiting.push(context.waker().clone());
                Poll::Pending
            }
        }
    }

    pub(crate) fn join_thread(&self) {
        let thread = lock(&self.state).thread.clone();
        if let Some(thread) = thread {
            thread.join();
        }
    }

    fn next_work(&self, kernel: &Kernel) -> Option<Work> {
        let mut state = lock(&self.state);
        if let Some(ordered) = state.ordered {
            return Some(Work::Shutdown(ordered));
        }
        let ended = std::mem::take(&mut state.ended);
        if !ended.is_empty() {
            let gone = |child: &mut Arc<dyn Child>| ended.contains(&child.identity().id());
            return Some(Work::LetGo(state.children.extract_if(.., gone).collect()));
        }
        let due = kernel.deadlines.next()? <= kernel.rt.now();
        due.then_some(Work::Deadlines)
    }

    fn poll_deadlines(
        &self,
        kernel: &Kernel,
        known: Option<Instant>,
        context: &Context<'_>,
    ) -> Poll<()> {
        loop {
            self.bell.hush();
            let deadlines = &kernel.deadlines;
            if deadlines.is_closed() || deadlines.next() != known {
                return Poll::Ready(());
            }
            if self.bell.listen(context) {
                return Poll::Pending;
            }
        }
    }

    fn poll_work(
        &self,
        kernel: &Kernel,
        known: Option<Instant>,
        context: &Context<'_>,
    ) -> Poll<Option<Work>> {
        loop {
            self.bell.hush();
            if let Some(work) = self.next_work(kernel) {
                return Poll::Ready(Some(work));
            }
            if kernel.deadlines.next() != known {
                return Poll::Ready(None);
            }
            if self.bell.listen(context) {
                return Poll::Pending;
            }
        }
    }

    fn pop_child(&self) -> Option<Arc<dyn Child>> {
        lock(&self.state).children.pop()
    }
}

/// Starts a thread of the root.
fn spawn(kernel: &Arc<Kernel>, role: &str, work: fn(&Arc<Kernel>)) -> std::io::Result<Thread> {
    let inner = Arc::clone(kernel);
    let name = format!("{}-{role}", kernel.name);
    kernel.rt.spawn(name, None, move || {
        crate::current::enter_root(inner.number);
        // What users give us (errors, values, wakers) is let go of here, and may panic.
        while let Err(panic) = contain(|| work(&inner)) {
            tracing::error!(system = inner.name, %panic, "something let go of panicked");
        }
    })
}

/// The root thread.
fn run(kernel: &Arc<Kernel>) {
    let Kernel { rt, root, .. } = &**kernel;
    loop {
        let known = kernel.deadlines.next();
        let work = rt.wait(IdleStrategy::Park, known, |context| {
            root.poll_work(kernel, known, context)
        });
        match work {
            Some(Some(Work::LetGo(children))) => {
                children.iter().for_each(|child| child.join_thread());
                let _ = drop_contained(children);
            }
            Some(Some(Work::Shutdown(ordered))) => return shut_down(kernel, ordered),
            // Only a simulation that is over returns before it is time.
            None if known.is_none_or(|at| rt.now() < at) => return,
            Some(Some(Work::Deadlines) | None) | None => {
                let due = kernel.deadlines.take_due(rt.now());
                wake(due);
            }
        }
    }
}

/// Keeps the deadlines of awaited requests until there are no more.
fn keep_deadlines(kernel: &Arc<Kernel>) {
    let Kernel { rt, deadlines, .. } = &**kernel;
    while !deadlines.is_closed() {
        let known = deadlines.next();
        let changed = rt.wait(IdleStrategy::Park, known, |context| {
            kernel.root.poll_deadlines(kernel, known, context)
        });
        // Only a simulation that is over returns before it is time.
        if changed.is_none() && known.is_none_or(|at| rt.now() < at) {
            return;
        }
        wake(deadlines.take_due(rt.now()));
    }
}

/// Stops the top level, the last first, all within the system's bound.
fn shut_down(kernel: &Arc<Kernel>, ordered: Instant) {
    let rt = &kernel.rt;
    let deadline = ordered.checked_add(kernel.shutdown_timeout);
    kernel.begin_shutdown();
    let keeper = spawn(kernel, "deadlines", keep_deadlines);
    let mut stopped = 0;
    while let Some(child) = kernel.root.pop_child() {
        stop_child(rt, &child, deadline);
        let _ = drop_contained(child);
        stopped += 1;
    }
    // A brutal child that is idle leaves at once: it is named only if it does not.
    let last = kernel.rt.after(LAST_GRACE);
    rt.wait(IdleStrategy::Adaptive, last, |context| {
        kernel.poll_untold(context)
    });
    wake(kernel.deadlines.close());
    kernel.root.ring();
    match keeper {
        Ok(keeper) => keeper.join(),
        Err(error) => {
            tracing::warn!(system = kernel.name, %error, "no thread could be made, so deadlines were kept late")
        }
    }
    kernel.events.close();
    let waiting = {
        let mut state = lock(&kernel.root.state);
        state.report = Some(ShutdownReport {
            finished: true,
            stopped,
            abandoned: kernel.all_left_behind(),
            elapsed: kernel.rt.now().saturating_duration_since(ordered),
        });
        std::mem::take(&mut state.waiting)
    };
    wake(waiting);
}

fn wake(wakers: Vec<Waker>) {
    wakers.into_iter().for_each(wake_contained);
}

impl Parent for Kernel {
    fn adopt(&self, child: Arc<dyn Child>) -> Result<(), SpawnErrorKind> {
        let mut state = lock(&self.root.state);
        if state.ordered.is_some() {
            return Err(SpawnErrorKind::ParentStopping);
        }
        state.children.push(child);
        Ok(())
    }

    fn forget(&self, child: ActorId) -> Option<Arc<dyn Child>> {
        let children = &mut lock(&self.root.state).children;
        let place = children
            .iter()
            .position(|record| record.identity().id() == child)?;
        Some(children.remove(place))
    }

    fn signal(&self, signal: ChildSignal) {
        lock(&self.root.state).ended.push(signal.child);
        self.root.bell.ring();
    }

    fn identity(&self) -> Option<Identity> {
        None
    }

    fn is_current(&self) -> bool {
        true
    }

    fn lineage(&self) -> Lineage {
        Lineage::default()
    }
}
