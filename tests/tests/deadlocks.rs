//! Actors that would wait for each other for ever: refused, named, and never by mistake.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{SendErrorKind, SupervisorHandle};
use actor_tests::probe::{Gate, GateHandle};
use actor_tests::{LONG, everywhere, on_threads};

/// Asks others to ask others.
struct Node;

#[actor]
impl Node {
    fn echo(&self, n: u64) -> u64 {
        n
    }
    /// Asks along the path; the error, if somebody on it is told that it is a deadlock.
    fn follow(&mut self, mut path: Vec<NodeHandle>) -> Result<(), String> {
        if path.is_empty() {
            return Ok(());
        }
        let next = path.remove(0);
        match next.follow(path).ask() {
            Ok(answer) => answer,
            Err(error) => Err(error.to_string()),
        }
    }
    /// Asks `other`, after the gate, so that both directions begin at once.
    fn meet(&mut self, other: NodeHandle) -> Result<u64, AskError> {
        other.echo(1).ask()
    }
    fn ask_self(
        &mut self,
        ctx: &mut Context<Self>,
        timeout: Option<Duration>,
    ) -> Result<u64, AskError> {
        let me = ctx.handle();
        match timeout {
            None => me.echo(1).ask(),
            Some(timeout) => me.echo(1).timeout(timeout).ask(),
        }
    }
    fn join_other(&self, other: NodeHandle) {
        other.join();
    }
    fn spawn_node(&self, ctx: &mut Context<Self>) -> NodeHandle {
        ctx.spawn::<Node>(()).unwrap()
    }
    fn join_self(&mut self, ctx: &mut Context<Self>) {
        ctx.handle().join();
    }
    fn send_then_wait(&mut self, other: NodeHandle, back: NodeHandle) -> Result<(), String> {
        let pending = other
            .follow(vec![back])
            .send()
            .map_err(|error| error.to_string())?;
        pending.wait().map_err(|error| error.to_string())?
    }
    /// Fills `other`'s mailbox, until that would be a deadlock.
    fn flood(&mut self, other: NodeHandle, gate: GateHandle) -> Result<(), SendErrorKind> {
        let _ = gate.pass().ask();
        for n in 0..10 {
            other.echo(n).tell().map_err(|error| error.kind())?;
        }
        Ok(())
    }
    fn pass_then_ask(&mut self, gate: GateHandle, other: NodeHandle) -> Result<u64, AskError> {
        let _ = gate.pass().ask();
        other.echo(1).ask()
    }
    fn spawn_asker(&mut self, ctx: &mut Context<Self>) -> String {
        let me = ctx.handle();
        let spawned = ctx.spawn::<Asker>(me);
        spawned.map_or_else(|error| error.to_string(), |_| "it started".to_owned())
    }
}

impl Actor for Node {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Node)
    }
}

/// Asks its parent in its start.
struct Asker;
#[actor]
impl Asker {}
impl Actor for Asker {
    type Args = NodeHandle;
    fn start(_ctx: &mut Context<Self>, parent: &NodeHandle) -> Result<Self, Failure> {
        parent.echo(1).ask()?;
        Ok(Asker)
    }
}

fn nodes(system: &SystemRef, number: usize) -> Vec<NodeHandle> {
    let spec = || system.spec::<Node>(()).name("n").mailbox(4);
    (0..number).map(|_| spec().spawn().unwrap()).collect()
}

#[test]
fn asking_oneself_is_refused_with_a_deadline_too() {
    everywhere(|system| {
        let node = &nodes(system, 1)[0];
        for timeout in [None, Some(LONG)] {
            let error = node.ask_self(timeout).ask().unwrap().unwrap_err();
            assert!(matches!(error, AskError::Deadlock { .. }));
            assert!(error.to_string().ends_with("n#1 →(echo) n#1"), "{error}");
        }
        assert_eq!(node.snapshot().mailbox, 0, "nothing was delivered");
    });
}

#[test]
fn joining_oneself_panics_with_the_cycle() {
    everywhere(|system| {
        let node = &nodes(system, 1)[0];
        let error = node.join_self().ask().unwrap_err();
        assert!(error.to_string().contains("n#1 →(join) n#1"), "{error}");
    });
}

