//! `depth.rs`: senders that count in, and who counts out under a lock.

use std::sync::{Arc, Mutex};
use std::thread;

use super::{always, always_with};
use crate::depth::Depth;
use crate::rt::lock;

/// Someone else's messages come and are begun meanwhile, one at a time: there is always room for one more.
#[test]
fn who_finds_room_is_not_told_that_there_is_none() {
    always(|| {
        let depth = Arc::new(Depth::default());
        let other = Arc::clone(&depth);
        let other = thread::spawn(move || {
            for _ in 0..3 {
                assert!(other.add_below(2));
                other.sub(1);
            }
        });
        assert!(depth.add_below(2));
        other.join().unwrap();
        assert_eq!(depth.get(), 1);
    });
}

#[test]
fn there_are_never_more_than_there_is_room_for() {
    always_with(3, || {
        let depth = Arc::new(Depth::default());
        let consumer = Mutex::new(());
        assert!(depth.add_below(1));
        let senders = [0; 2].map(|_| {
            let depth = Arc::clone(&depth);
            thread::spawn(move || depth.add_below(1))
        });
        {
            let _alone = lock(&consumer);
            assert_eq!(depth.get(), 1);
            depth.sub(1);
        }
        assert!(depth.get() <= 1);
        let added = senders.map(|sender| sender.join().unwrap());
        let added = added.into_iter().filter(|added| *added).count();
        assert!(added <= 1);
        assert_eq!(depth.get(), added);
    });
}
