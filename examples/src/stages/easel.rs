//! The pictures that the joiner puts together.

use std::collections::HashMap;
use std::sync::Arc;

use super::parcel::Frame;
use crate::image_pipeline::{Canvas, FilteredStrip, Picture, Placed};

/// Holds each picture from its first strip to its end.
///
/// It lies in the joiner's arguments and outlasts its lives, as the port does. It has to: a strip
/// that was handled does not come again. Each step leaves it in order, whatever fails afterwards,
/// and may be taken twice.
#[derive(Debug, Default)]
pub(super) struct Easel {
    pictures: HashMap<usize, InTheMaking>,
}

#[derive(Debug)]
enum InTheMaking {
    Canvas {
        canvas: Canvas,
        restarts: u64,
    },
    /// All strips are placed, and nobody was told yet.
    Whole(Whole),
    /// What still comes of it is of no use.
    Ended,
}

/// A picture that can be written.
#[derive(Debug, Clone)]
pub(super) struct Whole {
    pub(super) picture: Arc<Picture>,
    pub(super) strips: usize,
    /// How often the supervisor has restarted a stage because of its strips.
    pub(super) restarts: u64,
}

impl Easel {
    /// Puts a strip in its place, and says whether it was missing. It has cost so many restarts.
    pub(super) fn place(&mut self, frame: &Frame, strip: &FilteredStrip, cost: u32) -> bool {
        let layout = frame.layout;
        let number = layout.picture();
        let empty = || InTheMaking::Canvas {
            canvas: Canvas::new(layout, frame.has_alpha),
            restarts: 0,
        };
        let picture = self.pictures.entry(number).or_insert_with(empty);
        let InTheMaking::Canvas { canvas, restarts } = picture else {
            return false;
        };
        let is_new = canvas.place(strip) == Placed::New;
        if is_new {
            *restarts += u64::from(cost);
        }
        let restarts = *restarts;
        if canvas.is_complete()
            && let Some(InTheMaking::Canvas { canvas, .. }) = self.pictures.remove(&number)
            && let Ok(picture) = canvas.into_picture()
        {
            let whole = Whole {
                picture: Arc::new(picture),
                strips: layout.strips(),
                restarts,
            };
            self.pictures.insert(number, InTheMaking::Whole(whole));
        }
        is_new
    }

    /// The picture of this number, if all of it is there and it is not ended.
    pub(super) fn whole(&self, number: usize) -> Option<Whole> {
        match self.pictures.get(&number)? {
            InTheMaking::Whole(whole) => Some(whole.clone()),
            InTheMaking::Canvas { .. } | InTheMaking::Ended => None,
        }
    }

    /// How many strips of a picture are in their places; none if it is ended.
    pub(super) fn placed(&self, number: usize) -> Option<usize> {
        match self.pictures.get(&number) {
            Some(InTheMaking::Canvas { canvas, .. }) => {
                Some(canvas.layout().strips() - canvas.missing().count())
            }
            Some(InTheMaking::Whole(whole)) => Some(whole.strips),
            Some(InTheMaking::Ended) => None,
            None => Some(0),
        }
    }

    /// Lets go of a picture that is written, or cannot be finished.
    pub(super) fn end(&mut self, number: usize) {
        self.pictures.insert(number, InTheMaking::Ended);
    }
}
