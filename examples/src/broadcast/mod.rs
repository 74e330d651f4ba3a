//! The actors of the `broadcast` example, and what they listen to.
//!
//! Each listener joins the broadcast by its name, and has it attached: what is announced comes like
//! messages. The main thread announces. It does not wait for listeners that are full, and counts
//! what they miss; for the last announcement it waits, because nobody is to miss that.
//!
//! Who keeps pace and who does not is no matter of luck here. One listener is busy from the first
//! announcement to the last but one. For the others the main thread waits now and then, before as
//! many are under way as a member has room for.

mod listener;
mod options;
mod run;
mod tally;

pub use options::Options;
pub use run::run;
