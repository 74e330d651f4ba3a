//! What is left of a run.

mod json;
mod markdown;
mod plot;
mod readme;
mod summary;

use std::error::Error;
use std::fs;
use std::path::Path;

use crate::harness::Results;
use crate::options::Options;

/// Fails where a file could not be written, before anything has been measured for it.
pub(crate) fn try_files(options: &Options) -> Result<(), std::io::Error> {
    if let Some(file) = &options.json {
        let open = fs::OpenOptions::new().append(true).create(true).open(file);
        open.map_err(|error| told(file, &error))?;
    }
    if let Some(directory) = &options.plots {
        fs::create_dir_all(directory).map_err(|error| told(directory, &error))?;
    }
    Ok(())
}

/// Prints the table and writes the files; an error if something that should have been measured was not.
pub(crate) fn write(options: &Options, results: &Results) -> Result<(), std::io::Error> {
    let table = markdown::table(results);
    if options.smoke {
        println!(
            "A smoke run: it is done less than the headings say, and the figures say nothing.\n"
        );
    }
    println!("{table}");
    if let Some(file) = &options.json {
        fs::write(file, json::text(results)).map_err(|error| told(file, &error))?;
    }
    let plots = options.plots.clone();
    let plots = plots.or_else(|| options.readme.then(readme::plots));
    if let Some(directory) = plots {
        plot::write(results, &directory).map_err(|error| told(&directory, &*error))?;
    }
    if options.readme {
        readme::put(&table).map_err(|error| told(Path::new("benches/README.md"), &error))?;
    }
    if results.failures.is_empty() {
        return Ok(());
    }
    let lines = results.failures.iter().map(|failure| {
        format!(
            "\n  {} of {}: {}",
            failure.workload, failure.system, failure.reason
        )
    });
    let failures: String = lines.collect();
    Err(std::io::Error::other(format!(
        "these did not measure:{failures}"
    )))
}

fn told(file: &Path, error: &(impl Error + ?Sized)) -> std::io::Error {
    std::io::Error::other(format!("{} cannot be written: {error}", file.display()))
}
