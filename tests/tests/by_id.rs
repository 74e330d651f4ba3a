//! Sending to an actor of which one knows no more than its id: Node's `postMessageToThread`.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{ActorId, LookupError};
use actor_tests::probe::{Gate, GateMessage};
use actor_tests::{LONG, everywhere, on_threads};

/// Knows nobody but its children, whom it starts, and sends to anybody by id.
struct Node {
    greeted_by: Vec<ActorId>,
}

#[derive(Debug, PartialEq)]
enum Trouble {
    Lookup(LookupError),
    SameActor,
    Failed(String),
    Timeout,
}

#[actor]
impl Node {
    /// Takes a greeting, and says how many it had with this one.
    fn greeting(&mut self, from: ActorId) -> usize {
        self.greeted_by.push(from);
        self.greeted_by.len()
    }
    fn greeted_by(&self) -> Vec<ActorId> {
        self.greeted_by.clone()
    }
    fn greet(&mut self, ctx: &mut Context<Self>, whom: ActorId) -> Result<usize, Trouble> {
        let node = ctx.system().lookup_id::<NodeMessage>(whom);
        let node = node.map_err(Trouble::Lookup)?;
        let answer = node.greeting(ctx.id()).timeout(LONG).ask();
        answer.map_err(trouble)
    }
    #[message(fails)]
    fn stumble(&mut self) -> Result<(), Failure> {
        Err("it stumbles")?
    }
}

fn trouble(error: AskError) -> Trouble {
    match error {
        AskError::Deadlock { cycle } if cycle.steps().count() == 1 => Trouble::SameActor,
        AskError::Failed { reason, .. } => Trouble::Failed(reason.to_string()),
        AskError::Timeout { .. } => Trouble::Timeout,
        other => panic!("{other}"),
    }
}

/// How many levels are to come, and where to note the ids.
struct Level {
    below: u32,
    ids: Arc<Mutex<Vec<ActorId>>>,
}

impl Actor for Node {
    type Args = Level;
    fn start(ctx: &mut Context<Self>, level: &Level) -> Result<Self, Failure> {
        level.ids.lock().unwrap().push(ctx.id());
        if let Some(below) = level.below.checked_sub(1) {
            for _ in 0..2 {
                let ids = Arc::clone(&level.ids);
                ctx.spawn::<Node>(Level { below, ids })?;
            }
        }
        Ok(Node {
            greeted_by: Vec::new(),
        })
    }
}

/// The ids of seven actors on three levels, the top first.
fn tree(system: &System) -> Vec<ActorId> {
    let ids = Arc::default();
    let level = Level {
        below: 2,
        ids: Arc::clone(&ids),
    };
    system.spawn::<Node>(level).unwrap();
    ids.lock().unwrap().clone()
}

fn node(system: &SystemRef, id: ActorId) -> NodeHandle {
    system.lookup_id::<NodeMessage>(id).unwrap()
}

#[test]
fn a39_every_actor_of_a_tree_reaches_every_other_by_its_id() {
    everywhere(|system| {
        let ids = tree(system);
        assert_eq!(ids.len(), 7);
        for (place, &from) in ids.iter().enumerate() {
            for &to in ids.iter().filter(|&&to| to != from) {
                let answer = node(system, from).greet(to).ask().unwrap();
                // It comes after the greeting was handled.
                let before = place - usize::from(ids[..place].contains(&to));
                assert_eq!(answer, Ok(before + 1));
            }
        }
        for &id in &ids {
            let others: Vec<_> = ids.iter().copied().filter(|&other| other != id).collect();
            assert_eq!(node(system, id).greeted_by().ask().unwrap(), others);
        }
    });
}

#[test]
fn a39_whoever_sends_to_itself_is_told_so() {
    everywhere(|system| {
        let ids = tree(system);
        let answer = node(system, ids[3]).greet(ids[3]).ask().unwrap();
        assert_eq!(answer, Err(Trouble::SameActor));
    });
}

#[test]
fn a39_an_id_that_nobody_has_is_an_error_that_names_it() {
    everywhere(|system| {
        let ids = tree(system);
        let gone = node(system, ids[6]);
        gone.stop();
        gone.join();
        let answer = node(system, ids[0]).greet(ids[6]).ask().unwrap();
        let Err(Trouble::Lookup(error)) = answer else {
            panic!("{answer:?}");
        };
        assert_eq!((error.id(), error.actor()), (Some(ids[6]), None));
        let declared = system.spec::<Gate>(()).handle();
        let unborn = system.lookup_id::<GateMessage>(declared.id()).unwrap_err();
        assert_eq!(unborn.actor(), None);
    });
}

#[test]
fn a39_an_actor_that_takes_other_messages_is_named() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let error = system.lookup_id::<NodeMessage>(gate.id()).unwrap_err();
        assert_eq!(error.actor(), Some(&gate.snapshot().actor));
        assert_eq!(
            error.to_string(),
            format!(
                "Gate{} takes other messages than those looked for",
                gate.id()
            )
        );
    });
}

#[test]
fn a39_a_handler_that_fails_gives_its_reason() {
    everywhere(|system| {
        let ids = tree(system);
        let error = node(system, ids[2]).stumble().ask().unwrap_err();
        assert_eq!(
            trouble(error),
            Trouble::Failed("failed: it stumbles".to_owned())
        );
    });
}

#[test]
fn a39_an_answer_that_does_not_come_in_time_is_a_timeout() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let gate = system.lookup_id::<GateMessage>(gate.id()).unwrap();
        let asked = gate.pass().timeout(Duration::from_millis(20)).ask();
        assert_eq!(trouble(asked.unwrap_err()), Trouble::Timeout);
    });
}

#[test]
fn an_id_stays_over_restarts_and_ends_with_the_actor() {
    everywhere(|system| {
        let mut child = system.spec::<Node>(Level {
            below: 0,
            ids: Arc::default(),
        });
        let handle = child.handle();
        let plan = Supervisor::one_for_one().child(child);
        let supervisor = system.spawn::<Supervisor>(plan).unwrap();
        node(system, handle.id()).stumble().ask().unwrap_err();
        // Between the lives, too.
        node(system, handle.id()).greeted_by().ask().unwrap();
        let stop = supervisor.terminate_child("Node").ask().unwrap();
        stop.unwrap();
        assert!(system.lookup_id::<NodeMessage>(handle.id()).is_err());
        let start = supervisor.restart_child("Node").ask().unwrap();
        start.unwrap();
        node(system, handle.id()).greeted_by().ask().unwrap();
    });
}

#[test]
fn a_start_that_fails_leaves_no_id_and_no_name() {
    on_threads(|system| {
        let spec = system.spec::<Gate>(()).register("gate");
        let mut spec = spec.stack_size(usize::MAX / 2);
        let handle = spec.handle();
        spec.spawn().unwrap_err();
        assert!(system.lookup_id::<GateMessage>(handle.id()).is_err());
        assert!(system.lookup::<GateMessage>("gate").is_err());
        system.spec::<Gate>(()).register("gate").spawn().unwrap();
    });
}
