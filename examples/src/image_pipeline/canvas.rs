//! Where filtered strips become a picture again.

use std::fmt;

use super::layout::Layout;
use super::picture::Picture;
use super::strip::{FilteredStrip, StripId};

/// What became of a strip that was handed to a [`Canvas`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// It was missing, and is in its place now.
    New,
    /// It had been there already, and nothing changed: after a crash a strip may well be done
    /// twice.
    Again,
    /// It is no strip of this picture, and nothing changed.
    Foreign,
}

/// A picture in the making. Strips come in any order.
pub struct Canvas {
    layout: Layout,
    has_alpha: bool,
    pixels: Vec<u8>,
    placed: Vec<bool>,
    missing: usize,
}

impl Canvas {
    /// An empty one. `has_alpha` is that of the picture that was cut.
    #[must_use]
    pub fn new(layout: Layout, has_alpha: bool) -> Canvas {
        let strips = layout.strips();
        Canvas {
            layout,
            has_alpha,
            pixels: vec![0; layout.size().bytes()],
            placed: vec![false; strips],
            missing: strips,
        }
    }

    /// The cuts that it goes by.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Copies a strip to its place. Should that panic, the strip is as missing as before.
    pub fn place(&mut self, strip: &FilteredStrip) -> Placed {
        let Some(rows) = self.layout.rows(strip.id()) else {
            return Placed::Foreign;
        };
        let place = &mut self.pixels[self.layout.bytes_of(&rows)];
        if place.len() != strip.bytes().len() {
            return Placed::Foreign;
        }
        if self.placed[strip.id().index] {
            return Placed::Again;
        }
        place.copy_from_slice(strip.bytes());
        self.placed[strip.id().index] = true;
        self.missing -= 1;
        Placed::New
    }

    /// Whether every strip is in its place.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing == 0
    }

    /// The strips that have not come yet, from the top.
    pub fn missing(&self) -> impl Iterator<Item = StripId> {
        self.layout.ids().filter(|id| !self.placed[id.index])
    }

    /// The finished picture.
    ///
    /// # Errors
    ///
    /// The canvas itself, when a strip is still missing.
    pub fn into_picture(self) -> Result<Picture, Canvas> {
        if self.is_complete() {
            Ok(Picture::new(
                self.layout.size(),
                self.has_alpha,
                self.pixels,
            ))
        } else {
            Err(self)
        }
    }
}

impl fmt::Debug for Canvas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Canvas")
            .field("layout", &self.layout)
            .field("missing", &self.missing)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::super::filter::Filter;
    use super::super::picture::Size;
    use super::*;

    const ROW: usize = 12;

    fn layout() -> Layout {
        Layout::new(1, Size::new(3, 40).unwrap(), Filter::Invert)
    }

    fn filtered(index: usize, value: u8) -> FilteredStrip {
        let id = StripId { picture: 1, index };
        let rows = layout().rows(id).unwrap().len();
        FilteredStrip {
            id,
            bytes: vec![value; rows * ROW].into(),
        }
    }

    #[test]
    fn it_is_complete_with_the_last_strip_in_any_order() {
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut canvas = Canvas::new(layout(), true);
            for index in order {
                assert!(!canvas.is_complete());
                assert_eq!(canvas.place(&filtered(index, index as u8)), Placed::New);
            }
            let picture = canvas.into_picture().unwrap();
            assert_eq!(
                [0, 16, 32].map(|row| picture.pixels()[row * ROW]),
                [0, 1, 2]
            );
            assert!(picture.has_alpha());
        }
    }

    #[test]
    fn a_strip_that_comes_twice_counts_once_and_changes_nothing() {
        let mut canvas = Canvas::new(layout(), false);
        canvas.place(&filtered(0, 5));
        assert_eq!(canvas.place(&filtered(0, 6)), Placed::Again);
        assert_eq!(
            canvas.missing().map(|id| id.index).collect::<Vec<_>>(),
            [1, 2]
        );
        canvas.place(&filtered(1, 5));
        canvas.place(&filtered(2, 5));
        assert!(
            canvas
                .into_picture()
                .unwrap()
                .pixels()
                .iter()
                .all(|&byte| byte == 5)
        );
    }

    #[test]
    fn a_strip_of_another_picture_or_of_another_length_is_left_out() {
        let mut canvas = Canvas::new(layout(), false);
        let mut strip = filtered(0, 5);
        strip.id.picture = 0;
        assert_eq!(canvas.place(&strip), Placed::Foreign);
        strip.id = StripId {
            picture: 1,
            index: 2,
        };
        assert_eq!(canvas.place(&strip), Placed::Foreign);
        assert_eq!(canvas.missing().count(), 3);
    }

    #[test]
    fn an_unfinished_canvas_comes_back() {
        let mut canvas = Canvas::new(layout(), false);
        canvas.place(&filtered(1, 5));
        let canvas = canvas.into_picture().unwrap_err();
        assert_eq!(canvas.missing().count(), 2);
        assert!(format!("{canvas:?}").len() < 300);
    }
}
