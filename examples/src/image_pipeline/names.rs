//! What the results are called.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use super::filter::Filter;

/// Finds a name for each result that nothing else has or will have.
pub(super) struct Names<'a> {
    output: &'a Path,
    filter: Filter,
    /// The inputs as the file system knows them. With pictures and results in one directory, the
    /// results of an earlier run are among the inputs, and must not be written over while they wait
    /// to be read.
    inputs: HashSet<PathBuf>,
    /// Each stem is first of all for the picture that bears it: `cat-2` is not given away while
    /// there is a `cat-2.png`.
    stems: HashSet<OsString>,
}

impl<'a> Names<'a> {
    pub(super) fn new(files: &[PathBuf], output: &'a Path, filter: Filter) -> Names<'a> {
        Names {
            output,
            filter,
            inputs: files
                .iter()
                .filter_map(|file| fs::canonicalize(file).ok())
                .collect(),
            stems: files.iter().map(|file| as_compared(stem(file))).collect(),
        }
    }

    /// One for each of the files that it was made for, in their order.
    pub(super) fn distinct(&self, files: &[PathBuf]) -> Vec<PathBuf> {
        let mut taken = HashSet::new();
        let mut outputs = Vec::with_capacity(files.len());
        for file in files {
            let own = stem(file);
            let numbered = (2_u64..).map(|number| {
                let mut name = own.to_owned();
                name.push(format!("-{number}"));
                name
            });
            let name = std::iter::once(own.to_owned())
                .chain(numbered.filter(|name| !self.stems.contains(&as_compared(name))))
                .find(|name| {
                    !taken.contains(&as_compared(name)) && !self.is_input(&self.path(name))
                });
            // The numbers do not run out before the inputs do.
            let name = name.unwrap_or_else(|| own.to_owned());
            outputs.push(self.path(&name));
            taken.insert(as_compared(&name));
        }
        outputs
    }

    fn path(&self, name: &OsStr) -> PathBuf {
        let mut file = name.to_owned();
        file.push(format!("-{}.png", self.filter));
        self.output.join(file)
    }

    fn is_input(&self, path: &Path) -> bool {
        fs::canonicalize(path).is_ok_and(|path| self.inputs.contains(&path))
    }
}

fn stem(path: &Path) -> &OsStr {
    path.file_stem().unwrap_or(OsStr::new("picture"))
}

/// Where the file system takes `Cat` and `cat` for one name, so does this.
fn as_compared(stem: &OsStr) -> OsString {
    if cfg!(any(windows, target_os = "macos")) {
        stem.to_ascii_lowercase()
    } else {
        stem.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::super::job::Job;
    use super::*;

    /// A directory with these files in it, all empty: planning does not look inside.
    fn files(names: &[&str]) -> TempDir {
        let dir = TempDir::new().unwrap();
        for name in names {
            let path = dir.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        dir
    }

    fn outputs(dir: &TempDir, inputs: &[&str], output: &str) -> Vec<String> {
        let inputs: Vec<PathBuf> = inputs.iter().map(|input| dir.path().join(input)).collect();
        let jobs = Job::plan(&inputs, &dir.path().join(output), Filter::Grayscale).unwrap();
        jobs.iter()
            .map(|job| job.output.file_name().unwrap().to_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn one_stem_twice_gets_two_names() {
        let dir = files(&["cat.png", "cat.jpg", "other/cat.png"]);
        assert_eq!(
            outputs(
                &dir,
                &["cat.png", "cat.jpg", "other/cat.png", "cat.png"],
                "out"
            ),
            [
                "cat-grayscale.png",
                "cat-2-grayscale.png",
                "cat-3-grayscale.png",
                "cat-4-grayscale.png"
            ]
        );
    }

    #[test]
    fn a_number_is_not_given_where_another_picture_bears_it() {
        let dir = files(&["cat.png", "cat.jpg", "cat-2.png", "cat-2.jpg", "cat-3.png"]);
        assert_eq!(
            outputs(
                &dir,
                &["cat.png", "cat.jpg", "cat-2.png", "cat-2.jpg", "cat-3.png"],
                "out"
            ),
            [
                "cat-grayscale.png",
                "cat-4-grayscale.png",
                "cat-2-grayscale.png",
                "cat-2-2-grayscale.png",
                "cat-3-grayscale.png"
            ]
        );
    }

    #[test]
    fn an_input_is_never_written_over() {
        let dir = files(&["pictures/cat.png", "pictures/cat-grayscale.png"]);
        assert_eq!(
            outputs(&dir, &["pictures"], "pictures/../pictures"),
            ["cat-grayscale-grayscale.png", "cat-2-grayscale.png"]
        );
    }

    #[test]
    fn an_earlier_result_that_is_no_input_is_replaced() {
        let dir = files(&["cat.png", "out/cat-grayscale.png"]);
        assert_eq!(outputs(&dir, &["cat.png"], "out"), ["cat-grayscale.png"]);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_name_that_is_no_text_keeps_its_bytes() {
        use std::os::unix::ffi::OsStrExt;

        let dir = TempDir::new().unwrap();
        let input = dir.path().join(OsStr::from_bytes(b"c\xFFt.png"));
        fs::write(&input, "").unwrap();
        let jobs = Job::plan(&[input], Path::new("out"), Filter::Blur).unwrap();
        assert_eq!(
            jobs[0].output,
            Path::new("out").join(OsStr::from_bytes(b"c\xFFt-blur.png"))
        );
    }
}
