//! One way: bursts of messages with a barrier at the end.

use std::time::Instant;

use crate::measure::{Measured, Scale, each};
use crate::systems::{Counting, Home};

/// A burst from so many senders to one actor.
pub(crate) fn run<P: Counting, const SENDERS: usize>(scale: Scale) -> Vec<Measured> {
    let messages = scale.of(1_000_000, 20_000) / SENDERS;
    P::Home::block_on(async move {
        let peer = P::new();
        let counter = peer.spawn().await;
        burst::<P, SENDERS>(&counter, messages / 10).await;
        let before = (messages / 10 * SENDERS) as u64;
        P::settled(&counter, before).await;
        let begun = Instant::now();
        burst::<P, SENDERS>(&counter, messages).await;
        P::settled(&counter, before + (messages * SENDERS) as u64).await;
        let taken = begun.elapsed();
        vec![Measured::new("", "ns", each(taken, messages * SENDERS))]
    })
}

async fn burst<P: Counting, const SENDERS: usize>(counter: &P::Counter, messages: usize) {
    if SENDERS == 1 {
        return tell_all::<P>(counter.clone(), messages).await;
    }
    let strand = |_| P::Home::strand(tell_all::<P>(counter.clone(), messages));
    let senders: Vec<_> = (0..SENDERS).map(strand).collect();
    for sender in senders {
        sender.await;
    }
}

async fn tell_all<P: Counting>(counter: P::Counter, messages: usize) {
    for _ in 0..messages {
        P::tell(&counter, 1).await;
    }
}
