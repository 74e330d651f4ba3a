//! Which types are `Send`, `Sync` and `Unpin`, and that errors are errors.

use actor_core::*;
use actor_tests::probe::{Probe, ProbeHandle, ProbeMessage};

/// A message that is `Send` and not `Sync`.
type NotSync = std::cell::Cell<u8>;

macro_rules! has {
    ($type:ty: $($bound:path),+) => {{
        fn check<T: ?Sized $(+ $bound)+>() {}
        check::<$type>();
    }};
}

/// Compiles only if the type lacks the trait: otherwise the two `A` are ambiguous.
macro_rules! lacks {
    ($type:ty: $bound:path) => {{
        trait Ambiguous<A> {
            fn some_item() {}
        }
        impl<T: ?Sized> Ambiguous<()> for T {}
        struct Has;
        impl<T: ?Sized + $bound> Ambiguous<Has> for T {}
        let _ = <$type as Ambiguous<_>>::some_item;
    }};
}

#[test]
fn what_travels_and_what_is_shared() {
    has!(System: Send, Sync, Unpin);
    has!(SystemRef: Send, Sync, Clone);
    has!(ProbeHandle: Send, Sync, Clone, Unpin, std::fmt::Debug);
    has!(ActorRef<ProbeMessage>: Send, Sync, Clone, Unpin);
    has!(Pending<ProbeMessage, u64>: Send, Unpin);
    has!(AskFuture<ProbeMessage, u64>: Send, Unpin);
    has!(Request<'static, ProbeMessage, u64>: Send);
    has!(ReplyTo<NotSync>: Send, Sync);
    has!(Spec<Probe>: Send);
    has!(Supervision: Send, Sync);
    has!(Events: Send, Sync);
    has!(Event: Send, Sync, Clone);
    has!(Snapshot: Send, Sync, Clone);
    has!(ActorLogs: Send, Sync, Unpin, std::fmt::Debug);
    has!(ExitReason: Send, Sync, Clone);
    has!(Failure: Send, Sync, Clone);
    lacks!(Later<u8>: Send);
    lacks!(Failure: std::error::Error);
}

#[test]
fn every_error_is_an_error() {
    has!(SendError<NotSync>: std::error::Error, Send, Sync);
    has!(SendError<ProbeMessage>: std::error::Error, Send, Sync);
    has!(AskError: std::error::Error, Send, Sync, Clone);
    has!(SpawnError: std::error::Error, Send, Sync);
    has!(SystemError: std::error::Error, Send, Sync);
    has!(ShutdownError: std::error::Error, Send, Sync);
    has!(Ignore: std::error::Error, Send, Sync);
}
