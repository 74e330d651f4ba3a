//! 100 MB that go to an actor and come back.

use std::time::Instant;

use crate::measure::{Measured, Scale, Times};
use crate::systems::{Carrying, Home};

pub(crate) const BYTES: usize = 100_000_000;

pub(crate) fn run<P: Carrying>(scale: Scale) -> Vec<Measured> {
    P::Home::block_on(async move {
        let peer = P::new();
        let carrier = peer.spawn_carrier().await;
        let mut bytes = vec![1; scale.of(BYTES, 1_000_000)];
        let mut times = Times::default();
        for round in scale.rounds(200, 3) {
            let length = bytes.len();
            let begun = Instant::now();
            bytes = P::carry(&carrier, bytes).await;
            times.push(begun.elapsed());
            // The actor adds one to the first and to the last.
            let expected = (round + 2) as u8;
            assert_eq!(
                (bytes.len(), bytes[0], bytes[length - 1]),
                (length, expected, expected)
            );
        }
        vec![Measured::new("", "µs", times.share(0.5) / 1e3)]
    })
}

/// What the actor does.
pub(crate) fn change(mut bytes: Vec<u8>) -> Vec<u8> {
    for byte in [0, bytes.len() - 1] {
        bytes[byte] = bytes[byte].wrapping_add(1);
    }
    bytes
}
