//! The actors of the `shared-memory` example, and what they share.
//!
//! Ten counters lie in a [`SharedArray`](actor_core::SharedArray), and each worker adds to all of
//! them. The workers wait at a gate, so that none begins before all have been told to. That all are
//! done the main thread knows by their answers: it announces it once, and looks at the counters
//! after that.

mod gate;
mod options;
mod run;
mod totals;
mod worker;

pub use options::Options;
pub use run::run;
