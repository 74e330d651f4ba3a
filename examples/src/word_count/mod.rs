//! The work behind the `supervised-pipeline` example, without its actors.
//!
//! 1. [`Options`] turns the command line into a [`Text`], and says how the run is to go.
//! 2. [`words`] takes one line apart, and [`WordCounts`] counts what comes out.
//! 3. The [`CrashPlan`] says which line strikes which [`Stage`] down, and when.
//! 4. The [`Books`] hold what is counted for good, and the [`Proof`] compares them with the text.

mod books;
mod chance;
mod crash_plan;
mod options;
mod proof;
mod text;
mod words;

pub use books::{Books, Page};
pub use crash_plan::{CrashPlan, Fate, MOST_CRASHES, Stage};
pub use options::{Options, Output};
pub use proof::Proof;
pub use text::{Line, Text, TextError, shipped_text};
pub use words::{WordCounts, words};
