//! The actors of the `supervised-pipeline` example, and how they are put together.
//!
//! ```text
//! top (one_for_one)
//! ├─ archive                     the books: what is counted for good
//! └─ pipeline (rest_for_one)
//!    ├─ ingest                   sends the lines that the books lack
//!    ├─ parsers (one_for_one)
//!    │  ├─ parser-1              takes lines apart
//!    │  └─ parser-2
//!    └─ aggregate (one_for_all)
//!       ├─ counter-a-to-m        counts words of the page
//!       ├─ counter-rest
//!       └─ clerk                 knows the lines of the page
//! ```
//!
//! Lines go one way, from ingest to a parser to the clerk, and any of these and the counters may
//! crash at any time. Three things make that come out right:
//!
//! - **Only pages count.** The clerk and the counters gather a few lines, and commit them to the
//!   archive in one message. The page is spread over three actors, and each holds what the others
//!   lack: so `one_for_all`, by which a crash of one tears the page for all.
//! - **The books say what is missing.** Ingest sends in rounds, each of what the books lack after
//!   the last. Nobody keeps track of what became of a line, so it does not matter where it was
//!   lost.
//! - **The clerk turns away what is counted already.** A line comes again when a stage crashes
//!   after its work, and when ingest sends what still waits in some mailbox.
//!
//! The stages are a chain, and in `rest_for_one` a stage that comes back finds those behind it as
//! fresh as itself. Their mailboxes are as they were, and what a life had in hand is redelivered to
//! the next.

mod archive;
mod branch;
mod clerk;
mod counter;
mod ingest;
mod live;
mod parser;
mod report;
mod run;
mod tree;

pub use run::run;
