//! The tree as its members see it: what a parent knows of a child, and a child of its parent.

use std::any::Any;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use crate::error::SpawnErrorKind;
use crate::exit::ExitReason;
use crate::id::{ActorId, Identity};
use crate::lineage::Lineage;
use crate::observe::snapshot::ActorSnapshot;
use crate::policy::Shutdown;
use crate::rt::{IdleStrategy, Rt};
use crate::signal::ChildSignal;

/// Told once which life it was, and whether its start succeeded.
pub(crate) type OnStarted = Box<dyn FnOnce(u64, Result<(), SpawnErrorKind>) + Send>;

/// A declared actor: its cell, its arguments, how to start it. The record that a parent keeps.
pub(crate) trait Child: Send + Sync {
    fn identity(&self) -> &Identity;
    /// The number of the system that it was declared in.
    fn system(&self) -> u64;
    fn shutdown(&self) -> Shutdown;
    /// Starts the next life on a fresh thread.
    fn launch(
        self: Arc<Self>,
        parent: Arc<dyn Parent>,
        kept: Kept,
        on_started: OnStarted,
    ) -> Result<u64, SpawnErrorKind>;
    /// Tells the running life to stop; another may follow.
    fn order_pause(&self);
    /// Its parent comes to an end: it stops, and where no plan decides about another life, that was
    /// the last.
    fn order_end(&self);
    /// Ready when no life runs.
    fn poll_down(&self, context: &Context<'_>) -> Poll<Option<ExitReason>>;
    /// It does not run, and waits for `supervisor` to start it.
    fn await_start(&self, supervisor: &Identity);
    /// Whether a life runs.
    fn is_live(&self) -> bool;
    /// Leaves the running life behind, its children stopped by `deadline`.
    fn abandon(&self, deadline: Option<Instant>);
    /// The same on a thread of its own, so that the caller need not wait for the children.
    fn abandon_elsewhere(self: Arc<Self>);
    /// What is wrong with what its arguments plan for.
    fn mistakes(&self) -> Vec<String>;
    /// The final exit: the mailbox closes and is swept, and the arguments are dropped unless the
    /// parent keeps the entry. Nothing happens where a life runs, or it is over already.
    fn finish(&self);
    /// Who decides about its end, from before its first start on.
    fn keep(&self, kept: Kept);
    /// The final exit, unless the plan of a supervisor decides about that: then the plan lets the
    /// child end when it ends itself.
    fn retire(&self);
    /// The actor has ended, or will: whoever its arguments plan for and does not run ends too.
    fn retire_plan(&self);
    /// Drops the arguments, for there will be no further life.
    fn release(&self);
    /// Makes a kept entry that was stopped ready to be started again.
    fn reopen(&self);
    /// Whether it was ordered to stop, so that no restart type applies.
    fn is_stop_ordered(&self) -> bool;
    /// The number of the last life.
    fn life(&self) -> u64;
    /// How the last life that is over ended.
    fn last_exit(&self) -> ExitReason;
    /// Joins the thread of the last life, unless it was left behind.
    fn join_thread(&self);
    fn snapshot(&self) -> ActorSnapshot;
    fn is_supervisor(&self) -> bool;
    /// The cell, whose type knows the messages.
    fn cell(&self) -> Arc<dyn Any + Send + Sync>;
}

/// Whether the mailbox outlives the life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kept {
    /// The parent decides about a further life.
    ByParent,
    /// So does the parent; and as part of a plan, the actor outlives a life of the parent too.
    ByPlan,
    /// The life's end is the actor's end.
    No,
}

/// The parent of a life.
pub(crate) trait Parent: Send + Sync {
    /// Takes the child into its list, unless it is stopping.
    fn adopt(&self, child: Arc<dyn Child>) -> Result<(), SpawnErrorKind>;
    /// Drops the child from its list.
    fn forget(&self, child: ActorId) -> Option<Arc<dyn Child>>;
    fn signal(&self, signal: ChildSignal);
    /// Whether it lives, and has not been left behind.
    fn is_current(&self) -> bool;
    /// None of the root.
    fn identity(&self) -> Option<Identity>;
    /// Whom its children descend from.
    fn lineage(&self) -> Lineage;
}

/// A child that follows an abandoned parent still gets so long.
pub(crate) const LAST_GRACE: Duration = Duration::from_millis(50);

/// Until when a child that was told to stop is waited for.
#[derive(Clone, Copy)]
enum Patience {
    None,
    Until(Option<Instant>),
}

/// Stops `child` and its subtree: orders it, waits as long as its shutdown and `deadline` allow,
/// then leaves it behind.
pub(crate) fn stop_child(rt: &Rt, child: &Arc<dyn Child>, deadline: Option<Instant>) {
    let patience = order(rt, child);
    await_stop(rt, child, patience, deadline);
}

fn order(rt: &Rt, child: &Arc<dyn Child>) -> Patience {
    let patience = match child.shutdown() {
        Shutdown::Brutal => return Patience::None,
        Shutdown::Timeout(timeout) => Patience::Until(rt.after(timeout)),
        Shutdown::Infinity => Patience::Until(None),
    };
    child.order_end();
    patience
}

fn await_stop(rt: &Rt, child: &Arc<dyn Child>, patience: Patience, deadline: Option<Instant>) {
    let down = match patience {
        Patience::None => None,
        Patience::Until(patience) => {
            let until = patience.into_iter().chain(deadline).min();
            rt.awaits(|| format!("the end of {}", child.identity()));
            rt.wait(IdleStrategy::Adaptive, until, |context| {
                child.poll_down(context)
            })
        }
    };
    if down.is_none() {
        let last_grace = rt.now() + LAST_GRACE;
        child.abandon(deadline.map(|deadline| deadline.max(last_grace)));
    }
    child.join_thread();
    child.retire();
}

/// Stops all `children` at the same time.
pub(crate) fn stop_together(rt: &Rt, children: &[Arc<dyn Child>]) {
    let patience: Vec<_> = children.iter().map(|child| order(rt, child)).collect();
    for (child, patience) in children.iter().zip(patience) {
        await_stop(rt, child, patience, None);
    }
}
