//! The wait-for graph: every cycle is found, and none that is not there.

use actor_core::prelude::*;

use super::actors::{Asker, AskerHandle};
use super::explore_system;

fn askers<const N: usize>(system: &System) -> [AskerHandle; N] {
    [0; N].map(|_| system.spawn::<Asker>(()).unwrap())
}

/// One asks two, and two, once it has answered, asks one: the edge of the first question is gone by
/// then, whether one has woken up or not.
#[test]
fn whoever_was_answered_can_be_asked() {
    explore_system(|system| {
        let [one, two] = askers(system);
        one.meet(two.clone()).ask().unwrap().unwrap();
        // It comes after the question, which fails the actor if it is refused.
        assert_eq!(two.echo(1).ask().unwrap(), 1);
        assert!(two.is_alive());
    });
}

/// Two that ask each other, at the same time or not: neither hangs, and one of them is answered.
#[test]
fn of_two_who_ask_each_other_one_is_answered() {
    explore_system(|system| {
        let [one, two] = askers(system);
        let first = one.follow(vec![two.clone()]).send().unwrap();
        let second = two.follow(vec![one.clone()]).send().unwrap();
        match (first.wait().unwrap(), second.wait().unwrap()) {
            (Ok(1), Ok(1)) => {}
            (Err(AskError::Deadlock { .. }), Ok(1)) | (Ok(1), Err(AskError::Deadlock { .. })) => {}
            other => panic!("{other:?}"),
        }
    });
}

/// Three that ask each other in a ring: somebody is refused, and nobody hangs.
#[test]
fn a_ring_of_three_never_hangs() {
    explore_system(|system| {
        let ring: [AskerHandle; 3] = askers(system);
        let asks = [0, 1, 2].map(|place| {
            let next = ring[(place + 1) % 3].clone();
            ring[place].follow(vec![next]).send().unwrap()
        });
        for asked in asks {
            match asked.wait().unwrap() {
                Ok(1) | Err(AskError::Deadlock { .. }) => {}
                other => panic!("{other:?}"),
            }
        }
    });
}

/// The question is on its way before its asker waits for the answer.
#[test]
fn an_answer_that_comes_before_the_wait_leaves_no_edge() {
    explore_system(|system| {
        let [one, two] = askers(system);
        let first = one.ask_then_wait(two.clone()).send().unwrap();
        assert_eq!(first.wait().unwrap().unwrap(), 3);
        assert_eq!(two.ask_then_wait(one).ask().unwrap().unwrap(), 3);
    });
}

/// A parent that stops while its child asks it: the child is told.
#[test]
fn a_child_that_asks_its_stopping_parent_is_told() {
    struct Parent;
    #[actor]
    impl Parent {
        fn adopt(&mut self, ctx: &mut Context<Self>) -> AskerOfHandle {
            let me = ctx.handle();
            ctx.spawn::<AskerOf>(me).unwrap()
        }
        fn echo(&self) -> u64 {
            1
        }
    }
    impl Actor for Parent {
        type Args = ();
        fn start(_: &mut Context<Self>, _: &()) -> Result<Self, Failure> {
            Ok(Parent)
        }
    }
    struct AskerOf(ParentHandle);
    #[actor]
    impl AskerOf {
        fn ask_parent(&mut self) -> bool {
            self.0.echo().ask().is_ok()
        }
    }
    impl Actor for AskerOf {
        type Args = ParentHandle;
        fn start(_: &mut Context<Self>, parent: &ParentHandle) -> Result<Self, Failure> {
            Ok(AskerOf(parent.clone()))
        }
    }
    explore_system(|system| {
        let parent = system.spawn::<Parent>(()).unwrap();
        let child = parent.adopt().ask().unwrap();
        let asked = child.ask_parent().send().unwrap();
        parent.stop();
        assert!(parent.join().is_normal());
        // It was told, one way or the other, or has not begun.
        let _ = asked.wait();
        assert!(!child.is_alive());
    });
}
