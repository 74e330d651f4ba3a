//! The actor of the `worker-pool` example, its tasks, and how they are given to a pool.
//!
//! A task that makes no sense has an error as its answer. It is a value like any other: the worker
//! goes on, and the other tasks know nothing of it. An unknown task cannot come so far, because
//! [`Task`] has no value for one.

mod options;
mod report;
mod run;
mod solve;
mod task;
mod worker;

pub use options::Options;
pub use run::run;
pub use task::{Kind, Task, TaskError};
