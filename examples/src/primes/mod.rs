//! The actor of the `primes` example, its sieve, and how what it costs is compared.
//!
//! The main thread counts alone first. Then pools do, each of more workers than the one before: a
//! range is a task, and there are many more of them than workers, so that no worker is idle while
//! another has much to do. All use the same sieve, and all count the same primes or the run has
//! failed.

mod count;
mod counter;
mod options;
mod plot;
mod ranges;
mod report;
mod run;
mod sieve;

pub use options::Options;
pub use run::run;
