//! Broadcasts by name within a system.

use actor_core::prelude::*;
use actor_core::{BroadcastChannel, RecvError};
use actor_tests::{Log, everywhere};

struct Listener {
    log: Log,
    channel: BroadcastChannel<u64>,
}

#[actor]
impl Listener {
    fn heard(&mut self, n: u64) {
        self.log.note(n.to_string());
    }
    fn say(&mut self, n: u64) -> usize {
        self.channel.post(n)
    }
    fn sync(&self) {}
}

impl Actor for Listener {
    type Args = Log;
    fn start(ctx: &mut Context<Self>, log: &Log) -> Result<Self, Failure> {
        let channel = ctx.system().broadcast::<u64>("news")?;
        ctx.attach(&channel, ListenerMessage::heard)?;
        Ok(Listener {
            log: log.clone(),
            channel,
        })
    }
}

#[test]
fn a40_a_post_reaches_all_others_of_that_name_in_order_and_not_oneself() {
    everywhere(|system| {
        let (a, b) = (Log::new(), Log::new());
        let first = system.spawn::<Listener>(a.clone()).unwrap();
        let second = system.spawn::<Listener>(b.clone()).unwrap();
        let other = system.broadcast::<u64>("weather").unwrap();
        let outside = system.broadcast::<u64>("news").unwrap();
        for n in 0..10 {
            assert_eq!(first.say(n).ask().unwrap(), 2);
        }
        let heard: Vec<u64> = (0..10).map(|_| outside.recv().unwrap()).collect();
        assert_eq!(heard, (0..10).collect::<Vec<_>>());
        while b.notes().len() < 10 {
            second.sync().ask().unwrap();
        }
        let expected: Vec<_> = (0..10).map(|n| n.to_string()).collect();
        assert_eq!(b.notes(), expected);
        assert!(a.notes().is_empty());
        assert_eq!(other.try_recv(), Err(RecvError::Empty));
    });
}

#[test]
fn a40_who_was_closed_before_or_after_the_post_gets_nothing() {
    everywhere(|system| {
        let speaker = system.broadcast::<u64>("news").unwrap();
        let before = system.broadcast::<u64>("news").unwrap();
        let after = system.broadcast::<u64>("news").unwrap();
        before.close();
        assert_eq!(speaker.post(1), 1);
        after.close();
        after.close();
        assert_eq!(before.try_recv(), Err(RecvError::Closed));
        assert_eq!(after.recv(), Err(RecvError::Closed));
        assert_eq!(after.post(2), 0);
        assert_eq!(speaker.post(3), 0);
        assert_eq!(speaker.try_recv(), Err(RecvError::Empty));
    });
}

#[test]
fn an_actor_leaves_with_its_life() {
    everywhere(|system| {
        let speaker = system.broadcast::<u64>("news").unwrap();
        let listener = system.spawn::<Listener>(Log::new()).unwrap();
        assert_eq!(speaker.post_lossy(1).delivered, 1);
        listener.stop();
        listener.join();
        assert_eq!(speaker.post_lossy(2).delivered, 0);
    });
}

#[test]
fn a_full_member_loses_and_is_counted_or_is_waited_for() {
    everywhere(|system| {
        let speaker = system.broadcast::<u64>("news").unwrap();
        let slow = system.broadcast::<u64>("news").unwrap();
        for n in 0..1024 {
            assert_eq!(speaker.post_lossy(n).lost, 0);
        }
        assert_eq!(speaker.post_lossy(1024).lost, 1);
        assert_eq!(slow.lost(), 1);
        // The other way: a life waits until there is room.
        let log = Log::new();
        let waits = system.spawn::<Listener>(log).unwrap();
        let said = waits.say(7).send().unwrap();
        let heard: Vec<u64> = (0..1025).map(|_| slow.recv().unwrap()).collect();
        assert_eq!(heard[1024], 7);
        assert_eq!(said.wait().unwrap(), 2);
    });
}

#[test]
fn a_name_has_one_type_as_long_as_it_has_members() {
    everywhere(|system| {
        let numbers = system.broadcast::<u64>("news").unwrap();
        let error = system.broadcast::<String>("news").unwrap_err();
        assert!(
            error
                .to_string()
                .contains("\"news\" has members that take other values")
        );
        drop(numbers);
        system.broadcast::<String>("news").unwrap();
    });
}
