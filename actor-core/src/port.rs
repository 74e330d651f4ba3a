//! Typed connections between actors, and between actors and threads.

mod attach;
mod broadcast;
mod error;
mod lane;
mod lease;
mod message_port;
mod outlet;
mod waiters;

pub use attach::Attachment;
pub(crate) use broadcast::Broadcasts;
pub use broadcast::{BroadcastChannel, BroadcastError, Posted};
pub use error::{AttachError, PostError, PostErrorKind, RecvError};
pub(crate) use lease::Ports;
pub use lease::{Intake, Source};
pub use message_port::{Iter, MessageChannel, MessagePort, Post, Recv};
pub use outlet::Outlet;
