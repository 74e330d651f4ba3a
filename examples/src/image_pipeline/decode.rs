//! Reading a picture from a file.

use std::fs::File;
use std::io::{BufReader, Cursor, Read, Seek};
use std::path::Path;

use image::{ImageError, ImageFormat, ImageReader};

use super::complete::reaches_its_end;
use super::error::PictureError;
use super::picture::{Picture, Size};

/// As many bytes as any of the formats needs to be told from the others.
const SIGNATURE: u64 = 32;

impl Picture {
    /// Reads and decodes one file: PNG, JPEG, GIF (its first frame), BMP or WebP, told by its first
    /// bytes and not by its name.
    ///
    /// Whatever the file holds (16 bits a channel, grey, a palette) becomes RGBA with 8 bits a
    /// channel. A rotation noted in the EXIF data is ignored: the rows are taken as they are
    /// stored. A file that is cut short is an error, never a picture with a part missing.
    ///
    /// # Errors
    ///
    /// [`PictureError::Unreadable`], naming the file and the cause.
    pub fn read(path: &Path) -> Result<Picture, PictureError> {
        let unreadable = |cause: String| PictureError::unreadable(path, cause);
        let (format, mut file) = open(path)?;

        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)
            .map_err(|error| unreadable(error.to_string()))?;
        if !reaches_its_end(format, &bytes) {
            return Err(unreadable(format!(
                "the {} file is cut short or damaged",
                name(format)
            )));
        }

        let decoded = ImageReader::with_format(Cursor::new(bytes), format)
            .decode()
            .map_err(|error| unreadable(told(&error)))?;
        let size = size_of(path, decoded.width(), decoded.height())?;
        let has_alpha = decoded.color().has_alpha();
        Ok(Picture::new(
            size,
            has_alpha,
            decoded.into_rgba8().into_raw(),
        ))
    }

    /// The size that the file's header promises, without decoding the rest.
    ///
    /// # Errors
    ///
    /// [`PictureError::Unreadable`], naming the file and the cause. That there is none does not
    /// mean yet that [`Picture::read`] will succeed.
    pub fn read_size(path: &Path) -> Result<Size, PictureError> {
        let (format, file) = open(path)?;
        let (width, height) = ImageReader::with_format(file, format)
            .into_dimensions()
            .map_err(|error| PictureError::unreadable(path, told(&error)))?;
        size_of(path, width, height)
    }
}

/// The file, at its start, and what is in it. A foreign file is refused here, before its gigabytes
/// are read into memory.
fn open(path: &Path) -> Result<(ImageFormat, BufReader<File>), PictureError> {
    let unreadable = |error: std::io::Error| PictureError::unreadable(path, error);
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);

    let mut signature = Vec::new();
    file.by_ref()
        .take(SIGNATURE)
        .read_to_end(&mut signature)
        .map_err(unreadable)?;
    if signature.is_empty() {
        return Err(PictureError::unreadable(path, "the file is empty"));
    }
    let format = image::guess_format(&signature)
        .ok()
        .filter(ImageFormat::reading_enabled)
        .ok_or_else(|| {
            PictureError::unreadable(path, "not a picture: neither PNG, JPEG, GIF, BMP nor WebP")
        })?;
    file.rewind().map_err(unreadable)?;
    Ok((format, file))
}

fn size_of(path: &Path, width: u32, height: u32) -> Result<Size, PictureError> {
    Size::new(width, height).ok_or_else(|| {
        PictureError::unreadable(path, format!("{width} × {height} is no size to work on"))
    })
}

fn name(format: ImageFormat) -> &'static str {
    match format {
        ImageFormat::Jpeg => "JPEG",
        ImageFormat::Png => "PNG",
        _ => "picture",
    }
}

