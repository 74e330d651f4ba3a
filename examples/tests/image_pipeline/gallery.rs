//! Directories with pictures in them, and with what the program made of these.

use std::fs;
use std::path::{Path, PathBuf};

use actor_examples::image_pipeline::{Filter, Picture};
use image::{DynamicImage, Rgba, RgbaImage};
use tempfile::TempDir;

use super::support::reference;

/// A temporary directory for inputs, and one beside them for results.
pub(crate) struct Gallery {
    dir: TempDir,
}

impl Gallery {
    pub(crate) fn new() -> Gallery {
        Gallery {
            dir: TempDir::new().unwrap(),
        }
    }

    /// A place for anything.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Where the results are to go. It is not there yet.
    pub(crate) fn output(&self) -> PathBuf {
        self.path("out")
    }

    /// Paints a picture that no two pixels of a row are alike in. The name's extension decides on
    /// the format; PNGs get an alpha channel.
    pub(crate) fn paint(&self, name: &str, width: u32, height: u32) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut state = width.wrapping_mul(31).wrapping_add(height);
        let picture = RgbaImage::from_fn(width, height, |_, _| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            Rgba(state.to_be_bytes())
        });
        let picture = DynamicImage::from(picture);
        if name.ends_with(".png") {
            picture.save(&path).unwrap();
        } else {
            picture.into_rgb8().save(&path).unwrap();
        }
        path
    }

    /// A file that holds these bytes.
    pub(crate) fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.path(name);
        fs::write(&path, bytes).unwrap();
        path
    }

    /// The names in the output directory, sorted.
    pub(crate) fn results(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.output()) else {
            return Vec::new();
        };
        let name = |entry: std::io::Result<fs::DirEntry>| entry.unwrap().file_name();
        let mut names: Vec<String> = entries
            .map(|entry| name(entry).into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// The bytes of the file that one pass over the whole picture leads to.
    pub(crate) fn expected(&self, input: &Path, filter: Filter) -> Vec<u8> {
        let picture = reference::filtered(&Picture::read(input).unwrap(), filter);
        let path = self.path("expected.png");
        picture.write_png(&path, || true).unwrap();
        fs::read(&path).unwrap()
    }

    /// Whatever happened, a result is whole or it is not there.
    #[track_caller]
    pub(crate) fn assert_no_half_written_file(&self) {
        for name in self.results() {
            let read = Picture::read(&self.output().join(&name));
            assert!(name.ends_with(".png") && read.is_ok(), "{name}: {read:?}");
        }
    }
}
