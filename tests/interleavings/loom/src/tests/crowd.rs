//! `crowd.rs`: workers that have nothing to do, and senders that call one of them.

use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

use super::{Queue, actor, always, always_with, wait};
use crate::bell::Bell;
use crate::crowd::Crowd;
use crate::rt::{Rt, lock};

#[derive(Default)]
struct Pool {
    tasks: Queue,
    crowd: Crowd,
}

/// As the ringer of a worker's cell.
#[derive(Default)]
struct Worker {
    bell: Bell,
}

impl Wake for Worker {
    fn wake(self: Arc<Self>) {
        self.bell.ring();
    }
}

impl Pool {
    fn send(&self, task: u32) {
        self.tasks.push(task);
        self.crowd.call();
    }

    /// As `Cell::poll_turn` and `Cell::take_task` do: hush, join, look, listen.
    fn poll(&self, number: u64, worker: &Arc<Worker>, context: &Context<'_>) -> Poll<u32> {
        let id = actor(number).id();
        let waker = Waker::from(Arc::clone(worker));
        loop {
            worker.bell.hush();
            self.crowd.join(id, &waker, Rt::Threads.now());
            if let Some(task) = self.tasks.pop() {
                self.crowd.leave(id);
                // Between its look and its leave it may have been called for another.
                if !self.tasks.is_empty() {
                    self.crowd.call();
                }
                return Poll::Ready(task);
            }
            if worker.bell.listen(context) {
                return Poll::Pending;
            }
        }
    }

    fn work(&self, number: u64) -> u32 {
        let worker = Arc::default();
        wait(|context| self.poll(number, &worker, context))
    }
}

#[test]
fn no_task_waits_while_a_worker_sleeps() {
    always(|| {
        let pool = Arc::new(Pool::default());
        let sender = Arc::clone(&pool);
        thread::spawn(move || sender.send(1));
        assert_eq!(pool.work(1), 1);
    });
}

#[test]
fn two_workers_find_two_tasks() {
    always_with(2, || {
        let pool = Arc::new(Pool::default());
        let [sender, other] = [0; 2].map(|_| Arc::clone(&pool));
        thread::spawn(move || {
            sender.send(1);
            sender.send(2);
        });
        let other = thread::spawn(move || other.work(2));
        let mine = pool.work(1);
        assert_eq!(mine + other.join().unwrap(), 3);
    });
}

/// It was called, perhaps, and does something else: then the task is the next one's.
#[test]
fn a_worker_that_turns_aside_leaves_its_task_to_the_next() {
    always_with(2, || {
        let pool = Arc::new(Pool::default());
        let [sender, other] = [0; 2].map(|_| Arc::clone(&pool));
        thread::spawn(move || sender.send(1));
        thread::spawn(move || {
            let id = actor(2).id();
            // Joins, and ends, whatever it has been called for.
            other.crowd.join(id, Waker::noop(), Rt::Threads.now());
            other.crowd.leave(id);
            other.crowd.call();
        });
        assert_eq!(pool.work(1), 1);
    });
}

/// A worker that is dismissed was either not called, and sleeps for good, or knows that it was.
#[test]
fn a_worker_is_called_or_dismissed() {
    always(|| {
        let crowd = Arc::new(Crowd::default());
        let id = actor(1).id();
        crowd.join(id, Waker::noop(), Rt::Threads.now());
        let caller = Arc::clone(&crowd);
        let caller = thread::spawn(move || caller.call());
        let dismissed = crowd.dismiss(id);
        assert_ne!(dismissed, caller.join().unwrap());
        assert!(crowd.is_empty());
    });
}

/// A pool's front that sleeps, and somebody who asks it to look.
#[derive(Default)]
struct Front {
    crowd: Crowd,
    bell: Bell,
    lock: Mutex<()>,
}

impl Front {
    /// As `Cell::poll_front` does.
    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let _locked = lock(&self.lock);
        loop {
            self.bell.hush();
            if self.crowd.is_to_look() {
                return Poll::Ready(());
            }
            if self.bell.listen(context) {
                return Poll::Pending;
            }
        }
    }

    /// Asks as `ask` does, while the front hears of something else as well.
    fn is_asked(ask: fn(&Front)) {
        let front = Arc::new(Front::default());
        let other = Arc::clone(&front);
        thread::spawn(move || ask(&other));
        front.bell.ring();
        wait(|context| front.poll(context));
    }
}

/// As `Cell::ask_to_look` does.
#[test]
fn a_front_that_is_asked_under_its_lock_looks() {
    always(|| {
        Front::is_asked(|front| {
            {
                let _locked = lock(&front.lock);
                front.crowd.ask_to_look();
            }
            front.bell.ring();
        });
    });
}

/// The bell that was rung before hides this one.
#[test]
#[should_panic = "deadlock"]
fn a_front_that_is_asked_without_its_lock_may_sleep_on() {
    always(|| {
        Front::is_asked(|front| {
            front.crowd.ask_to_look();
            front.bell.ring();
        });
    });
}