/// The decoder's complaint, but in the same words for every format when the file simply stops.
fn told(error: &ImageError) -> String {
    match error {
        ImageError::IoError(cause) if cause.kind() == std::io::ErrorKind::UnexpectedEof => {
            "the file is cut short".to_owned()
        }
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use image::{DynamicImage, GrayImage, ImageBuffer, Luma, Rgba, RgbaImage};
    use tempfile::TempDir;

    use super::*;

    fn saved(dir: &TempDir, name: &str, picture: impl Into<DynamicImage>) -> PathBuf {
        let path = dir.path().join(name);
        picture.into().save(&path).unwrap();
        path
    }

    fn sixteen_bits() -> DynamicImage {
        ImageBuffer::<Luma<u16>, _>::from_fn(3, 2, |x, y| {
            Luma([u16::try_from(x * 20_000 + y).unwrap()])
        })
        .into()
    }

    fn rgb(width: u32, height: u32) -> DynamicImage {
        let picture = RgbaImage::from_fn(width, height, |x, y| {
            Rgba([(x * 7) as u8, (y * 5) as u8, (x * y) as u8, 255])
        });
        DynamicImage::from(picture).into_rgb8().into()
    }

    #[test]
    fn grey_and_sixteen_bits_become_rgba_without_alpha() {
        let dir = TempDir::new().unwrap();
        let grey = Picture::read(&saved(
            &dir,
            "grey.png",
            GrayImage::from_pixel(2, 1, Luma([77])),
        ))
        .unwrap();
        assert_eq!(grey.pixels(), [77, 77, 77, 255, 77, 77, 77, 255]);
        assert!(!grey.has_alpha());

        let deep = Picture::read(&saved(&dir, "deep.png", sixteen_bits())).unwrap();
        assert_eq!(deep.size(), Size::new(3, 2).unwrap());
        assert_eq!(deep.pixels()[4..8], [78, 78, 78, 255]);
    }

    #[test]
    fn alpha_is_kept_and_noted() {
        let dir = TempDir::new().unwrap();
        let path = saved(
            &dir,
            "clear.png",
            RgbaImage::from_pixel(1, 1, Rgba([1, 2, 3, 0])),
        );
        let picture = Picture::read(&path).unwrap();
        assert_eq!(
            (picture.pixels(), picture.has_alpha()),
            (&[1, 2, 3, 0][..], true)
        );
    }

    #[test]
    fn the_content_decides_and_not_the_name() {
        let dir = TempDir::new().unwrap();
        let path = saved(&dir, "a.png", rgb(5, 4));
        let renamed = dir.path().join("b.jpg");
        std::fs::rename(path, &renamed).unwrap();
        assert_eq!(
            Picture::read(&renamed).unwrap().size(),
            Size::new(5, 4).unwrap()
        );
        assert_eq!(
            Picture::read_size(&renamed).unwrap(),
            Size::new(5, 4).unwrap()
        );
    }

    #[test]
    fn a_png_or_a_jpeg_cut_short_anywhere_is_refused() {
        let dir = TempDir::new().unwrap();
        for name in ["cut.png", "cut.jpg"] {
            let path = saved(&dir, name, rgb(19, 23));
            let whole = std::fs::read(&path).unwrap();
            assert!(Picture::read(&path).is_ok(), "{name}");
            for length in 0..whole.len() {
                std::fs::write(&path, &whole[..length]).unwrap();
                let error = Picture::read(&path).unwrap_err().to_string();
                assert!(error.starts_with(&path.display().to_string()), "{error}");
                assert_eq!(error.lines().count(), 1, "{error}");
            }
        }
    }

    /// What these lack without harm is padding after the last pixel, or an end mark that says nothing.
    #[test]
    fn of_the_other_formats_no_part_of_the_picture_may_be_missing() {
        let dir = TempDir::new().unwrap();
        for name in ["cut.bmp", "cut.gif", "cut.webp"] {
            let path = saved(&dir, name, rgb(19, 23));
            let whole = std::fs::read(&path).unwrap();
            let picture = Picture::read(&path).unwrap();
            for length in 0..whole.len() {
                std::fs::write(&path, &whole[..length]).unwrap();
                match Picture::read(&path) {
                    Ok(read) => assert!(
                        read == picture && length + 8 > whole.len(),
                        "{name}, {length} bytes"
                    ),
                    Err(error) => assert_eq!(error.to_string().lines().count(), 1, "{error}"),
                }
            }
        }
    }

    #[test]
    fn a_foreign_an_empty_and_a_missing_file_say_what_they_are() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("notes.png");
        std::fs::write(&path, "these are\nno pixels").unwrap();
        for error in [
            Picture::read(&path).unwrap_err(),
            Picture::read_size(&path).unwrap_err(),
        ] {
            let told =
                "notes.png: cannot be read: not a picture: neither PNG, JPEG, GIF, BMP nor WebP";
            assert!(error.to_string().ends_with(told), "{error}");
        }

        std::fs::write(&path, "").unwrap();
        assert!(
            Picture::read(&path)
                .unwrap_err()
                .to_string()
                .ends_with("notes.png: cannot be read: the file is empty")
        );
        assert!(
            Picture::read(&dir.path().join("gone.png"))
                .unwrap_err()
                .to_string()
                .contains("gone.png: ")
        );
        assert!(Picture::read(dir.path()).is_err());
    }
}
