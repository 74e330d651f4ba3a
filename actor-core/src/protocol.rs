//! What an actor receives, and what it answers.

/// The messages of an actor: implemented by the message enum that `#[actor]` derives.
///
/// Handles are parameterised by the message enum and never by the actor's type, so a private
/// struct may have a public protocol.
///
/// ```
/// # use actor_core::prelude::*;
/// # mod counter { use actor_core::prelude::*; include!(concat!(env!("CARGO_MANIFEST_DIR"), "/guide/counter.rs")); }
/// # use counter::*;
/// use actor_core::HandleOf;
///
/// /// Works with the handle of any actor.
/// fn stop_all<M: Protocol>(actors: &[ActorRef<M>]) {
///     actors.iter().for_each(|actor| actor.stop());
/// }
/// let system = System::new("protocols")?;
/// let counter: HandleOf<Counter> = system.spawn::<Counter>(0)?;
/// stop_all(&[ActorRef::clone(&counter)]);
/// assert!(counter.join().is_normal());
/// assert_eq!(CounterMessage::Add { by: 1 }.name(), "add");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
