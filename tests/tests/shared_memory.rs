//! Shared arrays: totals, waiting and notifying, on threads and in a simulation.

use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::task::{Context as TaskContext, Poll, Waker};
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{SharedArray, WaitAsync, Waited};
use actor_tests::{LONG, everywhere, quiet_panics, simulated};

struct Worker(SharedArray<i64>);

#[actor]
impl Worker {
    fn add(&mut self, times: i64) {
        for _ in 0..times {
            self.0.add(0, 1);
        }
    }
    fn make(&mut self) -> SharedArray<i64> {
        SharedArray::from_iter([1, 2, 3])
    }
    fn wait(&mut self, expected: i64) -> Waited {
        self.0.wait(0, expected)
    }
    fn wait_for(&mut self, duration: Duration) -> Waited {
        self.0.wait_timeout(0, 0, duration)
    }
}

impl Actor for Worker {
    type Args = SharedArray<i64>;
    fn start(_: &mut Context<Self>, array: &SharedArray<i64>) -> Result<Self, Failure> {
        Ok(Worker(array.clone()))
    }
}

#[test]
fn a36_memory_of_an_actor_that_is_gone_stays() {
    everywhere(|system| {
        let worker = system.spawn::<Worker>(SharedArray::new(1)).unwrap();
        let array = worker.make().ask().unwrap();
        worker.stop();
        worker.join();
        assert_eq!(array.to_vec(), [1, 2, 3]);
    });
}

#[test]
fn additions_of_many_are_all_counted() {
    everywhere(|system| {
        let array = SharedArray::new(1);
        let workers = [(); 4].map(|()| system.spawn::<Worker>(array.clone()).unwrap());
        let sums = workers
            .each_ref()
            .map(|worker| worker.add(1_000).send().unwrap());
        sums.into_iter().for_each(|sum| sum.wait().unwrap());
        assert_eq!(array.load(0), 4_000);
    });
}

#[test]
fn each_operation_returns_what_was_there() {
    let array = SharedArray::<u8>::new(2);
    array.store(1, 0b1100);
    assert_eq!(array.and(1, 0b0110), 0b1100);
    assert_eq!(array.or(1, 0b0001), 0b0100);
    assert_eq!(array.xor(1, 0b1111), 0b0101);
    assert_eq!(array.exchange(1, 250), 0b1010);
    assert_eq!(array.add(1, 10), 250);
    assert_eq!(array.sub(1, 5), 4, "it wraps around");
    assert_eq!(array.load(1), 255);
    assert_eq!(array.compare_exchange(1, 1, 2), Err(255));
    assert_eq!(array.compare_exchange(1, 255, 2), Ok(255));
    assert_eq!(array.to_vec(), [0, 2]);
}

#[test]
fn who_waits_is_notified_in_line_and_each_once() {
    everywhere(|system| {
        let array = SharedArray::<i64>::new(1);
        assert_eq!(array.notify(0, 1), 0);
        let workers = [(); 3].map(|()| system.spawn::<Worker>(array.clone()).unwrap());
        let waits = workers
            .each_ref()
            .map(|worker| worker.wait(0).send().unwrap());
        let mut woken = 0;
        while woken < 3 {
            woken += array.notify(0, 1);
            // Who waits for nobody lets time pass.
            let _ = workers[0].join_timeout(Duration::from_millis(1));
        }
        for wait in waits {
            assert_eq!(wait.wait().unwrap(), Waited::Notified);
        }
        assert_eq!(workers[0].wait(5).ask().unwrap(), Waited::NotEqual);
    });
}

#[test]
fn a_wait_with_a_timeout_ends() {
    simulated(|system| {
        let worker = system.spawn::<Worker>(SharedArray::new(1)).unwrap();
        assert_eq!(worker.wait_for(LONG).ask().unwrap(), Waited::TimedOut);
    });
}

#[test]
fn no_wake_up_is_lost() {
    // A lock made of one number, as in the reference: 0 is free, 1 is taken.
    let array = SharedArray::<u32>::new(2);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..2_000 {
                    while array.compare_exchange(0, 0, 1).is_err() {
                        array.wait(0, 1);
                    }
                    // Not atomic on purpose: the lock keeps the others away.
                    array.store(1, array.load(1) + 1);
                    array.store(0, 0);
                    array.notify(0, 1);
                }
            });
        }
    });
    assert_eq!(array.load(1), 8_000);
}

#[test]
fn an_index_out_of_bounds_names_the_caller() {
    quiet_panics();
    let array = SharedArray::<u32>::new(2);
    let caught = panic::catch_unwind(AssertUnwindSafe(|| array.load(2))).unwrap_err();
    let text = caught.downcast_ref::<String>().unwrap();
    assert_eq!(
        text,
        "index 2 is out of bounds: the shared array has 2 numbers"
    );
}

#[test]
fn an_awaited_wait_is_notified_in_its_turn_and_passes_on_what_it_does_not_take() {
    fn poll(wait: &mut WaitAsync<u32>) -> Poll<Waited> {
        pin!(wait).poll(&mut TaskContext::from_waker(Waker::noop()))
    }
    let array = SharedArray::<u32>::new(1);
    assert_eq!(
        poll(&mut array.wait_async(0, 7)),
        Poll::Ready(Waited::NotEqual)
    );
    let mut waits = [0; 4].map(|expected| array.wait_async(0, expected));
    for wait in &mut waits {
        assert!(poll(wait).is_pending() && poll(wait).is_pending());
    }
    let [first, mut second, third, mut fourth] = waits;
    assert_eq!(array.notify(0, 1), 1);
    drop(first); // notified, and never told
    assert_eq!(poll(&mut second), Poll::Ready(Waited::Notified));
    drop(third); // not notified
    assert!(poll(&mut fourth).is_pending());
    drop(second); // told already
    assert!(poll(&mut fourth).is_pending());
    assert_eq!(array.notify(0, 9), 1);
    assert_eq!(poll(&mut fourth), Poll::Ready(Waited::Notified));
}
