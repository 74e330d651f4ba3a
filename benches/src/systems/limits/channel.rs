//! A bare flume channel with the best loop that empties it.

use std::thread;
use std::time::Instant;

use crate::measure::{Measured, Scale, each};

const BOUND: usize = 1024;
/// As often a side yields before it blocks.
const YIELDS: usize = 50;

pub(super) fn run<const SENDERS: usize>(scale: Scale) -> Vec<Measured> {
    let messages = scale.of(1_000_000, 20_000) / SENDERS;
    burst::<SENDERS>(messages / 10);
    let begun = Instant::now();
    let sum = burst::<SENDERS>(messages);
    let taken = begun.elapsed();
    assert_eq!(sum, (messages * SENDERS) as u64, "messages were lost");
    vec![Measured::new("", "ns", each(taken, messages * SENDERS))]
}

fn burst<const SENDERS: usize>(messages: usize) -> u64 {
    let (sender, receiver) = flume::bounded(BOUND);
    let consumer = thread::spawn(move || consume(&receiver));
    let produce = |sender: flume::Sender<u64>| (0..messages).for_each(|_| send(&sender, 1));
    if SENDERS == 1 {
        produce(sender);
    } else {
        thread::scope(|scope| {
            for _ in 0..SENDERS {
                let sender = sender.clone();
                scope.spawn(|| produce(sender));
            }
            drop(sender);
        });
    }
    consumer.join().expect("it only adds")
}

fn send(sender: &flume::Sender<u64>, message: u64) {
    let mut message = message;
    for _ in 0..YIELDS {
        match sender.try_send(message) {
            Ok(()) => return,
            Err(flume::TrySendError::Full(back)) => message = back,
            Err(flume::TrySendError::Disconnected(_)) => panic!("the consumer has gone"),
        }
        thread::yield_now();
    }
    sender.send(message).expect("the consumer lives");
}

/// Takes all in one go while there is something, and blocks at last.
fn consume(receiver: &flume::Receiver<u64>) -> u64 {
    let mut sum = 0;
    let mut idle = 0;
    loop {
        let before = sum;
        sum += receiver.drain().sum::<u64>();
        if sum != before {
            idle = 0;
        } else if idle < YIELDS {
            idle += 1;
            thread::yield_now();
        } else {
            match receiver.recv() {
                Ok(message) => sum += message,
                Err(flume::RecvError::Disconnected) => return sum,
            }
        }
    }
}
