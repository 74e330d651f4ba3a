//! The actors of the `image-pipeline` example, and how they are put together.
//!
//! ```text
//! supervisor (one_for_one)
//! ├─ foreman      knows the order of the work; tells what became of each picture
//! ├─ joiner       puts filtered strips together, writes the results
//! ├─ worker-1 …   filter strips
//! └─ reader-1, 2  decode pictures, cut strips
//!
//!                      ┌═[3]═▶ worker-1 ═┐
//! foreman ──▶ reader ══╪═[3]═▶ worker-2 ═╪═[64]═▶ joiner ═[16]═▶ foreman
//!                      └═[3]═▶ …        ═┘
//! ```
//!
//! `══▶` are ports with their bounds, `──▶` messages: the foreman asks a reader to decode a picture,
//! and orders its strips one by one. What travels are strips, whose bytes are shared; a picture
//! stays with the reader that decoded it, a result with the joiner. The ports lie in the stages'
//! arguments: a stage knows what it sends, and not to whom.
//!
//! Any stage but the foreman may crash, at any moment. Each order and each strip says all that is
//! needed to go on with it, and comes again to the next life, from a port or a mailbox. So nothing is
//! lost; what was done and not yet counted as done is done twice, and the joiner takes the first of
//! the two. Its pictures in the making outlast its lives, for what they consist of does not come
//! again.
//!
//! Nobody waits in a circle. The foreman waits for readers and outcomes, readers for workers,
//! workers for the joiner, each only for those that come after it in the pipeline; and the joiner
//! waits for nobody, because its port to the foreman has room for all outcomes that there can be.
//!
//! The actors stop in the reverse of the order above. Each stage outlasts those that feed it.

mod easel;
mod foreman;
mod halt;
mod joiner;
mod ledger;
mod parcel;
mod ports;
mod reader;
mod run;
#[cfg(test)]
mod tests;
mod work;
mod worker;

pub use run::run;
