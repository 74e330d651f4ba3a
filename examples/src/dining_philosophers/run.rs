//! From the options to the exit code.

use std::process::ExitCode;

use actor_core::prelude::*;
use actor_core::simulation::Exploration;

use super::options::Options;
use super::table::dine;
use crate::ending::exit_code;
use crate::output::print;

/// Tries the table under each seed, and says what was found.
#[must_use]
pub fn run(options: &Options) -> ExitCode {
    exit_code("dining-philosophers", explore(options))
}

fn explore(options: &Options) -> Result<ExitCode, Failure> {
    let expected = options.philosophers * options.meals;
    let explored = Exploration::new(options.seeds).search(|system| {
        let meals = dine(system, options);
        assert_eq!(meals.expect("nobody fails"), expected, "meals were missed");
    });
    match explored {
        Ok(explored) => {
            print(&format!(
                "all have dined under {} seeds, in {} steps\n",
                explored.runs, explored.steps
            ))?;
            Ok(ExitCode::SUCCESS)
        }
        Err(failed) => {
            print(&format!("{failed}\n"))?;
            Ok(ExitCode::FAILURE)
        }
    }
}
