//! Several workers of one type, and one queue.

mod canceller;
mod closures;
mod failed;
mod handle;
mod histograms;
mod manager;
mod map;
mod member;
mod overdue;
mod plan;
mod queue;
mod request;
mod slot;
mod spec;
mod stats;
mod take;
mod task;

pub use canceller::Canceller;
pub use closures::{Closure, Closures, ClosuresHandle, Outcome};
pub use failed::{VainEnd, WorkerFailed};
pub use handle::{Pool, PoolCloseError};
pub(crate) use histograms::Sent;
pub use histograms::Spread;
pub use manager::Front;
pub use map::Map;
pub use plan::PoolPlan;
pub use queue::Order;
pub(crate) use queue::Queue;
pub use request::PoolTask;
pub use spec::PoolSpec;
pub use stats::PoolStats;
pub(crate) use take::{Rest, Take};
pub(crate) use task::Task;
