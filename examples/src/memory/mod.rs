//! The actor of the `memory` example, and the three ways in which memory comes to it.
//!
//! The worker flips every bit of what it gets. Each of the ways fills memory, hands it over, gets
//! it back, and looks at every byte on both sides of a copy. Whether bytes were copied is found out
//! by where they lie and who sees a change, and not claimed.

mod options;
mod pattern;
mod run;
mod trip;
mod ways;
mod worker;

pub use options::Options;
pub use run::run;
