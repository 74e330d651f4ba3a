//! Typed connections between actors, and between actors and threads.

mod attach;
mod error;
mod lane;
mod lease;
mod message_port;
mod outlet;

pub use attach::Attachment;
pub use error::{AttachError, PostError, PostErrorKind, RecvError};
pub use lease::{Intake, Source};
pub(crate) use lease::{Lease, Ports};
pub use message_port::{Iter, MessageChannel, MessagePort, Post, Recv};
pub use outlet::Outlet;
