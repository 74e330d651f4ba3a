//! `graph.rs`: who waits for whom.

use std::sync::{Arc, Mutex, Weak};
use std::task::{Poll, Waker};
use std::thread;

use super::{actor, always, always_with, wait};
use crate::graph::{Cycle, Refusable, Target, Ticket, WaitGraph, Waiter};
use crate::rt::lock;

fn waiter(number: u64) -> Waiter {
    Waiter {
        identity: actor(number),
        life: 1,
    }
}

fn ask(graph: &WaitGraph, from: u64, to: u64) -> Result<Ticket, Cycle> {
    graph.wait(&waiter(from), &actor(to), "ask", None)
}

/// An answer that is waited for.
#[derive(Default)]
struct Answer(Mutex<(bool, Option<Waker>)>);

impl Answer {
    fn give(&self) {
        let waker = {
            let mut state = lock(&self.0);
            state.0 = true;
            state.1.take()
        };
        waker.into_iter().for_each(Waker::wake);
    }

    fn wait(&self) {
        wait(|context| {
            let mut state = lock(&self.0);
            if state.0 {
                return Poll::Ready(());
            }
            state.1 = Some(context.waker().clone());
            Poll::Pending
        });
    }
}

/// All ask the next at the same time: one of them is refused, and it is the last.
fn ring(size: u64) {
    let graph = Arc::new(WaitGraph::default());
    let refused: Vec<_> = (1..=size)
        .map(|from| {
            let graph = Arc::clone(&graph);
            thread::spawn(move || ask(&graph, from, from % size + 1).err())
        })
        .collect::<Vec<_>>()
        .into_iter()
        .filter_map(|one| one.join().unwrap())
        .collect();
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].steps().count(), size as usize);
}

#[test]
fn of_two_who_ask_each_other_one_is_refused() {
    always(|| ring(2));
}

#[test]
fn of_three_in_a_ring_one_is_refused() {
    always_with(3, || ring(3));
}

/// 1 asks 2; 2 answers and then asks 1, which has gone on or not: no cycle at any time.
#[test]
fn whoever_was_answered_is_waited_for_without_an_alarm() {
    always(|| {
        let graph = Arc::new(WaitGraph::default());
        let answer = Arc::new(Answer::default());
        let question = ask(&graph, 1, 2).unwrap();
        let (other, reply) = (Arc::clone(&graph), Arc::clone(&answer));
        let replier = thread::spawn(move || {
            other.settle(question);
            reply.give();
            ask(&other, 2, 1).map(|ticket| other.settle(ticket))
        });
        answer.wait();
        replier.join().unwrap().unwrap();
    });
}

/// The answer came before the edge: none is left behind.
#[test]
fn an_answer_that_comes_first_leaves_no_edge() {
    always(|| {
        let graph = Arc::new(WaitGraph::default());
        let ticket = graph.open();
        let other = Arc::clone(&graph);
        let replier = thread::spawn(move || other.settle(ticket));
        let target: Target = Weak::<Desk>::new();
        graph
            .wait_with(ticket, &waiter(1), &actor(2), "ask", target)
            .unwrap();
        replier.join().unwrap();
        assert!(ask(&graph, 2, 1).is_ok(), "an edge stands");
    });
}

/// Where questions wait, as they do in a cell.
#[derive(Default)]
struct Desk {
    questions: Mutex<Vec<Ticket>>,
    taken_back: Mutex<Vec<Ticket>>,
}

impl Refusable for Desk {
    fn refuse(&self, ticket: Ticket, _: Cycle) {
        let mut questions = lock(&self.questions);
        let before = questions.len();
        questions.retain(|one| *one != ticket);
        if questions.len() < before {
            lock(&self.taken_back).push(ticket);
        }
    }
}

/// Whoever refuses marks the question and looks for it; whoever asks brings it and looks for the
/// mark: one of them finds the other, and not both.
#[test]
fn a_question_that_is_refused_is_told_so_once() {
    always(|| {
        let graph = Arc::new(WaitGraph::default());
        let desk = Arc::new(Desk::default());
        let as_refusable: Arc<dyn Refusable> = Arc::<Desk>::clone(&desk);
        let target = Arc::downgrade(&as_refusable);
        // The child asks its parent, and the parent comes to its end and stops the child.
        let ticket = graph
            .wait(&waiter(2), &actor(1), "ask", Some(target))
            .unwrap();
        let parent = Arc::clone(&graph);
        let parent = thread::spawn(move || {
            parent.wait_to_stop(&waiter(1), &[actor(2).id()]);
        });
        lock(&desk.questions).push(ticket);
        let seen = graph.take_refusal(ticket).is_some();
        parent.join().unwrap();
        let taken_back = lock(&desk.taken_back).len();
        let waits = lock(&desk.questions).len();
        // The one who sees the mark takes its question back itself.
        assert!(seen || (taken_back == 1 && waits == 0), "it waits for ever");
    });
}
