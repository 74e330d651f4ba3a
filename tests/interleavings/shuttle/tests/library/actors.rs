//! The actors of the tests.

use actor_core::SharedArray;
use actor_core::prelude::*;

use super::Count;

/// Counts what it handles.
pub struct Taker {
    handled: Count,
    last: [u64; 2],
}

#[actor(derive(Clone))]
impl Taker {
    /// Messages of one sender come in order.
    pub fn take(&mut self, sender: usize, number: u64) -> u64 {
        assert!(self.last[sender] < number, "overtaken, or twice");
        self.last[sender] = number;
        self.handled.add();
        number
    }
    #[message(fails)]
    pub fn crash(&mut self) -> Result<(), Failure> {
        Err("planned")?
    }
}

impl Actor for Taker {
    type Args = Count;
    fn start(_: &mut Context<Self>, handled: &Count) -> Result<Self, Failure> {
        Ok(Taker {
            handled: handled.clone(),
            last: [0; 2],
        })
    }
}

/// Asks others.
pub struct Asker;

#[actor]
impl Asker {
    pub fn echo(&self, n: u64) -> u64 {
        n
    }
    /// Asks the first to go on with the others.
    pub fn follow(&mut self, mut path: Vec<AskerHandle>) -> Result<u64, AskError> {
        match path.is_empty() {
            true => Ok(0),
            false => {
                let next = path.remove(0);
                next.follow(path).ask()?.map(|length| length + 1)
            }
        }
    }
    /// Answers, and asks the asker after that.
    pub fn answer_then_ask(&mut self, ctx: &mut Context<Self>, asker: AskerHandle) {
        ctx.handle().ask_now(asker).tell().unwrap();
    }
    #[message(fails)]
    pub fn ask_now(&mut self, other: AskerHandle) -> Result<(), Failure> {
        other.echo(1).ask()?;
        Ok(())
    }
    pub fn meet(&mut self, ctx: &mut Context<Self>, other: AskerHandle) -> Result<(), AskError> {
        other.answer_then_ask(ctx.handle()).ask()
    }
    /// Asks first, and waits for the answer later.
    pub fn ask_then_wait(&mut self, other: AskerHandle) -> Result<u64, String> {
        let pending = other.echo(3).send().map_err(|error| error.to_string())?;
        pending.wait().map_err(|error| error.to_string())
    }
}

impl Actor for Asker {
    type Args = ();
    fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
        Ok(Asker)
    }
}

/// Its first life does not come back from `block` before the gate is opened.
pub struct Stuck {
    life: u64,
    plan: StuckPlan,
}

#[derive(Clone)]
pub struct StuckPlan {
    pub gate: Gate,
    /// What the first life has handled, and those after it.
    pub handled: [Count; 2],
}

#[actor]
impl Stuck {
    pub fn block(&mut self) {
        self.plan.gate.pass();
    }
    pub fn work(&mut self) -> u64 {
        self.plan.handled[usize::from(self.life > 1)].add();
        self.life
    }
}

impl Actor for Stuck {
    type Args = StuckPlan;
    fn start(ctx: &mut Context<Self>, plan: &StuckPlan) -> Result<Self, Failure> {
        Ok(Stuck {
            life: ctx.life(),
            plan: plan.clone(),
        })
    }
}

/// Holds up whoever passes, whatever it is told, until it is opened.
#[derive(Clone)]
pub struct Gate(SharedArray<u32>);

const ARRIVED: usize = 0;
const OPEN: usize = 1;

impl Gate {
    pub fn new() -> Self {
        Gate(SharedArray::new(2))
    }

    fn pass(&self) {
        self.set(ARRIVED);
        self.wait(OPEN);
    }

    /// Waits until somebody waits.
    pub fn await_arrival(&self) {
        self.wait(ARRIVED);
    }

    pub fn open(&self) {
        self.set(OPEN);
    }

    fn set(&self, what: usize) {
        self.0.store(what, 1);
        self.0.notify(what, usize::MAX);
    }

    fn wait(&self, what: usize) {
        while self.0.load(what) == 0 {
            self.0.wait(what, 0);
        }
    }
}
