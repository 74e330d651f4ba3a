//! The command line.

use std::path::PathBuf;

use crate::measure::Scale;
use crate::{systems, workloads};

/// Measures actor-core beside its peers and beside the limits of the machine.
#[derive(clap::Parser, Debug)]
#[command(version)]
pub(crate) struct Options {
    /// Shows in seconds that all works; the figures say nothing
    #[arg(long)]
    pub(crate) smoke: bool,

    /// Only these workloads; may be repeated
    #[arg(long, value_name = "WORKLOAD", value_parser = workload())]
    pub(crate) only: Vec<String>,

    /// Only these systems, by the beginning of their names; may be repeated
    #[arg(long, value_name = "SYSTEM", value_parser = system)]
    pub(crate) system: Vec<String>,

    /// How many processes for each system and workload
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    pub(crate) rounds: Option<u32>,

    /// Writes the figures to this file, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,

    /// Writes plots to this directory, as SVG
    #[arg(long, value_name = "DIR")]
    pub(crate) plots: Option<PathBuf>,

    /// Puts the table into `benches/README.md`, and the plots beside it
    #[arg(long, conflicts_with_all = ["smoke", "only", "system"])]
    pub(crate) readme: bool,

    /// What a process for one system and workload is told: both names, and perhaps a core
    #[arg(long, hide = true, num_args = 2..=3)]
    pub(crate) child: Option<Vec<String>>,
}

fn workload() -> clap::builder::PossibleValuesParser {
    workloads::ALL
        .iter()
        .map(|workload| workload.name)
        .collect::<Vec<_>>()
        .into()
}

/// The beginning of a system's name.
fn system(name: &str) -> Result<String, String> {
    let all = systems::all().into_iter().map(|system| system.name);
    let names: Vec<_> = all.collect();
    match !name.is_empty() && names.iter().any(|known| known.starts_with(name)) {
        true => Ok(name.to_owned()),
        false => Err(format!("there are {}", names.join("; "))),
    }
}

impl Options {
    pub(crate) fn scale(&self) -> Scale {
        Scale { smoke: self.smoke }
    }

    /// Whether this workload is to be measured. A smoke run builds nothing, unless it is told to.
    pub(crate) fn wants(&self, workload: &str) -> bool {
        match self.only.is_empty() {
            true => !(self.smoke && workload == "build"),
            false => self.only.iter().any(|only| only == workload),
        }
    }

    pub(crate) fn wants_system(&self, system: &str) -> bool {
        self.system.is_empty()
            || self
                .system
                .iter()
                .any(|only| system.starts_with(only.as_str()))
    }
}
