//! What is measured, each with its goal.

pub(crate) mod ask;
pub(crate) mod build;
pub(crate) mod growth;
pub(crate) mod life;
pub(crate) mod memory;
pub(crate) mod pool;
pub(crate) mod published;
pub(crate) mod ring;
pub(crate) mod tell;

/// A description of what is measured; the systems know how to do it.
pub(crate) struct Workload {
    pub(crate) name: &'static str,
    pub(crate) what: &'static str,
    /// What this library is to reach; empty where there is only something to compare.
    pub(crate) goal: &'static str,
    /// Whether it is measured on one core, too.
    pub(crate) pinned: bool,
    /// Whether it is about this library alone.
    pub(crate) ours_alone: bool,
}

const fn workload(name: &'static str, what: &'static str, goal: &'static str) -> Workload {
    Workload {
        name,
        what,
        goal,
        pinned: true,
        ours_alone: false,
    }
}

/// It makes no sense on one core.
const fn unpinned(workload: Workload) -> Workload {
    Workload {
        pinned: false,
        ..workload
    }
}

pub(crate) const ALL: &[Workload] = &[
    workload(
        "tell",
        "1 sender, a burst of 1 million with a barrier at the end, each",
        "≤ 40 ns, ≤ 1.5 × the bare channel",
    ),
    workload(
        "tell-4",
        "4 senders to 1 actor, 1 million together, each",
        "≤ 50 ns, ahead of all",
    ),
    workload(
        "ask",
        "one at a time, from a plain thread",
        "p50 ≤ 1.0 µs unpinned and pinned, ahead of all",
    ),
    workload(
        "ask-from-inside",
        "one at a time, from another actor, or from a task on the runtime of the actors",
        "",
    ),
    workload(
        "ask-64",
        "64 sent before the first answer is waited for, each",
        "≤ 100 ns",
    ),
    workload(
        "ring",
        "a hop in a ring of so many actors",
        "2: ≤ 0.3 µs · 8: ≤ 0.7 µs · 50: ≤ 1.5 µs",
    ),
    workload(
        "spawn",
        "spawn, first answer, stop, join",
        "≤ 1.4 × a bare thread with the same two hand-overs",
    ),
    workload(
        "crash",
        "from a crash to the first answer of the next life",
        "≤ 3 × a bare thread",
    ),
    unpinned(workload(
        "idle",
        "10,000 actors that have answered once: memory of each, CPU of all",
        "≤ 16 KiB, 0 % CPU",
    )),
    workload(
        "ask-disturbed",
        "an ask beside two threads that compute",
        "p50 ≤ 2 × the undisturbed",
    ),
    workload(
        "ticking",
        "CPU of 1,000 actors, each told something 100 times a second",
        "≤ 1.3 × the same with `IdleStrategy::Park`",
    ),
    unpinned(workload(
        "ask-beside-long-handlers",
        "an ask while one more actor for each core runs handlers that compute for 50 ms",
        "p99 ahead of each task-based peer by 20 ×",
    )),
    unpinned(workload(
        "transfer",
        "100 MB moved to an actor and back",
        "≤ 20 µs",
    )),
    workload(
        "pool",
        "tiny tasks for 2 workers",
        "sequential ≥ 500 k, 64 in flight ≥ 3 M a second, ≥ 0.5 × rayon",
    ),
    unpinned(workload(
        "primes",
        "primes below 10 million in 64 tasks, 2 workers",
        "≥ 0.98 × rayon in the same run",
    )),
    unpinned(workload(
        "images",
        "32 whole pictures blurred, 2 workers",
        "≥ 0.95 × rayon doing the same",
    )),
    unpinned(workload(
        "build",
        "cold `cargo check` of a crate that has it as its only dependency",
        "≤ 6 s, ≤ 25 crates",
    )),
    workload(
        "circular",
        "tonari-actor's: 1,000 hops in a ring that is new, a hop",
        "",
    ),
    workload(
        "spawn-and-tear-down",
        "tonari-actor's: a ring of so many is made and ended, each actor",
        "",
    ),
    workload(
        "tell-100-actors",
        "kameo's author's: told to 100 actors by turns, each",
        "",
    ),
    workload("creation", "kameo's author's: spawned and nothing else", ""),
    workload(
        "factory",
        "ractor's: 10,000 tasks dispatched to 100 workers, each",
        "",
    ),
    workload(
        "send-zst",
        "xtra's: so many messages, the last of which is waited for",
        "",
    ),
    unpinned(workload(
        "growth-live",
        "tell and ask while so many actors are alive",
        "",
    )),
    unpinned(workload(
        "growth-queued",
        "a message of a mailbox in which so many have been queued",
        "",
    )),
    Workload {
        ours_alone: true,
        ..unpinned(workload(
            "growth-depth",
            "ask, and crash to first answer, with so many supervisors above",
            "",
        ))
    },
];
