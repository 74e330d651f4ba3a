//! `mailbox.rs`: the gate, the count, and the queue between them.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use super::{always, always_with};
use crate::envelope::Envelope;
use crate::mailbox::{Mailbox, Overflow, Refusal};
use crate::protocol::Protocol;

struct Message;

impl Protocol for Message {
    type Reply = ();
    type Handle = ();

    fn name(&self) -> &'static str {
        "message"
    }
}

fn mailbox(capacity: usize) -> Arc<Mailbox<Message>> {
    let capacity = NonZeroUsize::new(capacity);
    Arc::new(Mailbox::new(capacity, Overflow::Reject, None))
}

fn take(mailbox: &Mailbox<Message>) -> usize {
    let mut taken = VecDeque::new();
    mailbox.take(&mut taken);
    taken.len()
}

/// What became of a message: how many were swept by its sender.
fn send(mailbox: &Mailbox<Message>) -> Result<usize, Refusal> {
    mailbox.count_in()?;
    Ok(match mailbox.push_counted(Envelope(Message)) {
        true => take(mailbox),
        false => 0,
    })
}

/// Whoever closes and whoever comes late sweep all between them.
#[test]
fn nothing_stays_in_a_mailbox_that_is_closed() {
    always_with(3, || {
        let mailbox = mailbox(9);
        let senders = [0; 2].map(|_| {
            let mailbox = Arc::clone(&mailbox);
            thread::spawn(move || send(&mailbox).map_err(|_| ()))
        });
        mailbox.close();
        let mut swept = take(&mailbox);
        let sent = senders.map(|sender| sender.join().unwrap());
        let accepted = sent.iter().filter(|one| one.is_ok()).count();
        swept += sent.into_iter().flatten().sum::<usize>();
        assert_eq!(swept, accepted, "some are in nobody's hands");
        assert_eq!(take(&mailbox), 0);
    });
}

#[test]
fn no_more_are_accepted_than_there_is_room() {
    always(|| {
        let mailbox = mailbox(1);
        let other = Arc::clone(&mailbox);
        let other = thread::spawn(move || send(&other).is_ok());
        let mine = send(&mailbox).is_ok();
        assert_ne!(mine, other.join().unwrap());
        assert_eq!(mailbox.depth(), 1);
    });
}

/// A mailbox that is closed stays closed, whoever drains it at the same time.
#[test]
fn a_drain_does_not_open_what_was_closed() {
    always(|| {
        let mailbox = mailbox(1);
        let other = Arc::clone(&mailbox);
        let other = thread::spawn(move || other.drain());
        mailbox.close();
        other.join().unwrap();
        assert!(mailbox.is_closed());
        assert!(matches!(send(&mailbox), Err(Refusal::Closed)));
    });
}
