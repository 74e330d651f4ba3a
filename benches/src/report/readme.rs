//! The table in the README of this directory.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

const BEGIN: &str = "<!-- table: begin -->\n";
const END: &str = "<!-- table: end -->\n";

fn here() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where its plots are.
pub(super) fn plots() -> PathBuf {
    here().join("plots")
}

/// Replaces what is between the markers.
pub(super) fn put(table: &str) -> Result<(), io::Error> {
    let file = here().join("README.md");
    let text = fs::read_to_string(&file)?;
    let replaced = replaced(&text, &with_plots(table, &plots()))
        .ok_or_else(|| io::Error::other("its markers of the table are missing"))?;
    fs::write(&file, replaced)
}

/// The same with the plot of each workload below its heading.
fn with_plots(table: &str, plots: &Path) -> String {
    let lines = table.lines().map(|line| {
        let name = line.strip_prefix("### ");
        let plot = name.filter(|name| plots.join(format!("{name}.svg")).exists());
        let plot = plot.map(|name| format!("\n\n![{name}](plots/{name}.svg)"));
        format!("{line}{}\n", plot.unwrap_or_default())
    });
    lines.collect::<String>().trim_end().to_owned()
}

fn replaced(text: &str, table: &str) -> Option<String> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (_, after) = rest.split_once(END)?;
    Some(format!("{before}{BEGIN}\n{table}\n{END}{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_the_markers_changes() {
        let text = format!("a\n{BEGIN}old\n{END}b\n");
        let new = replaced(&text, "new").unwrap();
        assert_eq!(new, format!("a\n{BEGIN}\nnew\n{END}b\n"));
        assert_eq!(replaced(&new, "new").unwrap(), new);
        assert_eq!(replaced("a", "new"), None);
    }

    #[test]
    fn a_plot_that_is_there_is_shown() {
        let table = "### tell\n\nOne way.\n\n### none such";
        let shown = "### tell\n\n![tell](plots/tell.svg)\n\nOne way.\n\n### none such";
        assert_eq!(with_plots(table, &plots()), shown);
    }

    #[test]
    fn the_readme_has_the_markers() {
        let text = fs::read_to_string(here().join("README.md")).unwrap();
        assert!(replaced(&text, "").is_some());
    }
}
