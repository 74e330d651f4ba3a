//! The actors of the `dining-philosophers` example, and the exploration that tries them.
//!
//! ```text
//! philosopher-0   philosopher-1   …      each an actor that is asked to dine
//!      │    \        │    \              take().ask(), put().tell()
//!   fork-0   fork-1     fork-2    …      each an actor that answers once it is free
//! ```
//!
//! A fork that is taken answers later ([`Later`](actor_core::Later)), so whoever waits for it waits for nobody in particular,
//! and the library's own deadlock detection has nothing to look at. What the actors do is the same in a
//! simulation and on real threads: nothing here knows of it but [`run`].

mod fork;
mod options;
mod philosopher;
mod run;
mod table;

pub use options::Options;
pub use run::run;
