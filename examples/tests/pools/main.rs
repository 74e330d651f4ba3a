//! The programs around a pool as their users meet them: `worker-pool`, `primes`.

#[path = "../support/json.rs"]
mod json;
mod primes;
#[path = "../support/process.rs"]
mod process;
#[path = "../support/program.rs"]
mod program;
mod worker_pool;
