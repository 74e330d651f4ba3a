//! Stress on real threads; `--help` says how.

use std::process::ExitCode;

use actor_tests::soak::{Options, run};
use clap::Parser;

fn main() -> ExitCode {
    match run(&Options::parse(), |line| println!("{line}")) {
        Ok(summary) => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            eprintln!("{trouble}");
            ExitCode::FAILURE
        }
    }
}
