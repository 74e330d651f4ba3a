//! The actors of the `image-pipeline` example, and how they are put together.
//!
//! ```text
//! supervisor (one_for_one)
//! ├─ foreman      knows the order of the work; tells what became of each picture
//! ├─ joiner       puts filtered strips together, writes the results
//! ├─ worker-1 …   filter strips
//! └─ reader-1, 2  decode pictures, cut strips
//! ```
//!
//! The foreman asks the others: a reader for the next strip, a worker to filter it, the joiner to
//! place it. What travels are strips, whose bytes are shared; a picture stays with the reader that
//! decoded it, a result with the joiner. So any of the others may fail, and the foreman knows what
//! was lost by it: with a reader or the joiner the pictures that it had, with a worker nothing,
//! because the strip in hand is redelivered to its next life.
//!
//! They stop in the reverse of the order above. Each stage outlasts those that feed it, and the
//! foreman, which waits for all of them, is told by their end.

mod crew;
mod foreman;
mod halt;
mod joiner;
mod ledger;
mod reader;
mod run;
mod stopwatch;
mod worker;

pub use run::run;
