//! Pools: workers that sleep, tasks that wait, and workers that die.

use std::thread;

use actor_core::prelude::*;
use actor_core::{Pool, PoolSpec, SharedArray};

use super::{Count, explore_system};

struct Worker(Count);

#[actor(derive(Clone))]
impl Worker {
    fn double(&mut self, number: u64) -> u64 {
        self.0.add();
        2 * number
    }
    /// Waits until as many have come.
    fn meet(&mut self, party: SharedArray<u32>, number: u32) {
        party.add(0, 1);
        party.notify(0, usize::MAX);
        loop {
            let there = party.load(0);
            if there == number {
                return;
            }
            party.wait(0, there);
        }
    }
    #[message(fails)]
    fn crash(&mut self) -> Result<u64, Failure> {
        Err("planned")?
    }
}

impl Actor for Worker {
    type Args = Count;
    fn start(_: &mut Context<Self>, count: &Count) -> Result<Self, Failure> {
        Ok(Worker(count.clone()))
    }
}

fn pool(system: &System, count: &Count) -> PoolSpec<Worker> {
    let count = count.clone();
    system.pool(move |_| count.clone())
}

fn close(pool: &Pool<Worker>) {
    pool.close(std::time::Duration::MAX).unwrap();
}

/// The crowd: no task waits while a worker sleeps.
#[test]
fn every_task_finds_a_worker() {
    explore_system(|system| {
        let count = Count::default();
        let pool = pool(system, &count).size(2).queue(2).spawn().unwrap();
        let senders = [1, 2].map(|sender| {
            let pool = pool.handle();
            thread::spawn(move || {
                for number in 0..2 {
                    let number = 10 * sender + number;
                    assert_eq!(pool.double(number).ask().unwrap(), 2 * number);
                }
            })
        });
        for sender in senders {
            sender.join().unwrap();
        }
        assert_eq!(count.get(), 4);
        close(&pool);
    });
}

/// Whoever was called for one task and has found another calls the next.
#[test]
fn as_many_tasks_run_as_there_are_workers() {
    meet_in_pool(2);
}

/// Or the front, if there is no next.
#[test]
fn as_many_tasks_run_as_there_may_be_workers() {
    meet_in_pool(1);
}

/// Tasks that wait for each other, in a pool that has `min` workers when it starts, of two.
fn meet_in_pool(min: usize) {
    explore_system(move |system| {
        let pool = pool(system, &Count::default()).sizes(min, 2);
        let pool = pool.spawn().unwrap();
        let party = SharedArray::new(1);
        let senders = [0, 1].map(|_| {
            let (pool, party) = (pool.handle(), party.clone());
            thread::spawn(move || pool.meet(party, 2).ask().unwrap())
        });
        for sender in senders {
            sender.join().unwrap();
        }
        close(&pool);
    });
}

/// A pool that grows: the front is called where no worker is left.
#[test]
fn a_pool_grows_for_whoever_waits() {
    explore_system(|system| {
        let count = Count::default();
        let pool = pool(system, &count).sizes(0, 2).spawn().unwrap();
        let pending = [1, 2, 3].map(|number| pool.handle().double(number).send().unwrap());
        let answers = pending.map(|pending| pending.wait().unwrap());
        assert_eq!(answers, [2, 4, 6]);
        close(&pool);
    });
}

/// A worker dies with its task, and the others are done all the same.
#[test]
fn a_worker_that_dies_takes_one_task_with_it() {
    explore_system(|system| {
        let pool = pool(system, &Count::default()).size(1).spawn().unwrap();
        let handle = pool.handle();
        let other = handle.clone();
        let other = thread::spawn(move || other.double(1).ask());
        let crashed = handle.crash().ask();
        assert!(
            matches!(crashed, Err(AskError::Failed { .. })),
            "{crashed:?}"
        );
        assert_eq!(handle.double(2).ask().unwrap(), 4);
        assert_eq!(other.join().unwrap().unwrap(), 2);
        close(&pool);
    });
}
