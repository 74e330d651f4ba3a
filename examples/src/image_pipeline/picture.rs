//! A decoded picture, and its size.

use std::fmt;

/// Bytes a pixel takes in memory: red, green, blue and alpha, 8 bits each, whatever the file had.
pub const CHANNELS: usize = 4;

/// Width and height in pixels. Neither is zero, and all the bytes of such a picture can be counted
/// in a `usize`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Size {
    width: u32,
    height: u32,
}

impl Size {
    /// The size, unless it has no pixels or more than this machine can address.
    #[must_use]
    pub fn new(width: u32, height: u32) -> Option<Size> {
        let bytes = usize::try_from(width)
            .ok()?
            .checked_mul(usize::try_from(height).ok()?)?
            .checked_mul(CHANNELS)?;
        (bytes > 0).then_some(Size { width, height })
    }

    /// Pixels in a row.
    #[must_use]
    pub fn width(self) -> u32 {
        self.width
    }

    /// Rows.
    #[must_use]
    pub fn height(self) -> u32 {
        self.height
    }

    /// Pixels in all.
    #[must_use]
    pub fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    /// Bytes of one decoded row.
    #[must_use]
    pub fn row_bytes(self) -> usize {
        self.width as usize * CHANNELS
    }

    /// Bytes of the whole decoded picture.
    #[must_use]
    pub fn bytes(self) -> usize {
        self.row_bytes() * self.height as usize
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} × {}", self.width, self.height)
    }
}

/// A picture in memory: RGBA, 8 bits a channel, row by row from the top.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    size: Size,
    has_alpha: bool,
    pixels: Vec<u8>,
}

impl Picture {
    /// A picture made of RGBA bytes. `has_alpha` says whether the alpha channel means anything and
    /// is to be written.
    ///
    /// # Panics
    ///
    /// When there are more or fewer bytes than the size asks for.
    #[must_use]
    #[track_caller]
    pub fn new(size: Size, has_alpha: bool, pixels: Vec<u8>) -> Picture {
        assert_eq!(
            pixels.len(),
            size.bytes(),
            "the bytes of a picture of {size}"
        );
        Picture {
            size,
            has_alpha,
            pixels,
        }
    }

    /// Its size.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// Whether the file had an alpha channel, so that the result gets one too.
    #[must_use]
    pub fn has_alpha(&self) -> bool {
        self.has_alpha
    }

    /// All its bytes.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }
}

impl fmt::Debug for Picture {
    /// Leaves the pixels out: a log line with a megabyte in it helps nobody.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("size", &self.size)
            .field("has_alpha", &self.has_alpha)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_without_pixels_is_none() {
        assert_eq!(Size::new(0, 3), None);
        assert_eq!(Size::new(3, 0), None);
        assert_eq!(Size::new(0, 0), None);
    }

    #[test]
    fn a_size_beyond_the_address_space_is_none() {
        assert_eq!(Size::new(u32::MAX, u32::MAX), None);
    }

    #[test]
    fn a_size_counts_its_bytes() {
        let size = Size::new(451, 300).unwrap();
        assert_eq!(
            (size.row_bytes(), size.bytes(), size.pixels()),
            (1804, 541_200, 135_300)
        );
        assert_eq!(size.to_string(), "451 × 300");
    }

    #[test]
    #[should_panic(expected = "the bytes of a picture of 2 × 1")]
    fn a_picture_of_the_wrong_length_is_a_mistake_of_the_program() {
        let _ = Picture::new(Size::new(2, 1).unwrap(), true, vec![0; 7]);
    }

    #[test]
    fn debug_output_stays_short() {
        let picture = Picture::new(Size::new(100, 100).unwrap(), false, vec![0; 40_000]);
        assert!(format!("{picture:?}").len() < 100);
    }
}
