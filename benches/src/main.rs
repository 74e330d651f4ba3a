//! Measures actor-core beside its peers and beside the limits of the machine.

mod harness;
mod measure;
mod options;
mod report;
mod resources;
mod systems;
mod work;
mod workloads;

use std::process::ExitCode;

use clap::Parser;

use options::Options;

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(child) = &options.child {
        return harness::be_child(child, options.scale());
    }
    let results = report::try_files(&options).and_then(|()| harness::run(&options));
    match results.and_then(|results| report::write(&options, &results)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("actor-benches: {error}");
            ExitCode::FAILURE
        }
    }
}
