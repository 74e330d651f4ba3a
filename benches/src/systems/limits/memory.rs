//! A copy of bytes.

use std::hint::black_box;
use std::time::Instant;

use crate::measure::{Measured, Scale, Times};
use crate::workloads::memory::BYTES;

pub(super) fn copy(scale: Scale) -> Vec<Measured> {
    let bytes = vec![1_u8; scale.of(BYTES, 1_000_000)];
    let mut copy = vec![0_u8; bytes.len()];
    let mut times = Times::default();
    for _ in scale.rounds(50, 3) {
        let begun = Instant::now();
        black_box(copy.as_mut_slice()).copy_from_slice(black_box(&bytes));
        times.push(begun.elapsed());
        assert_eq!(copy.last(), Some(&1));
    }
    vec![Measured::new("", "µs", times.share(0.5) / 1e3)]
}
