//! What generated code names, and nothing else does.

pub use core::clone::Clone;
pub use core::convert::{From, Infallible};
pub use core::marker::{PhantomData, Send};
pub use core::ops::Deref;
pub use core::option::Option::{self, None, Some};
pub use core::primitive::{str, usize};
pub use core::result::Result::{self, Err, Ok};
pub use std::fmt;

pub use crate::actor::Actor;
pub use crate::actor_ref::ActorRef;
pub use crate::context::{Context, Handled, Handler};
pub use crate::failure::Failure;
pub use crate::later::{IsLater, later};
pub use crate::port::Intake;
pub use crate::protocol::Protocol;
pub use crate::request::Request;
pub use crate::signal::ChildSignal;
pub use crate::supervisor::Reminder;

/// What can travel in a message.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot travel in a message",
    label = "this argument would move to the actor's thread, but it is not `Send` (or borrows)",
    note = "pass something that owns its data and is `Send`, such as an `Arc` instead of an `Rc`"
)]
pub trait Argument {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Argument for T {}

/// What can travel in a reply.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a reply",
    label = "a reply moves to the asker's thread, so it must be `Send` and own its data",
    note = "if this is a `Later`, add `#[message(later)]` to the method: then its `ReplyTo` answers"
)]
pub trait Answer {}

#[diagnostic::do_not_recommend]
impl<T: Send + 'static> Answer for T {}

/// Fails to compile if `T` has no lifecycle.
pub fn assert_actor<T: Actor>() {}

/// What a `#[message(fails)]` method returns.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `Result` whose error converts into `Failure`",
    label = "a `#[message(fails)]` method returns such a `Result`; otherwise remove `fails`",
    note = "any error that is `Error + Send + Sync + 'static` does, and so does any text"
)]
pub trait Fallible {
    /// The reply.
    type Value;
    /// The reply, or why the actor fails.
    fn into_result(self) -> Result<Self::Value, Failure>;
}

#[diagnostic::do_not_recommend]
impl<T, E: Into<Failure>> Fallible for Result<T, E> {
    type Value = T;

    fn into_result(self) -> Result<T, Failure> {
        self.map_err(Into::into)
    }
}

/// A reply that may be an error nobody asked for. Which of the three traits applies is decided by
/// how often the value must be referenced to find it, so no type is recognised by its name.
#[derive(Debug)]
pub struct Unasked<'a, T>(pub &'a T);

/// A `Result` whose error can be shown.
pub trait UnaskedDisplay {
    /// Logs an error that nobody asked for.
    fn __report_unasked<A: Handler>(&self, ctx: &Context<A>, message: &'static str);
}

/// A `Result` whose error cannot be shown.
pub trait UnaskedResult {
    /// Logs an error that nobody asked for.
    fn __report_unasked<A: Handler>(&self, ctx: &Context<A>, message: &'static str);
}

/// Anything else.
pub trait UnaskedOther {
    /// Does nothing.
    fn __report_unasked<A: Handler>(&self, ctx: &Context<A>, message: &'static str);
}

impl<T, E: fmt::Display> UnaskedDisplay for &&Unasked<'_, Result<T, E>> {
    fn __report_unasked<A: Handler>(&self, ctx: &Context<A>, message: &'static str) {
        if let (Err(error), false) = (self.0, ctx.is_asked()) {
            warn(ctx, message, error);
        }
    }
}

impl<T, E> UnaskedResult for &Unasked<'_, Result<T, E>> {
    fn __report_unasked<A: Handler>(&self, ctx: &Context<A>, message: &'static str) {
        if self.0.is_err() && !ctx.is_asked() {
            warn(ctx, message, &"an error that cannot be shown");
        }
    }
}

impl<T> UnaskedOther for Unasked<'_, T> {
    fn __report_unasked<A: Handler>(&self, _ctx: &Context<A>, _message: &'static str) {}
}

fn warn<A: Handler>(ctx: &Context<A>, message: &'static str, error: &dyn fmt::Display) {
    tracing::warn!(actor = %ctx.identity(), message, %error, "an error that nobody asked for");
}
