//! How a picture is cut into strips.

use std::num::NonZeroU32;
use std::ops::Range;

use super::filter::Filter;
use super::picture::{Picture, Size};
use super::strip::{Strip, StripId};

/// What a strip should weigh: enough that the work outweighs the message that carries it, and
/// little enough for a core's own cache.
const STRIP_BYTES: usize = 64 * 1024;
/// Fewer rows would be more halo than strip.
const FEWEST_ROWS: u32 = 16;
/// A narrow picture would otherwise be one strip, and all workers but one would watch.
const FEWEST_STRIPS: u32 = 8;

/// The cuts through one picture. It depends on the picture's size alone, not on who will do the
/// work.
///
/// Reader and joiner each hold one: it is small, and both come to the same cuts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    picture: usize,
    size: Size,
    filter: Filter,
    strip_rows: NonZeroU32,
}

impl Layout {
    /// The layout for the run's picture of this number, from 0.
    #[must_use]
    pub fn new(picture: usize, size: Size, filter: Filter) -> Layout {
        let by_weight = u32::try_from(STRIP_BYTES / size.row_bytes()).unwrap_or(u32::MAX);
        let by_number = size.height().div_ceil(FEWEST_STRIPS);
        let strip_rows =
            NonZeroU32::new(by_weight.min(by_number).max(FEWEST_ROWS)).unwrap_or(NonZeroU32::MIN);
        Layout {
            picture,
            size,
            filter,
            strip_rows,
        }
    }

    /// The same with strips of another height.
    #[must_use]
    pub fn with_strip_rows(self, strip_rows: NonZeroU32) -> Layout {
        Layout { strip_rows, ..self }
    }

    /// The picture's number in the run.
    #[must_use]
    pub fn picture(&self) -> usize {
        self.picture
    }

    /// The picture's size.
    #[must_use]
    pub fn size(&self) -> Size {
        self.size
    }

    /// What is to be done to the picture.
    #[must_use]
    pub fn filter(&self) -> Filter {
        self.filter
    }

    /// How many strips there are: at least one.
    #[must_use]
    pub fn strips(&self) -> usize {
        self.size.height().div_ceil(self.strip_rows.get()) as usize
    }

    /// The ids of all the strips, from the top.
    pub fn ids(&self) -> impl Iterator<Item = StripId> + use<> {
        let picture = self.picture;
        (0..self.strips()).map(move |index| StripId { picture, index })
    }

    /// The rows that a strip covers, halo not included; `None` when it is no strip of this picture.
    #[must_use]
    pub fn rows(&self, id: StripId) -> Option<Range<u32>> {
        if id.picture != self.picture || id.index >= self.strips() {
            return None;
        }
        let first = u32::try_from(id.index)
            .ok()?
            .checked_mul(self.strip_rows.get())?;
        Some(
            first
                ..first
                    .saturating_add(self.strip_rows.get())
                    .min(self.size.height()),
        )
    }

    /// Cuts one strip out; `None` when it is no strip of this picture.
    ///
    /// # Panics
    ///
    /// When the picture has another size than the layout is for.
    #[must_use]
    #[track_caller]
    pub fn cut(&self, picture: &Picture, id: StripId) -> Option<Strip> {
        assert_eq!(
            picture.size(),
            self.size,
            "the size of the picture that is cut"
        );
        let own = self.rows(id)?;
        let halo = self.filter.halo();
        let with_halo =
            own.start.saturating_sub(halo)..own.end.saturating_add(halo).min(self.size.height());
        Some(Strip {
            id,
            filter: self.filter,
            row_bytes: self.size.row_bytes(),
            above: (own.start - with_halo.start) as usize,
            own: own.len(),
            bytes: picture.pixels()[self.bytes_of(&with_halo)].into(),
        })
    }

    /// Where in the picture's bytes these rows are.
    pub(super) fn bytes_of(&self, rows: &Range<u32>) -> Range<usize> {
        rows.start as usize * self.size.row_bytes()..rows.end as usize * self.size.row_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layout(width: u32, height: u32, filter: Filter) -> Layout {
        Layout::new(3, Size::new(width, height).unwrap(), filter)
    }

    fn numbered(size: Size) -> Picture {
        let rows = (0..size.height()).flat_map(|row| vec![row as u8; size.row_bytes()]);
        Picture::new(size, true, rows.collect())
    }

    #[test]
    fn the_shipped_pictures_give_every_worker_something_to_do() {
        let strips = [(451, 300), (600, 400), (640, 427), (1000, 872)]
            .map(|(w, h)| layout(w, h, Filter::Blur).strips());
        assert_eq!(strips, [9, 15, 18, 55]);
    }

    #[test]
    fn small_narrow_and_wide_pictures_are_cut_sensibly() {
        assert_eq!(layout(1, 1, Filter::Blur).strips(), 1);
        assert_eq!(layout(1, 100_000, Filter::Blur).strips(), 8);
        assert_eq!(layout(100_000, 17, Filter::Blur).strips(), 2);
    }

    #[test]
    fn the_rows_follow_each_other_without_gap_to_the_last() {
        for height in 1..=100 {
            let layout = layout(7, height, Filter::Edges);
            let mut next = 0;
            for id in layout.ids() {
                let rows = layout.rows(id).unwrap();
                assert_eq!(rows.start, next);
                assert!(!rows.is_empty());
                next = rows.end;
            }
            assert_eq!(next, height);
        }
    }

    #[test]
    fn the_tallest_picture_is_cut_to_its_last_row() {
        let size = Size::new(1, u32::MAX).unwrap();
        let layout = Layout::new(0, size, Filter::Blur)
            .with_strip_rows(NonZeroU32::new(u32::MAX - 1).unwrap());
        let rows: Vec<_> = layout.ids().map(|id| layout.rows(id).unwrap()).collect();
        assert_eq!(rows, [0..u32::MAX - 1, u32::MAX - 1..u32::MAX]);
    }

    #[test]
    fn a_strip_holds_its_rows_and_its_halo_and_no_more() {
        let layout = layout(2, 100, Filter::Blur).with_strip_rows(NonZeroU32::new(10).unwrap());
        let picture = numbered(layout.size());
        let rows = |index| {
            let strip = layout.cut(&picture, StripId { picture: 3, index }).unwrap();
            let rows: Vec<u8> = strip
                .bytes()
                .chunks(layout.size().row_bytes())
                .map(|row| row[0])
                .collect();
            (rows, strip.above, strip.own)
        };
        assert_eq!(rows(0), ((0..12).collect(), 0, 10));
        assert_eq!(rows(5), ((48..62).collect(), 2, 10));
        assert_eq!(rows(9), ((88..100).collect(), 2, 10));
    }

    #[test]
    fn strips_of_other_pictures_are_not_known() {
        let layout = layout(2, 100, Filter::Blur);
        assert_eq!(
            layout.rows(StripId {
                picture: 2,
                index: 0
            }),
            None
        );
        assert_eq!(
            layout.rows(StripId {
                picture: 3,
                index: layout.strips()
            }),
            None
        );
        assert!(
            layout
                .cut(
                    &numbered(layout.size()),
                    StripId {
                        picture: 3,
                        index: usize::MAX
                    }
                )
                .is_none()
        );
    }

    #[test]
    #[should_panic(expected = "the size of the picture that is cut")]
    fn a_picture_of_another_size_is_a_mistake_of_the_program() {
        let _ = layout(2, 100, Filter::Blur).cut(
            &numbered(Size::new(2, 99).unwrap()),
            StripId {
                picture: 3,
                index: 0,
            },
        );
    }
}