#[test]
fn a_parent_that_stops_refuses_the_join_of_its_child() {
    everywhere(|system| {
        let parent = &nodes(system, 1)[0];
        let child = parent.spawn_node().ask().unwrap();
        let joins = child.join_other(parent.clone()).send().unwrap();
        parent.stop();
        assert!(parent.join().is_normal());
        let error = joins.wait().unwrap_err();
        // It was refused, or had not begun.
        assert!(
            matches!(error, AskError::Failed { .. } | AskError::Stopped { .. }),
            "{error}"
        );
    });
}

#[test]
fn cycles_of_two_and_three_are_named() {
    everywhere(|system| {
        let nodes = nodes(system, 3);
        let error = nodes[0]
            .follow(vec![nodes[1].clone(), nodes[0].clone()])
            .ask()
            .unwrap();
        let error = error.unwrap_err();
        assert!(
            error.ends_with("n#2 →(follow) n#1 →(follow) n#2"),
            "{error}"
        );
        let path = vec![nodes[1].clone(), nodes[2].clone(), nodes[0].clone()];
        let error = nodes[0].follow(path).ask().unwrap().unwrap_err();
        assert!(
            error.ends_with("n#3 →(follow) n#1 →(follow) n#2 →(follow) n#3"),
            "{error}"
        );
        assert_eq!(nodes[0].snapshot().handled, 2, "and nothing was delivered");
        assert_eq!(nodes[0].echo(1).ask().unwrap(), 1);
    });
}

#[test]
fn an_answer_that_is_waited_for_later_closes_a_cycle_too() {
    everywhere(|system| {
        let nodes = nodes(system, 2);
        let asked = nodes[0]
            .send_then_wait(nodes[1].clone(), nodes[0].clone())
            .ask();
        let error = asked.unwrap().unwrap_err();
        assert!(error.contains("deadlock"), "{error}");
    });
}

#[test]
fn a_full_mailbox_closes_a_cycle() {
    everywhere(|system| {
        let nodes = nodes(system, 2);
        let (first, second) = (
            system.spawn::<Gate>(()).unwrap(),
            system.spawn::<Gate>(()).unwrap(),
        );
        let flooding = nodes[0]
            .flood(nodes[1].clone(), first.clone())
            .send()
            .unwrap();
        let asking = nodes[1]
            .pass_then_ask(second.clone(), nodes[0].clone())
            .send()
            .unwrap();
        first.somebody_waits().ask().unwrap();
        second.somebody_waits().ask().unwrap();
        second.open().tell().unwrap();
        first.open().tell().unwrap();
        let (flooded, asked) = (flooding.wait().unwrap(), asking.wait().unwrap());
        // One of the two is told, whichever would have closed the cycle.
        let told = matches!(flooded, Err(SendErrorKind::Deadlock))
            || matches!(asked, Err(AskError::Deadlock { .. }));
        // Or the ask was answered before the mailbox was full.
        assert!(told || asked.is_ok(), "{flooded:?} {asked:?}");
    });
}

#[test]
fn a_start_that_asks_its_parent_fails() {
    everywhere(|system| {
        let node = &nodes(system, 1)[0];
        let answer = node.spawn_asker().ask().unwrap();
        assert!(answer.contains("deadlock"), "{answer}");
        assert!(answer.contains("n#1 →(start) Asker#2"), "{answer}");
        assert_eq!(node.echo(1).ask().unwrap(), 1);
    });
}

#[test]
fn a_child_that_asks_its_supervisor_in_its_first_start_fails() {
    type Above = Arc<OnceLock<SupervisorHandle>>;
    struct Nosy;
    #[actor]
    impl Nosy {}
    impl Actor for Nosy {
        type Args = Above;
        fn start(_ctx: &mut Context<Self>, above: &Above) -> Result<Self, Failure> {
            let above = above.get().ok_or("nobody is above")?;
            above.count_children().ask()?;
            Ok(Nosy)
        }
    }
    everywhere(|system| {
        let above = Above::default();
        let plan = Supervisor::one_for_one().child(system.spec::<Nosy>(Arc::clone(&above)));
        let mut spec = system.spec::<Supervisor>(plan);
        above.set(spec.handle()).unwrap();
        let error = spec.spawn().unwrap_err().to_string();
        assert!(
            error.contains("deadlock: Nosy#1 →(count_children) Supervisor#2 →(start) Nosy#1"),
            "{error}"
        );
    });
}

