//! Waits for others that end when the waiting actor is told to stop.
//!
//! A `tell` that waits for room, and an `ask`, do not notice that by themselves. In a
//! `rest_for_one` chain they would meet it at each restart: the last stops first, so whoever waits
//! for it would wait until it is there again, and that is after the one who waits has stopped.
//! The supervisor would leave it behind, five seconds later.

use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{Handler, Request, SendErrorKind};

/// How long an actor may take to notice.
const NOTICE: Duration = Duration::from_millis(1);

/// Tells when there is room; false if the message was not accepted. `request` makes it anew for
/// each attempt.
pub(super) fn tell<'a, A: Handler, M: Protocol, T>(
    ctx: &Context<A>,
    request: impl Fn() -> Request<'a, M, T>,
) -> bool {
    loop {
        match request().timeout(NOTICE).tell() {
            Ok(()) => return true,
            Err(error) if error.kind() != SendErrorKind::Timeout || ctx.cancelled() => {
                return false;
            }
            Err(_) => {}
        }
    }
}

/// Asks until there is an answer; none if none will come. The question may be put several times, so
/// it must be one that changes nothing the second time.
pub(super) fn ask<'a, A: Handler, M: Protocol, T>(
    ctx: &Context<A>,
    request: impl Fn() -> Request<'a, M, T>,
) -> Option<T> {
    loop {
        match request().timeout(NOTICE).ask() {
            Ok(answer) => return Some(answer),
            Err(AskError::Timeout { .. }) if !ctx.cancelled() => {}
            Err(_) => return None,
        }
    }
}
