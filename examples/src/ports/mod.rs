//! The actors of the `ports` example, and how they are wired.
//!
//! ```text
//! main ── spawns, hands each its port, waits ──┐
//!                                              │
//! asker ── Question ──► MessageChannel ── Question ──► answerer
//!       ◄── Answer ───                 ◄── Answer ───
//! ```
//!
//! What is said does not pass the main thread, and neither of the two knows the other: each has one
//! end of the channel. Whoever hears something prints it, before it says the next thing; so the
//! lines come in the order of the talk, though two threads write them.

mod answerer;
mod asker;
mod options;
mod run;
mod talk;

pub use options::Options;
pub use run::run;
