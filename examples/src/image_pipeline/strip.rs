//! One strip of a picture: the piece of work that travels.

use std::fmt;
use std::sync::Arc;

use super::filter::{Filter, Rows};

/// Which strip of which picture. It goes with the strip and with its result, so that an answer that
/// comes late, or twice, is never taken for another one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StripId {
    /// The picture's place in the run, from 0.
    pub picture: usize,
    /// The strip's place in the picture, from 0 at the top.
    pub index: usize,
}

impl fmt::Display for StripId {
    /// Counts from 1, as people do.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "strip {} of picture {}",
            self.index + 1,
            self.picture + 1
        )
    }
}

/// A few rows of a picture, the halo rows that the filter wants around them, and the filter: all
/// that a worker needs.
///
/// Its bytes are shared and are its own rows only. Cloning it copies none of them, and holding on
/// to it keeps no picture in memory. [`Layout::cut`](super::Layout::cut) makes it.
#[derive(Clone)]
pub struct Strip {
    pub(super) id: StripId,
    pub(super) filter: Filter,
    pub(super) row_bytes: usize,
    pub(super) above: usize,
    pub(super) own: usize,
    pub(super) bytes: Arc<[u8]>,
}

impl Strip {
    /// Which one it is.
    #[must_use]
    pub fn id(&self) -> StripId {
        self.id
    }

    /// What is to be done to it.
    #[must_use]
    pub fn filter(&self) -> Filter {
        self.filter
    }

    /// Its bytes, halo included.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }

    /// Does the work. The result is the same however often, wherever and in whatever order it is
    /// done.
    #[must_use]
    pub fn filtered(&self) -> FilteredStrip {
        let rows = Rows {
            bytes: &self.bytes,
            row_bytes: self.row_bytes,
            above: self.above,
            own: self.own,
        };
        FilteredStrip {
            id: self.id,
            bytes: self.filter.apply(rows).into(),
        }
    }
}

#[cfg(test)]
impl Strip {
    /// One whose work cannot be done.
    pub(crate) fn that_panics(self) -> Strip {
        Strip {
            bytes: Arc::new([]),
            ..self
        }
    }
}

impl fmt::Debug for Strip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Strip")
            .field("id", &self.id)
            .field("filter", &self.filter)
            .field("rows", &self.own)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

/// A strip's own rows after the filter, without the halo. Its bytes are shared.
#[derive(Clone, PartialEq, Eq)]
pub struct FilteredStrip {
    pub(super) id: StripId,
    pub(super) bytes: Arc<[u8]>,
}

impl FilteredStrip {
    /// Which one it is.
    #[must_use]
    pub fn id(&self) -> StripId {
        self.id
    }

    /// Its bytes.
    #[must_use]
    pub fn bytes(&self) -> &Arc<[u8]> {
        &self.bytes
    }
}

impl fmt::Debug for FilteredStrip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FilteredStrip")
            .field("id", &self.id)
            .field("bytes", &self.bytes.len())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strip() -> Strip {
        let id = StripId {
            picture: 0,
            index: 4,
        };
        Strip {
            id,
            filter: Filter::Invert,
            row_bytes: 4,
            above: 0,
            own: 2,
            bytes: [0, 1, 2, 3, 4, 5, 6, 7].into(),
        }
    }

    #[test]
    fn strips_are_plain_data_that_can_travel() {
        fn travels<T: Clone + fmt::Debug + Send + Sync + 'static>() {}
        travels::<Strip>();
        travels::<FilteredStrip>();
    }

    #[test]
    fn a_clone_shares_the_bytes() {
        let strip = strip();
        assert!(Arc::ptr_eq(strip.bytes(), strip.clone().bytes()));
    }

    #[test]
    fn the_result_bears_the_same_id() {
        let filtered = strip().filtered();
        assert_eq!(filtered.id(), strip().id());
        assert_eq!(filtered.bytes()[..], [255, 254, 253, 3, 251, 250, 249, 7]);
    }

    #[test]
    fn it_is_named_as_people_count() {
        assert_eq!(strip().id().to_string(), "strip 5 of picture 1");
        assert!(format!("{:?} {:?}", strip(), strip().filtered()).len() < 250);
    }
}
