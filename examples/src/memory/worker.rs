//! Changes whatever memory it gets.

use std::time::Duration;

use actor_core::SharedArray;
use actor_core::prelude::*;

use crate::stopwatch::Stopwatch;

pub(super) struct Worker;

/// What the worker gives back.
#[derive(Debug)]
pub(super) struct Flipped<T> {
    pub(super) memory: T,
    /// How long it was under way to the worker.
    pub(super) there: Duration,
    /// Runs since it is under way back.
    pub(super) back: Stopwatch,
}

/// Bytes, and where they lay when the worker had them.
#[derive(Debug)]
pub(super) struct Bytes {
    pub(super) bytes: Vec<u8>,
    pub(super) lay_at: usize,
}

#[actor]
impl Worker {
    /// Flips every bit of bytes that are the worker's own.
    pub(super) fn flip(&mut self, mut bytes: Vec<u8>, sent: Stopwatch) -> Flipped<Bytes> {
        let there = sent.elapsed();
        let lay_at = bytes.as_ptr().addr();
        for byte in &mut bytes {
            *byte = !*byte;
        }
        Flipped {
            memory: Bytes { bytes, lay_at },
            there,
            back: Stopwatch::start(),
        }
    }

    /// Flips every bit of words that others see, too. There is nothing to give back.
    pub(super) fn flip_shared(&mut self, words: SharedArray<u64>, sent: Stopwatch) -> Flipped<()> {
        let there = sent.elapsed();
        for index in 0..words.len() {
            words.xor(index, u64::MAX);
        }
        Flipped {
            memory: (),
            there,
            back: Stopwatch::start(),
        }
    }
}

impl Actor for Worker {
    type Args = ();

    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Worker)
    }
}
