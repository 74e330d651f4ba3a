//! The `image-pipeline` program as its users meet it: command lines, files, pipes, signals.

mod endings;
mod failures;
mod gallery;
#[path = "../support/json.rs"]
mod json;
#[path = "../support/process.rs"]
mod process;
mod results;
mod run;
#[path = "../support/mod.rs"]
mod support;
