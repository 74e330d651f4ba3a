//! Which picture is read, and where its result goes.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{InputError, one_line};
use super::filter::Filter;
use super::names::Names;

/// The extensions by which a directory's pictures are known, in whatever case. A file that is named
/// itself needs none of them.
pub const PICTURE_EXTENSIONS: [&str; 6] = ["bmp", "gif", "jpeg", "jpg", "png", "webp"];

/// One picture's way through the pipeline.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Job {
    /// The file to read.
    pub input: PathBuf,
    /// The file to write. No other job of the run has the same, and it is none of the inputs.
    pub output: PathBuf,
}

impl Job {
    /// The input's file name, fit to be shown on one line.
    #[must_use]
    pub fn name(&self) -> String {
        one_line(
            &self
                .input
                .file_name()
                .unwrap_or(self.input.as_os_str())
                .display(),
        )
    }

    /// The jobs for these files and directories. A directory stands for the pictures directly in
    /// it, in the order of their names; a file that is given twice is done twice.
    ///
    /// # Errors
    ///
    /// [`InputError`], when one of the paths cannot stand for any picture, or the output is no
    /// directory.
    pub fn plan(inputs: &[PathBuf], output: &Path, filter: Filter) -> Result<Vec<Job>, InputError> {
        if fs::metadata(output).is_ok_and(|metadata| !metadata.is_dir()) {
            return Err(InputError::OutputNotADirectory {
                path: output.to_owned(),
            });
        }
        let mut files = Vec::new();
        for input in inputs {
            files.extend(pictures_at(input)?);
        }
        let names = Names::new(&files, output, filter);
        let outputs = names.distinct(&files);
        Ok(files
            .into_iter()
            .zip(outputs)
            .map(|(input, output)| Job { input, output })
            .collect())
    }
}

fn pictures_at(path: &Path) -> Result<Vec<PathBuf>, InputError> {
    let inaccessible = |error: std::io::Error| InputError::Inaccessible {
        path: path.to_owned(),
        cause: one_line(&error),
    };
    let metadata = fs::metadata(path).map_err(inaccessible)?;
    if metadata.is_file() {
        return Ok(vec![path.to_owned()]);
    }
    if !metadata.is_dir() {
        return Err(InputError::NotAFile {
            path: path.to_owned(),
        });
    }

    let mut pictures = Vec::new();
    for entry in fs::read_dir(path).map_err(inaccessible)? {
        let file = entry.map_err(inaccessible)?.path();
        if has_picture_extension(&file) && file.is_file() {
            pictures.push(file);
        }
    }
    if pictures.is_empty() {
        return Err(InputError::NoPictures {
            path: path.to_owned(),
            looked_for: PICTURE_EXTENSIONS.join(", "),
        });
    }
    pictures.sort();
    Ok(pictures)
}

fn has_picture_extension(path: &Path) -> bool {
    path.extension().is_some_and(|found| {
        PICTURE_EXTENSIONS
            .iter()
            .any(|known| found.eq_ignore_ascii_case(known))
    })
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

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

    #[test]
    fn a_directory_stands_for_its_pictures_by_name() {
        let dir = files(&[
            "b.PNG",
            "a.jpg",
            "notes.txt",
            "c.webp",
            "png",
            "sub/d.png",
            "e.png/f.png",
        ]);
        let jobs = Job::plan(&[dir.path().to_owned()], Path::new("out"), Filter::Blur).unwrap();
        assert_eq!(
            jobs.iter().map(Job::name).collect::<Vec<_>>(),
            ["a.jpg", "b.PNG", "c.webp"]
        );
        assert_eq!(jobs[0].output, Path::new("out").join("a-blur.png"));
    }

    #[test]
    fn a_file_that_is_named_needs_no_extension() {
        let dir = files(&["cat"]);
        let jobs = Job::plan(&[dir.path().join("cat")], Path::new("out"), Filter::Edges).unwrap();
        assert_eq!(jobs[0].output, Path::new("out").join("cat-edges.png"));
    }

    #[test]
    fn what_cannot_stand_for_a_picture_is_refused_by_name() {
        let dir = files(&["empty/notes.txt", "cat.png"]);
        let refused = |input: &str, output: &str| {
            let input = dir.path().join(input);
            Job::plan(&[input], &dir.path().join(output), Filter::Blur)
                .unwrap_err()
                .to_string()
        };
        let missing = refused("gone.png", "out");
        assert!(missing.contains("gone.png cannot be used: "), "{missing}");
        let empty = refused("empty", "out");
        assert!(
            empty.ends_with("empty holds no picture (looked for: bmp, gif, jpeg, jpg, png, webp)"),
            "{empty}"
        );
        let taken = refused("cat.png", "cat.png");
        assert!(taken.ends_with("cat.png is not a directory"), "{taken}");
    }

    #[test]
    #[cfg(unix)]
    fn a_device_is_no_picture() {
        let error = Job::plan(&["/dev/zero".into()], Path::new("out"), Filter::Blur).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the input /dev/zero is neither a file nor a directory"
        );
    }
}
