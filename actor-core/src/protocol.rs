//! What an actor receives, and what it answers.

/// The messages of an actor: implemented by the message enum that `#[actor]` derives.
///
/// Handles are parameterised by the message enum and never by the actor's type, so a private
/// struct may have a public protocol.
pub trait Protocol: Sized + Send + 'static {
    /// The enum of all replies.
    type Reply: Send + 'static;
    /// The typed handle, a newtype around [`ActorRef`](crate::ActorRef).
    type Handle: Clone + 'static;
    /// How many accepted messages may wait, unless the spec says otherwise.
    const MAILBOX: usize = 1024;

    /// The message's name: the name of the method that handles it.
    fn name(&self) -> &'static str;
}
