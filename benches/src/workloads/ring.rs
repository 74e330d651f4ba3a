//! A number that goes round a ring of actors, one less with each hop.

use std::time::Instant;

use tokio::sync::mpsc::unbounded_channel;

use crate::measure::{Measured, Scale, each};
use crate::systems::{Home, Ringing};

const SIZES: [usize; 3] = [2, 8, 50];

/// The time for each hop.
pub(crate) fn run<P: Ringing>(scale: Scale) -> Vec<Measured> {
    let hop = |actors| P::Home::block_on(hops::<P>(actors, scale.of(20_000, 500)));
    let measured = |actors: usize| Measured::new(actors.to_string(), "ns", hop(actors));
    SIZES.map(measured).into()
}

async fn hops<P: Ringing>(actors: usize, hops: u64) -> f64 {
    let peer = P::new();
    let (done, mut signals) = unbounded_channel();
    let ring = peer.ring(actors, done).await;
    P::pass(&ring, hops / 10).await;
    P::Home::signal(&mut signals).await;
    let begun = Instant::now();
    P::pass(&ring, hops).await;
    P::Home::signal(&mut signals).await;
    let taken = each(begun.elapsed(), hops as usize);
    peer.end_ring(ring).await;
    taken
}

/// tonari-actor's `circular`: 1,000 hops in a ring that is new.
pub(crate) fn circular<P: Ringing>(scale: Scale) -> Vec<Measured> {
    const HOPS: u64 = 1_000;
    let once = |actors| async move {
        let peer = P::new();
        let (done, mut signals) = unbounded_channel();
        let ring = peer.ring(actors, done).await;
        let begun = Instant::now();
        P::pass(&ring, HOPS).await;
        P::Home::signal(&mut signals).await;
        let taken = each(begun.elapsed(), HOPS as usize);
        peer.end_ring(ring).await;
        taken
    };
    let of = |actors: usize| {
        let rounds: Vec<f64> = scale
            .rounds(20, 1)
            .map(|_| P::Home::block_on(once(actors)))
            .collect();
        let mean = rounds.iter().sum::<f64>() / rounds.len() as f64;
        Measured::new(actors.to_string(), "ns", mean)
    };
    [1, 2, 3, 50].map(of).into()
}

/// tonari-actor's `spawn & tear down`: a ring is made and ended.
pub(crate) fn spawn_and_tear_down<P: Ringing>(scale: Scale) -> Vec<Measured> {
    let of = |actors: usize| {
        let taken = P::Home::block_on(async move {
            let peer = P::new();
            let begun = Instant::now();
            let mut rings = 0;
            for _ in scale.rounds(100, 2) {
                // Nobody signals: no number goes round.
                let (done, _signals) = unbounded_channel();
                let ring = peer.ring(actors, done).await;
                peer.end_ring(ring).await;
                rings += 1;
            }
            each(begun.elapsed(), rings * actors)
        });
        Measured::new(format!("{actors}, each"), "ns", taken)
    };
    [1, 10, 50].map(of).into()
}
