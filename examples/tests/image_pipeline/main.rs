//! The `image-pipeline` program as its users meet it: command lines, files, pipes, signals.

mod endings;
mod failures;
mod gallery;
mod results;
mod run;
#[path = "../support/mod.rs"]
mod support;
