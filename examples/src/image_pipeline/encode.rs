//! Writing a picture to a file: all of it, or nothing.

use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;

use super::error::PictureError;
use super::picture::{CHANNELS, Picture};

/// How the file is called until it is whole.
const PREFIX: &str = ".image-pipeline-";
const SUFFIX: &str = ".tmp";

impl Picture {
    /// Writes the picture as a PNG: RGBA when it has alpha, RGB when it has none. Missing
    /// directories on the way are made.
    ///
    /// The file is written under a temporary name beside its place and renamed at the end, so
    /// whoever looks sees the old file, the new one, or none. The temporary one is removed on every
    /// other way out, a panic included; only a process that is killed can leave it. (A machine that
    /// loses its power is another matter: nothing here waits for the disk.)
    ///
    /// `go_on` is asked before each row. Answering `false` calls the write off.
    ///
    /// # Errors
    ///
    /// [`PictureError::Unwritable`] naming the file and the cause, or [`PictureError::CalledOff`].
    pub fn write_png(&self, path: &Path, go_on: impl FnMut() -> bool) -> Result<(), PictureError> {
        self.put(path, go_on).map_err(|stop| match stop {
            Stop::CalledOff => PictureError::CalledOff {
                path: path.to_owned(),
            },
            Stop::Failed(cause) => PictureError::unwritable(path, cause),
        })
    }

    fn put(&self, path: &Path, mut go_on: impl FnMut() -> bool) -> Result<(), Stop> {
        // A bare file name has the parent "", which no system call takes for the current directory.
        let dir = path
            .parent()
            .filter(|dir| !dir.as_os_str().is_empty())
            .unwrap_or(Path::new("."));
        fs::create_dir_all(dir)?;

        let mut temporary = temporary_file_in(dir)?;
        let mut out = BufWriter::new(temporary.as_file_mut());
        self.encode(&mut out, &mut go_on)?;
        out.flush()?;
        drop(out);

        if !go_on() {
            return Err(Stop::CalledOff);
        }
        temporary.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    fn encode(&self, out: impl Write, go_on: &mut impl FnMut() -> bool) -> Result<(), Stop> {
        let mut encoder = png::Encoder::new(out, self.size().width(), self.size().height());
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_color(if self.has_alpha() {
            png::ColorType::Rgba
        } else {
            png::ColorType::Rgb
        });
        // A better compression would take many times as long as the filters, and the pipeline would
        // only show off zlib.
        encoder.set_compression(png::Compression::Fast);

        let mut writer = encoder.write_header()?;
        let mut rows = writer.stream_writer()?;
        let mut opaque = Vec::new();
        for row in self.pixels().chunks_exact(self.size().row_bytes()) {
            if !go_on() {
                return Err(Stop::CalledOff);
            }
            if self.has_alpha() {
                rows.write_all(row)?;
            } else {
                opaque.clear();
                opaque.extend(
                    row.chunks_exact(CHANNELS)
                        .flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]),
                );
                rows.write_all(&opaque)?;
            }
        }
        rows.finish()?;
        writer.finish()?;
        Ok(())
    }
}

fn temporary_file_in(dir: &Path) -> std::io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(SUFFIX);
    // Temporary files are private by default, but this one becomes a result like any other: the
    // umask decides.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(dir)
}

/// What ended the write before its time.
enum Stop {
    CalledOff,
    Failed(String),
}

impl From<std::io::Error> for Stop {
    fn from(error: std::io::Error) -> Stop {
        Stop::Failed(error.to_string())
    }
}

impl From<png::EncodingError> for Stop {
    fn from(error: png::EncodingError) -> Stop {
        Stop::Failed(error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::super::picture::Size;
    use super::*;

    fn picture(has_alpha: bool) -> Picture {
        let size = Size::new(37, 29).unwrap();
        let mut pixels: Vec<u8> = (0..size.bytes()).map(|at| (at * at % 251) as u8).collect();
        if !has_alpha {
            pixels
                .chunks_exact_mut(CHANNELS)
                .for_each(|pixel| pixel[3] = 255);
        }
        Picture::new(size, has_alpha, pixels)
    }

    fn names(dir: &TempDir) -> Vec<String> {
        fs::read_dir(dir.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn what_is_written_is_read_back_with_and_without_alpha() {
        let dir = TempDir::new().unwrap();
        for has_alpha in [true, false] {
            let path = dir.path().join("deep/down/out.png");
            picture(has_alpha).write_png(&path, || true).unwrap();
            assert!(Picture::read(&path).unwrap() == picture(has_alpha));
        }
    }

    #[test]
    fn a_write_called_off_at_any_row_leaves_what_was_there() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("out.png");
        fs::write(&path, "old").unwrap();
        for rows in 0..=29 {
            let mut asked = 0;
            let called_off = picture(true).write_png(&path, || {
                asked += 1;
                asked <= rows
            });
            assert_eq!(
                called_off,
                Err(PictureError::CalledOff { path: path.clone() }),
                "after {rows} rows"
            );
            assert_eq!(names(&dir), ["out.png"]);
            assert_eq!(fs::read(&path).unwrap(), b"old");
        }
    }

    #[test]
    fn a_panic_on_the_way_leaves_nothing() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("out.png");
        let panicked =
            std::panic::catch_unwind(|| picture(true).write_png(&path, || panic!("on purpose")));
        assert!(panicked.is_err());
        assert!(names(&dir).is_empty());
    }

    #[test]
    fn a_place_that_is_taken_leaves_nothing_and_is_named() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("out.png");
        fs::create_dir(&path).unwrap();
        let error = picture(true)
            .write_png(&path, || true)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(&format!("{}: cannot be written: ", path.display())),
            "{error}"
        );
        assert_eq!(names(&dir), ["out.png"]);
    }

    #[test]
    #[cfg(unix)]
    fn the_result_has_the_rights_of_any_new_file() {
        use std::os::unix::fs::PermissionsExt;

        let dir = TempDir::new().unwrap();
        let (ours, plain) = (dir.path().join("out.png"), dir.path().join("plain"));
        picture(true).write_png(&ours, || true).unwrap();
        fs::write(&plain, "").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&ours), mode(&plain));
    }
}
