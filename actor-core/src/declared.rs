//! A declared actor as its parent's record: what starts its lives.

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, Weak};
use std::task::{Context as TaskContext, Poll};
use std::time::Instant;

use crate::actor::Actor;
use crate::cell::{Cell, Live, Phase};
use crate::environment::Environment;
use crate::error::SpawnErrorKind;
use crate::exit::ExitReason;
use crate::id::Identity;
use crate::observe::snapshot::ActorSnapshot;
use crate::peers::Peers;
use crate::policy::Shutdown;
use crate::rt::lock;
use crate::runner::Life;
use crate::spec::Options;
use crate::tree::{Child, Kept, OnStarted, Parent};
use crate::unwind::drop_contained;

pub(crate) struct Declared<A: Actor> {
    pub(crate) cell: Arc<Cell<A::Message>>,
    /// Until the final exit.
    args: Mutex<Option<Arc<A::Args>>>,
    options: Options,
    /// What each life begins with.
    environment: Environment,
}

impl<A: Actor> Declared<A> {
    pub(crate) fn new(
        cell: Arc<Cell<A::Message>>,
        args: Option<Arc<A::Args>>,
        options: Options,
        environment: Environment,
    ) -> Self {
        Declared {
            cell,
            args: Mutex::new(args),
            options,
            environment,
        }
    }
}

impl<A: Actor> Child for Declared<A> {
    fn identity(&self) -> &Identity {
        &self.cell.identity
    }

    fn system(&self) -> u64 {
        self.cell.kernel.number
    }

    fn shutdown(&self) -> Shutdown {
        self.options.shutdown
    }

    fn launch(
        self: Arc<Self>,
        parent: Arc<dyn Parent>,
        kept: Kept,
        on_started: OnStarted,
    ) -> Result<u64, SpawnErrorKind> {
        let rt = &self.cell.kernel.rt;
        let args = lock(&self.args).clone();
        let Some(args) = args else {
            return Err(SpawnErrorKind::ParentStopping);
        };
        let lineage = parent.lineage();
        let life = {
            // Held while the thread is made, so that whoever joins the life finds its thread.
            let mut state = self.cell.state();
            state.kept = kept;
            // A parent that is left behind stops whom it has adopted, and looks here for that.
            if state.is_live() || state.stop_ordered || !parent.is_current() {
                return Err(SpawnErrorKind::ParentStopping);
            }
            let cell = Arc::<Cell<A::Message>>::clone(&self.cell);
            let registry = &self.cell.kernel.registry;
            let claimed = registry.claim(cell, self.options.registered);
            claimed.map_err(SpawnErrorKind::NameTaken)?;
            let number = state.life + 1;
            let cancelled = Arc::new(AtomicBool::new(false));
            let life = Life::<A> {
                cell: Arc::clone(&self.cell),
                number,
                cancelled: Arc::clone(&cancelled),
                environment: self.environment.clone(),
                args,
                idle: self.options.idle,
                lineage: lineage.clone(),
            };
            let thread = rt
                .spawn(
                    self.cell.identity.to_string(),
                    self.options.stack_size,
                    move || life.run(),
                )
                .map_err(SpawnErrorKind::Thread)?;
            state.thread = Some(Arc::new(thread));
            state.life = number;
            state.phase = Phase::Starting;
            // Before its own first wait, and the end of what waits for it to start.
            self.cell.kernel.graph.end_await(self.cell.identity.id());
            state.lineage = lineage;
            state.parent = (kept != Kept::No).then(|| Arc::clone(&parent));
            let record: Weak<Self> = Arc::downgrade(&self);
            state.record = Some(record);
            state.live = Some(Live {
                record: Arc::clone(&self) as Arc<dyn Child>,
                parent,
                on_started: Some(on_started),
                cancelled,
                announcing: false,
                told_to_end: None,
                peers: Peers::default(),
                leases: BTreeMap::new(),
            });
            number
        };
        rt.point();
        Ok(life)
    }

    fn order_pause(&self) {
        self.cell.order_pause();
    }

    fn order_end(&self) {
        let kept = self.cell.state().kept;
        match kept {
            Kept::ByPlan => self.cell.order_pause(),
            Kept::ByParent | Kept::No => self.cell.order_stop(),
        }
    }

    fn poll_down(&self, context: &TaskContext<'_>) -> Poll<Option<ExitReason>> {
        self.cell.poll_down(context)
    }

    fn await_start(&self, supervisor: &Identity) {
        self.cell.await_start(supervisor);
    }

    fn is_live(&self) -> bool {
        self.cell.state().is_live()
    }

    fn abandon(&self, deadline: Option<Instant>) {
        let life = self.cell.state().life;
        self.cell.abandon_life(life, deadline);
    }

    fn abandon_elsewhere(self: Arc<Self>) {
        let child = Arc::clone(&self);
        let name = format!("{}-end", self.cell.identity);
        let spawned = self
            .cell
            .kernel
            .rt
            .spawn(name, None, move || child.abandon(None));
        if spawned.is_err() {
            self.abandon(None);
        }
    }

    fn mistakes(&self) -> Vec<String> {
        let args = lock(&self.args).clone();
        args.map_or_else(Vec::new, |args| A::args_mistakes(&args, self.system()))
    }

    fn finish(&self) {
        self.cell.finish(self);
    }

    fn retire(&self) {
        if self.cell.state().kept != Kept::ByPlan {
            self.finish();
        }
    }

    fn keep(&self, kept: Kept) {
        self.cell.state().kept = kept;
    }

    fn retire_plan(&self) {
        let args = lock(&self.args).clone();
        if let Some(args) = &args {
            A::args_retire(args);
        }
    }

    fn release(&self) {
        let args = lock(&self.args).take();
        if let Err(panic) = drop_contained(args) {
            tracing::error!(actor = %self.cell.identity, %panic, "the destructor of its arguments panicked");
        }
    }

    fn reopen(&self) {
        self.cell.reopen();
    }

    fn is_stop_ordered(&self) -> bool {
        self.cell.state().stop_ordered
    }

    fn life(&self) -> u64 {
        self.cell.state().life
    }

    fn last_exit(&self) -> ExitReason {
        self.cell.last_exit()
    }

    fn join_thread(&self) {
        self.cell.join_thread();
    }

    fn snapshot(&self) -> ActorSnapshot {
        self.cell.snapshot()
    }

    fn is_supervisor(&self) -> bool {
        A::IS_SUPERVISOR
    }

    fn cell(&self) -> Arc<dyn Any + Send + Sync> {
        Arc::clone(&self.cell) as Arc<dyn Any + Send + Sync>
    }
}

impl<A: Actor> Drop for Declared<A> {
    fn drop(&mut self) {
        // They may be the last of several that are dropped together, and one may panic.
        let _ = drop_contained(lock(&self.args).take());
    }
}
