//! The workloads that peers have published, beside those of rings and pools.

use std::time::Instant;

use crate::measure::{Measured, Scale, each};
use crate::systems::{Counting, Home};

/// xtra's `send_zst`: so many messages, the last of which is waited for.
pub(crate) fn send_zst<P: Counting>(scale: Scale) -> Vec<Measured> {
    P::Home::block_on(async move {
        let peer = P::new();
        let counter = peer.spawn().await;
        let mut sum = P::ask(&counter, 0).await;
        let mut measured = Vec::new();
        for messages in [1, 10, 100, 1_000] {
            let (begun, before) = (Instant::now(), sum);
            for _ in scale.rounds(10_000 / messages, 2) {
                for _ in 1..messages {
                    P::tell(&counter, 1).await;
                }
                let answer = P::ask(&counter, 1).await;
                sum += messages as u64;
                if answer != sum {
                    P::settled(&counter, sum).await;
                }
            }
            let taken = each(begun.elapsed(), (sum - before) as usize);
            measured.push(Measured::new(format!("{messages}, each"), "ns", taken));
        }
        measured
    })
}

/// The `Tell` of actor-benchmarks, by kameo's author: to 100 actors by turns.
pub(crate) fn tell_100<P: Counting>(scale: Scale) -> Vec<Measured> {
    const ACTORS: usize = 100;
    let rounds = scale.of(2_000, 50);
    P::Home::block_on(async move {
        let peer = P::new();
        let mut counters = Vec::new();
        for _ in 0..ACTORS {
            let counter = peer.spawn().await;
            P::ask(&counter, 0).await;
            counters.push(counter);
        }
        let begun = Instant::now();
        for _ in 0..rounds {
            for counter in &counters {
                P::tell(counter, 1).await;
            }
        }
        for counter in &counters {
            P::settled(counter, rounds as u64).await;
        }
        vec![Measured::new(
            "",
            "ns",
            each(begun.elapsed(), rounds * ACTORS),
        )]
    })
}
