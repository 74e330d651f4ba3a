//! What the examples are made of.
//!
//! [`image_pipeline`] is the work of the `image-pipeline` example, which needs no actors and is
//! tested without them; [`stages`] puts actors around it. [`word_count`] is that of
//! `supervised-pipeline`, and [`supervised_pipeline`] its actors. The small examples are whole
//! modules: [`ports`], [`shared_memory`], [`memory`], [`broadcast`], [`worker_pool`], [`primes`],
//! [`recovery`], [`dining_philosophers`]. `hello` is a single file in `src/bin/`.

pub mod broadcast;
pub mod command_line;
pub mod dining_philosophers;
mod ending;
pub mod image_pipeline;
pub mod memory;
mod output;
pub mod ports;
pub mod primes;
pub mod recovery;
pub mod shared_memory;
pub mod stages;
mod stopwatch;
pub mod supervised_pipeline;
pub mod word_count;
pub mod worker_pool;
