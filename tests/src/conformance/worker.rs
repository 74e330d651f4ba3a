//! The worker of the scenarios: it ends when it is told, and as it is told.
#![allow(clippy::disallowed_methods, reason = "it holds up real threads")]

use std::collections::BTreeMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use actor_core::prelude::*;

use super::scenario::{Behaviour, Reason};

/// What the workers of a scenario share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    starts: Mutex<BTreeMap<String, Next>>,
    over: Mutex<bool>,
    is_over: Condvar,
}

/// What a worker's next starts do.
#[derive(Clone, Copy, Debug, Default)]
struct Next {
    fail: u64,
    ignore: u64,
}

impl Shared {
    pub(super) fn fail_next(&self, id: &str, times: u64) {
        lock(&self.starts).entry(id.to_owned()).or_default().fail = times;
    }

    pub(super) fn ignore_next(&self, id: &str, times: u64) {
        lock(&self.starts).entry(id.to_owned()).or_default().ignore = times;
    }

    fn start(&self, id: &str) -> Result<(), Failure> {
        let mut starts = lock(&self.starts);
        let next = starts.entry(id.to_owned()).or_default();
        if next.fail > 0 {
            next.fail -= 1;
            Err("boom")?
        }
        if next.ignore > 0 {
            next.ignore -= 1;
            Err(Ignore)?
        }
        Ok(())
    }

    /// Lets whoever would not stop leave.
    pub(super) fn end(&self) {
        *lock(&self.over) = true;
        self.is_over.notify_all();
    }

    /// Outlasts every order to stop.
    fn be_stubborn(&self) {
        let mut over = lock(&self.over);
        while !*over {
            over = self
                .is_over
                .wait(over)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a worker is started with.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub(super) id: String,
    pub(super) behaviour: Behaviour,
    pub(super) shared: Arc<Shared>,
}

/// See the module.
#[derive(Debug)]
pub(super) struct Worker {
    plan: Plan,
    ends_itself: bool,
}

#[actor]
impl Worker {
    /// Ends.
    #[message(fails)]
    pub(super) fn crash(&mut self, ctx: &mut Context<Self>, reason: Reason) -> Result<(), Failure> {
        self.ends_itself = true;
        match reason {
            Reason::Normal => ctx.exit(0),
            Reason::Shutdown => ctx.exit_with(ExitReason::Shutdown(None)),
            Reason::ShutdownFor(why) => ctx.exit_with(ExitReason::Shutdown(Some(why.into()))),
            Reason::Error => Err("error")?,
        }
        Ok(())
    }
}

impl Actor for Worker {
    type Args = Plan;

    fn start(_ctx: &mut Context<Self>, plan: &Plan) -> Result<Self, Failure> {
        plan.shared.start(&plan.id)?;
        Ok(Worker {
            plan: plan.clone(),
            ends_itself: false,
        })
    }

    fn stopping(&mut self, _ctx: &mut Context<Self>, _reason: &ExitReason) -> Result<(), Failure> {
        if self.ends_itself {
            return Ok(());
        }
        match self.plan.behaviour {
            Behaviour::Obey => {}
            Behaviour::Slow(millis) => std::thread::sleep(Duration::from_millis(millis)),
            Behaviour::BadStop => Err("badstop")?,
            Behaviour::Stubborn => self.plan.shared.be_stubborn(),
        }
        Ok(())
    }
}

/// Starts, finds nothing to do once it is let go, and leaves no trace: meanwhile its supervisor is
/// busy.
#[derive(Debug)]
pub(super) struct Holder;

/// What holds a [`Holder`].
#[derive(Debug, Default)]
pub(super) struct Hold {
    state: Mutex<(bool, bool)>,
    changed: Condvar,
}

impl Hold {
    /// Waits until the holder holds.
    pub(super) fn wait(&self) {
        self.until(|(holds, _)| *holds);
    }

    /// Lets the holder go.
    pub(super) fn let_go(&self) {
        lock(&self.state).1 = true;
        self.changed.notify_all();
    }

    fn until(&self, is: impl Fn(&(bool, bool)) -> bool) {
        let mut state = lock(&self.state);
        while !is(&state) {
            state = self
                .changed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
    }
}

#[actor]
impl Holder {
    /// A holder never runs.
    pub(super) fn nothing(&self) {}
}

impl Actor for Holder {
    type Args = Arc<Hold>;

    fn start(_ctx: &mut Context<Self>, hold: &Arc<Hold>) -> Result<Self, Failure> {
        lock(&hold.state).0 = true;
        hold.changed.notify_all();
        hold.until(|(_, go)| *go);
        Err(Ignore)?
    }
}
