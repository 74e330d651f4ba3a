//! `bell.rs`: one consumer that sleeps, and producers that ring.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::task::{Context, Poll};
use std::thread;

use super::{Queue, always, always_with, wait};
use crate::bell::Bell;

#[derive(Default)]
struct Shop {
    queue: Queue,
    bell: Bell,
}

impl Shop {
    fn bring(&self, value: u32) {
        self.queue.push(value);
        self.bell.ring();
    }

    /// As `Cell::poll_turn` does: hush, look, listen.
    fn poll(&self, context: &Context<'_>) -> Poll<Vec<u32>> {
        loop {
            self.bell.hush();
            let found = self.queue.take();
            if !found.is_empty() {
                return Poll::Ready(found);
            }
            if self.bell.listen(context) {
                return Poll::Pending;
            }
        }
    }

    fn take(&self, number: usize) {
        let mut taken = 0;
        while taken < number {
            taken += wait(|context| self.poll(context)).len();
        }
        assert_eq!(taken, number);
    }
}

fn producer(shop: &Arc<Shop>, values: u32) {
    let shop = Arc::clone(shop);
    thread::spawn(move || (0..values).for_each(|value| shop.bring(value)));
}

#[test]
fn no_ring_is_lost() {
    always(|| {
        let shop = Arc::new(Shop::default());
        producer(&shop, 1);
        shop.take(1);
    });
}

#[test]
fn of_a_burst_no_ring_is_lost() {
    always_with(4, || {
        let shop = Arc::new(Shop::default());
        producer(&shop, 3);
        shop.take(3);
    });
}

#[test]
fn of_two_producers_no_ring_is_lost() {
    always_with(3, || {
        let shop = Arc::new(Shop::default());
        producer(&shop, 1);
        producer(&shop, 1);
        shop.take(2);
    });
}

/// The bell has moved to another thread, as it does with the next life of an actor.
#[test]
fn a_ring_wakes_whoever_listens_now() {
    always_with(3, || {
        let shop = Arc::new(Shop::default());
        let first = Arc::clone(&shop);
        let first = thread::spawn(move || {
            // It looks once, goes to sleep, and ends without ever waking up.
            let mut polled = false;
            wait(|context| {
                if std::mem::replace(&mut polled, true) {
                    return Poll::Ready(None);
                }
                let found = first.poll(context);
                context.waker().wake_by_ref();
                match found {
                    Poll::Ready(found) => Poll::Ready(Some(found)),
                    Poll::Pending => Poll::Pending,
                }
            })
        });
        producer(&shop, 1);
        let found = first.join().unwrap();
        if found.is_none() {
            shop.take(1);
        }
    });
}

/// Why change and look are to be behind one lock: the word that the producer looks at may be old.
#[test]
#[should_panic = "deadlock"]
fn a_change_that_is_behind_no_lock_may_be_missed() {
    always_with(3, || {
        let shop = Arc::new(Shop::default());
        let flag = Arc::new(AtomicBool::new(false));
        let (other, change) = (Arc::clone(&shop), Arc::clone(&flag));
        thread::spawn(move || {
            change.store(true, Relaxed);
            other.bell.ring();
        });
        // Something else has rung before.
        shop.bell.ring();
        wait(|context| {
            loop {
                shop.bell.hush();
                if flag.swap(false, Relaxed) {
                    return Poll::Ready(());
                }
                if shop.bell.listen(context) {
                    return Poll::Pending;
                }
            }
        });
    });
}
