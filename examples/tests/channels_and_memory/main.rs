//! The small programs as their users meet them: `ports`, `broadcast`, `shared-memory`, `memory`.

mod broadcast;
mod memory;
mod ports;
#[path = "../support/process.rs"]
mod process;
#[path = "../support/program.rs"]
mod program;
mod shared_memory;
