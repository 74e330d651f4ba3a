//! What the examples share: everything of theirs that needs no actors.
//!
//! The binaries stay short that way: each shows how actors are put together, and the work that the
//! actors do is here, where it can be tested without them.

pub mod image_pipeline;
