//! An actor that notes each step of its life, and does what it is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use actor_core::prelude::*;

use crate::{Counted, Log};

/// What goes wrong at one place of a life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// It returns an error.
    Fails,
    /// It panics.
    Panics,
    /// It panics with a payload whose destructor panics.
    Bomb,
    /// It exits with this code.
    Exits(i32),
    /// It has nothing to do.
    Ignores,
}

/// A payload whose destructor panics.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        panic!("a payload's destructor panics");
    }
}

impl Fault {
    /// Panics or fails, if this is such a fault.
    pub fn strike(self, place: &str) -> Result<(), Failure> {
        match self {
            Fault::Fails => Err(format!("{place} fails"))?,
            Fault::Panics => panic!("{place} panics"),
            Fault::Bomb => std::panic::panic_any(Bomb),
            Fault::Ignores => Err(Ignore)?,
            Fault::None | Fault::Exits(_) => Ok(()),
        }
    }
}

/// What a [`Probe`] is started with.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Where it notes its steps.
    pub log: Log,
    /// What it is called there.
    pub name: &'static str,
    /// What goes wrong in `start`.
    pub start: Fault,
    /// In how many lives that goes wrong, from the second on; the first is not concerned.
    pub failing_restarts: u64,
    /// What goes wrong in `stopping`.
    pub stopping: Fault,
    /// What goes wrong when its state is dropped.
    pub drop: Fault,
    /// Children that it starts in `start`.
    pub children: Vec<Plan>,
    /// Counts its arguments.
    pub counted: Option<Counted>,
    /// Counts its starts.
    pub starts: Arc<AtomicU64>,
}

impl Plan {
    /// A plan without faults.
    pub fn new(log: &Log, name: &'static str) -> Self {
        Plan {
            log: log.clone(),
            name,
            ..Plan::default()
        }
    }
}

/// See [`Plan`].
#[derive(Debug)]
pub struct Probe {
    plan: Plan,
    children: Vec<ProbeHandle>,
}

#[actor(derive(Debug))]
impl Probe {
    /// Notes `what`.
    pub fn note(&mut self, what: String) {
        self.plan.log.note(what);
    }

    /// Answers with `n`.
    pub fn echo(&self, n: u64) -> u64 {
        n
    }

    /// Which life this is.
    pub fn life(&self, ctx: &mut Context<Self>) -> u64 {
        ctx.life()
    }

    /// Does something that may go wrong.
    #[message(fails)]
    pub fn strike(&mut self, ctx: &mut Context<Self>, fault: Fault) -> Result<(), Failure> {
        if let Fault::Exits(code) = fault {
            ctx.exit(code);
        }
        fault.strike("handler")
    }

    /// Waits until the gate is open.
    pub fn pass(&mut self, gate: GateHandle) {
        // The gate may be gone first.
        let _ = gate.pass().ask();
        self.plan.log.note(format!("{} passed", self.plan.name));
    }

    /// Sleeps, unless it is cancelled; whether it slept to the end.
    pub fn sleep(&mut self, ctx: &mut Context<Self>, duration: Duration) -> bool {
        ctx.sleep(duration)
    }

    /// Tells `to` to note `what`.
    pub fn forward(&mut self, to: ProbeHandle, what: String) -> Result<(), String> {
        to.note(what).tell().map_err(|error| error.to_string())
    }

    /// Starts a child; whether that worked.
    pub fn spawn(&mut self, ctx: &mut Context<Self>, plan: Plan) -> bool {
        match ctx.spec::<Probe>(plan.clone()).name(plan.name).spawn() {
            Ok(child) => {
                self.children.push(child);
                true
            }
            Err(_) => false,
        }
    }

    /// The children's handles.
    pub fn children(&self) -> Vec<ProbeHandle> {
        self.children.clone()
    }

    /// Begins the system's shutdown; whether it was over when the call returned.
    pub fn shut_down(&mut self, ctx: &mut Context<Self>) -> bool {
        ctx.system()
            .shutdown()
            .is_ok_and(|report| report.is_finished())
    }
}

impl Actor for Probe {
    type Args = Plan;

    fn start(ctx: &mut Context<Self>, plan: &Plan) -> Result<Self, Failure> {
        plan.log.note(format!("{} start", plan.name));
        plan.starts.fetch_add(1, Ordering::SeqCst);
        let mut children = Vec::new();
        for child in &plan.children {
            children.push(ctx.spec::<Probe>(child.clone()).name(child.name).spawn()?);
        }
        if let Fault::Exits(code) = plan.start {
            ctx.exit(code);
        }
        let concerned = plan.failing_restarts == 0
            || (2..2 + plan.failing_restarts).contains(&plan.starts.load(Ordering::SeqCst));
        if concerned {
            plan.start.strike("start")?;
        }
        Ok(Probe {
            plan: plan.clone(),
            children,
        })
    }

    fn stopping(&mut self, ctx: &mut Context<Self>, reason: &ExitReason) -> Result<(), Failure> {
        let text = format!("{} stopping ({reason})", self.plan.name);
        self.plan.log.note(text);
        if let Fault::Exits(code) = self.plan.stopping {
            ctx.exit(code);
        }
        self.plan.stopping.strike("stopping")
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.plan.log.note(format!("{} drop", self.plan.name));
        // An error has nowhere to go here.
        let _ = self.plan.drop.strike("drop");
    }
}

/// Holds up whoever passes until it is opened: a way to make a handler wait that a simulation
/// understands.
#[derive(Debug, Default)]
pub struct Gate {
    open: bool,
    waiting: Vec<ReplyTo<()>>,
    arrival: Vec<ReplyTo<()>>,
}

#[actor]
impl Gate {
    /// Answers once the gate is open.
    #[message(later)]
    pub fn pass(&mut self, ctx: &mut Context<Self>) -> Later<()> {
        let (later, reply) = ctx.later();
        match self.open {
            true => reply.send(()),
            false => self.waiting.push(reply),
        }
        self.arrival.drain(..).for_each(|arrival| arrival.send(()));
        later
    }

    /// Answers once somebody waits at the gate.
    #[message(later)]
    pub fn somebody_waits(&mut self, ctx: &mut Context<Self>) -> Later<()> {
        let (later, reply) = ctx.later();
        match self.waiting.is_empty() {
            true => self.arrival.push(reply),
            false => reply.send(()),
        }
        later
    }

    /// Lets everybody pass.
    pub fn open(&mut self) {
        self.open = true;
        self.waiting.drain(..).for_each(|reply| reply.send(()));
    }
}

impl Actor for Gate {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Gate::default())
    }
}
