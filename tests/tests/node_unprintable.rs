//! Errors that cannot be printed: whoever logs them, the end of their actor is told all the same.

use std::fmt::{self, Write};

use actor_core::prelude::*;
use actor_tests::LONG;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

/// Panics whenever somebody wants to read it.
struct Unprintable;

impl fmt::Display for Unprintable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("it refuses")
    }
}

impl fmt::Debug for Unprintable {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("it refuses")
    }
}

impl std::error::Error for Unprintable {}

struct Fragile;

#[actor]
impl Fragile {
    #[message(fails)]
    fn fail(&mut self) -> Result<(), Failure> {
        Err(Unprintable)?
    }
}

impl Actor for Fragile {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Fragile)
    }
}

/// Reads every field of every event, as a log does.
struct Reader;

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        let _ = write!(self.0, "{field} {value:?}");
    }
}

impl Subscriber for Reader {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut Text(String::new()));
    }
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[test]
fn a5_an_error_that_cannot_be_printed_is_told_all_the_same() {
    actor_tests::quiet_panics();
    tracing::subscriber::set_global_default(Reader).unwrap();
    let system = System::new("unprintable").unwrap();
    let mut events = system.events();
    let fragile = system.spawn::<Fragile>(()).unwrap();
    let error = fragile.fail().timeout(LONG).ask().unwrap_err();
    let AskError::Failed {
        reason: ExitReason::Failed(failure),
        ..
    } = error
    else {
        panic!("another error");
    };
    assert!(failure.as_error().is::<Unprintable>());
    for text in [failure.to_string(), format!("{failure:?}")] {
        let expected = "an error that cannot be printed: it refuses";
        assert!(text.starts_with(expected), "{text}");
    }
    let reason = fragile.join_timeout(LONG).expect("it ends");
    assert_eq!(reason.code(), 1);
    let kinds: Vec<_> = std::iter::from_fn(|| events.try_next())
        .map(|event| event.kind)
        .collect();
    assert!(matches!(
        kinds[..],
        [
            EventKind::Started,
            EventKind::DeadLetter { .. },
            EventKind::Failed { .. },
            EventKind::Exited { code: 1, .. }
        ]
    ));
}
