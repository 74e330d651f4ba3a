//! What is counted.

use std::error::Error;
use std::sync::{Arc, Barrier};

use actor_core::IdleStrategy;
use actor_core::prelude::*;

#[derive(Clone, Copy)]
pub(crate) enum Talk {
    TellFromThread,
    TellFromActor,
    AskFromThread,
    AskFromActor,
}

impl Talk {
    pub(crate) const ALL: [Talk; 4] = [
        Talk::TellFromThread,
        Talk::TellFromActor,
        Talk::AskFromThread,
        Talk::AskFromActor,
    ];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Talk::TellFromThread => "tell, from a thread",
            Talk::TellFromActor => "tell, from an actor",
            Talk::AskFromThread => "ask, from a thread",
            Talk::AskFromActor => "ask, from an actor",
        }
    }

    /// Sends so many messages, and checks that all have been handled.
    pub(crate) fn run(self, messages: u64) -> Result<(), Box<dyn Error>> {
        let system = System::builder("instructions")
            .idle(IdleStrategy::Park)
            .build()?;
        let counter = system.spec::<Counter>(()).unbounded().spawn()?;
        let talker = system.spawn::<Talker>(counter.clone())?;
        match self {
            Talk::TellFromThread => tell_all(&counter, messages),
            Talk::TellFromActor => talker.tell_all(messages).ask()?,
            Talk::AskFromThread => ask_all(&counter, messages),
            Talk::AskFromActor => talker.ask_all(messages).ask()?,
        }
        assert_eq!(counter.sum(0).ask()?, messages, "messages were lost");
        system.shutdown()?;
        Ok(())
    }
}

fn tell_all(counter: &CounterHandle, messages: u64) {
    let gate = Arc::new(Barrier::new(2));
    counter.hold(Arc::clone(&gate)).tell().expect("it lives");
    // Once to know that it is held, once to let it go.
    gate.wait();
    for _ in 0..messages {
        counter.add(1).tell().expect("it lives");
    }
    gate.wait();
}

fn ask_all(counter: &CounterHandle, messages: u64) {
    for _ in 0..messages {
        counter.sum(1).ask().expect("it lives");
    }
}

struct Counter {
    sum: u64,
}

#[actor]
impl Counter {
    fn add(&mut self, by: u64) {
        self.sum += by;
    }

    fn sum(&mut self, by: u64) -> u64 {
        self.sum += by;
        self.sum
    }

    fn hold(&mut self, gate: Arc<Barrier>) {
        gate.wait();
        gate.wait();
    }
}

impl Actor for Counter {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Counter { sum: 0 })
    }
}

/// Does from inside what a thread does from outside.
struct Talker {
    counter: CounterHandle,
}

#[actor]
impl Talker {
    fn tell_all(&mut self, messages: u64) {
        tell_all(&self.counter, messages);
    }

    fn ask_all(&mut self, messages: u64) {
        ask_all(&self.counter, messages);
    }
}

impl Actor for Talker {
    type Args = CounterHandle;

    fn start(_ctx: &mut Context<Self>, counter: &CounterHandle) -> Result<Self, Failure> {
        Ok(Talker {
            counter: counter.clone(),
        })
    }
}
