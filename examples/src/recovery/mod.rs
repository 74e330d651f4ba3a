//! The actor of the `recovery` example, its tasks, and what becomes of them.
//!
//! Five tasks go to a pool: two that end well, one that is refused, one that takes its worker with
//! it, and one that takes longer than it may. Whoever waits for a task learns what became of it,
//! whatever that is; the pool has replaced the worker then, and the tasks behind it are done. What
//! each worker has to say is in a log file of its own.

mod options;
mod outcome;
mod run;
mod task;
mod worker;

pub use options::Options;
pub use run::run;
