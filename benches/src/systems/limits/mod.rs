//! What the machine can do at best, without actors.

mod channel;
mod hand_over;
mod memory;
mod rayon;
mod thread;

use super::{Kind, System};

pub(super) fn all() -> Vec<System> {
    vec![
        System::new(
            "flume channel",
            Kind::Limit,
            "a bare channel, emptied in one go, by a thread that yields before it blocks",
        )
        .can("tell", channel::run::<1>)
        .can("tell-4", channel::run::<4>),
        System::new(
            "thread park",
            Kind::Limit,
            "two threads that park and unpark each other: a bare futex",
        )
        .can("ask", hand_over::park),
        System::new(
            "thread spin",
            Kind::Limit,
            "two threads that yield until a word changes",
        )
        .can("ask", hand_over::spin),
        System::new(
            "bare thread",
            Kind::Limit,
            "`std::thread`, with two hand-overs by `std::sync::mpsc` where there is an answer",
        )
        .can("spawn", thread::spawn)
        .can("crash", thread::spawn_and_answer)
        .can("idle", thread::idle)
        .can("creation", thread::creation),
        System::new(
            "rayon",
            Kind::Limit,
            "a pool of as many threads, a job for each task",
        )
        .pooling::<rayon::Rayon>(),
        System::new("memcpy", Kind::Limit, "one copy of the bytes").can("transfer", memory::copy),
    ]
}