#[test]
fn two_who_ask_each_other_at_once_never_hang_and_never_both_fail_for_nothing() {
    on_threads(|system| {
        let nodes = nodes(system, 2);
        for _ in 0..500 {
            let one = nodes[0].meet(nodes[1].clone()).send().unwrap();
            let other = nodes[1].meet(nodes[0].clone()).send().unwrap();
            let answers = [one.wait().unwrap(), other.wait().unwrap()];
            let refused = answers.iter().filter(|answer| answer.is_err()).count();
            assert!(
                refused <= 1,
                "only who would close the cycle is refused: {answers:?}"
            );
            for answer in answers {
                assert!(
                    matches!(answer, Ok(1) | Err(AskError::Deadlock { .. })),
                    "{answer:?}"
                );
            }
        }
    });
    actor_tests::simulated(|system| {
        let nodes = nodes(system, 2);
        let one = nodes[0].meet(nodes[1].clone()).send().unwrap();
        let other = nodes[1].meet(nodes[0].clone()).send().unwrap();
        let refused = [one.wait().unwrap(), other.wait().unwrap()];
        assert!(refused.iter().filter(|answer| answer.is_err()).count() <= 1);
    });
}

#[test]
fn a_hundred_thousand_acyclic_asks_raise_no_alarm() {
    on_threads(|system| {
        let nodes = nodes(system, 8);
        let mut seed = 1_u64;
        let mut random = move |below: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (seed >> 33) as usize % below
        };
        let mut asks = 0;
        while asks < 100_000 {
            // Always upwards, so there is no cycle, whatever runs at once.
            let mut pending = Vec::new();
            for start in 0..4 {
                let mut path: Vec<usize> = (start + 1..8).filter(|_| random(2) == 0).collect();
                path.sort_unstable();
                asks += path.len() + 1;
                let path = path.into_iter().map(|node| nodes[node].clone()).collect();
                pending.push(nodes[start].follow(path).send().unwrap());
            }
            for pending in pending {
                pending.wait().unwrap().unwrap();
            }
        }
    });
}

#[test]
fn an_answer_that_is_deferred_is_no_edge() {
    /// Answers for others.
    #[derive(Default)]
    struct Deputy {
        kept: Vec<ReplyTo<()>>,
    }
    #[actor]
    impl Deputy {
        fn keep(&mut self, reply: ReplyTo<()>) {
            self.kept.push(reply);
        }
        fn has_one(&self) -> bool {
            !self.kept.is_empty()
        }
        fn answer(&mut self) {
            self.kept.drain(..).for_each(|reply| reply.send(()));
        }
    }
    impl Actor for Deputy {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Deputy::default())
        }
    }
    struct Deferring(DeputyHandle);
    #[actor]
    impl Deferring {
        #[message(later)]
        fn defer(&mut self, ctx: &mut Context<Self>) -> Later<()> {
            let (later, reply) = ctx.later();
            // A reply that did not arrive tells the asker when it is dropped.
            let _ = self.0.keep(reply).tell();
            later
        }
        fn ask_back(&mut self, other: WaitingHandle) -> Result<u64, AskError> {
            other.echo(1).ask()
        }
    }
    impl Actor for Deferring {
        type Args = DeputyHandle;
        fn start(_ctx: &mut Context<Self>, deputy: &DeputyHandle) -> Result<Self, Failure> {
            Ok(Deferring(deputy.clone()))
        }
    }
    struct Waiting;
    #[actor]
    impl Waiting {
        fn wait_for(&mut self, other: DeferringHandle) -> Result<(), AskError> {
            other.defer().ask()
        }
        fn echo(&self, n: u64) -> u64 {
            n
        }
    }
    impl Actor for Waiting {
        type Args = ();
        fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
            Ok(Waiting)
        }
    }
    everywhere(|system| {
        let deputy = system.spawn::<Deputy>(()).unwrap();
        let deferring = system.spawn::<Deferring>(deputy.clone()).unwrap();
        let waiting = system.spawn::<Waiting>(()).unwrap();
        let waits = waiting.wait_for(deferring.clone()).send().unwrap();
        loop {
            if deputy.has_one().ask().unwrap() {
                break;
            }
        }
        // It waits for the deputy now, so asking it is no cycle, whoever comes first.
        let asks = deferring.ask_back(waiting.clone()).send().unwrap();
        deputy.answer().tell().unwrap();
        assert!(waits.wait().unwrap().is_ok());
        assert_eq!(asks.wait().unwrap().unwrap(), 1);
    });
}
