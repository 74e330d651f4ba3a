//! The three ways, each from the filling to the last check.

use actor_core::prelude::*;

use super::pattern::{self, WrongByte, check_flipped, check_flipped_words, check_untouched};
use super::trip::Trip;
use super::worker::WorkerHandle;
use crate::stopwatch::Stopwatch;

/// Node's way without a transfer list: the worker gets a copy, and the original stays here.
pub(super) fn cloned(worker: &WorkerHandle, length: usize) -> Result<Trip, Failure> {
    let original = pattern::bytes(length);
    let sent = Stopwatch::start();
    let flipped = worker.flip(original.clone(), sent).ask()?;
    let back = flipped.back.elapsed();

    check_untouched(&original).map_err(wrong("the original of the clone"))?;
    check_flipped(&flipped.memory.bytes).map_err(wrong("the clone"))?;
    Ok(Trip {
        way: "cloned",
        there: flipped.there,
        back,
        copied: copied(&original, flipped.memory.lay_at),
    })
}

/// Node's transfer list: the bytes stay where they are, and only who owns them changes. Meanwhile
/// there is no `bytes` here; the compiler would not have it used.
pub(super) fn moved(worker: &WorkerHandle, length: usize) -> Result<Trip, Failure> {
    let bytes = pattern::bytes(length);
    let lay_at = bytes.as_ptr().addr();
    let sent = Stopwatch::start();
    let flipped = worker.flip(bytes, sent).ask()?;
    let back = flipped.back.elapsed();

    let bytes = flipped.memory.bytes;
    check_flipped(&bytes).map_err(wrong("what was moved"))?;
    if bytes.as_ptr().addr() != lay_at || flipped.memory.lay_at != lay_at {
        Err("what was moved lies elsewhere than before: it was copied on the way")?;
    }
    Ok(Trip {
        way: "moved",
        there: flipped.there,
        back,
        copied: copied(&bytes, flipped.memory.lay_at),
    })
}

/// Node's `SharedArrayBuffer`: the worker changes what lies here, so that nothing has to come back
/// but the word that it is done.
pub(super) fn shared(worker: &WorkerHandle, length: usize) -> Result<Trip, Failure> {
    let words = pattern::shared(length);
    let sent = Stopwatch::start();
    let flipped = worker.flip_shared(words.clone(), sent).ask()?;
    let back = flipped.back.elapsed();

    // Each byte here was changed by the worker, so each is the same byte there.
    check_flipped_words(&words).map_err(wrong("what was shared"))?;
    Ok(Trip {
        way: "shared",
        there: flipped.there,
        back,
        copied: 0,
    })
}

/// Bytes that lie here and there at the same place are the same.
fn copied(here: &[u8], there: usize) -> usize {
    match here.as_ptr().addr() == there {
        true => 0,
        false => here.len(),
    }
}

fn wrong(whose: &str) -> impl Fn(WrongByte) -> String {
    move |byte| format!("{whose}: {byte}")
}
