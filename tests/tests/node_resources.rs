//! What is left of actors: no thread, no file, no memory. Each test looks at the whole process, so
//! each runs in a process of its own. A number is that of a behaviour in the guide's page on Node.
#![cfg(target_os = "linux")]
#![expect(
    clippy::disallowed_methods,
    reason = "it measures real threads over real time"
)]

use std::fs::File;
use std::io::{Read, Seek, Write};
use std::path::PathBuf;

use actor_core::prelude::*;
use actor_core::{ActorState, DeadLetterCause, MessagePort, SendErrorKind};
use actor_tests::probe::{Fault, Gate, Plan, Probe, ProbeMessage};
use actor_tests::process::{alone, file_descriptors, status};
use actor_tests::{LONG, Log, everywhere, quiet_panics};

/// The values of a flood.
type Flood = MessagePort<Vec<u8>, ()>;

/// Busy with something that does not end by itself.
struct Worker;

#[actor]
impl Worker {
    /// Posts for ever; says when it has offered so many.
    fn flood(
        &mut self,
        ctx: &mut Context<Self>,
        flood: Flood,
        offers: u64,
        said: MessagePort<(), ()>,
    ) {
        for offered in 0.. {
            if ctx.cancelled() {
                break;
            }
            // There is room, or there is not: it goes on.
            let _ = flood.try_post(vec![1; 100_000]);
            if offered == offers {
                said.post(()).unwrap();
            }
        }
    }
    /// Writes and reads a file for ever; says when it has begun.
    #[message(fails)]
    fn store(
        &mut self,
        ctx: &mut Context<Self>,
        path: PathBuf,
        begun: MessagePort<(), ()>,
    ) -> Result<(), Failure> {
        let written = [7; 4096];
        while !ctx.cancelled() {
            let mut file = File::options()
                .read(true)
                .write(true)
                .create(true)
                .truncate(true)
                .open(&path)?;
            // Only the first is waited for.
            let _ = begun.try_post(());
            let mut read = Vec::new();
            file.write_all(&written)?;
            file.rewind()?;
            file.read_to_end(&mut read)?;
            if read != written {
                Err("another file")?;
            }
        }
        Ok(())
    }
}

impl Actor for Worker {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Worker)
    }
}

/// Waits until the root has let go of all actors.
fn settle(system: &System) {
    while !system.snapshot().actors.is_empty() {
        std::thread::yield_now();
    }
}

#[test]
fn a14_the_bound_of_its_mailbox_is_what_an_actor_may_use() {
    everywhere(|system| {
        let gate = system.spawn::<Gate>(()).unwrap();
        let spec = system.spec::<Probe>(Plan::new(&Log::new(), "bounded"));
        let spec = spec.mailbox(4).overflow(Overflow::Reject);
        let bounded = spec.spawn().unwrap();
        bounded.pass(gate.clone()).tell().unwrap();
        gate.somebody_waits().ask().unwrap();
        for n in 0..100 {
            match bounded.echo(n).tell() {
                Ok(()) => assert!(n < 4),
                Err(error) => {
                    assert_eq!(error.kind(), SendErrorKind::Full);
                    assert!(
                        matches!(error.into_message(), ProbeMessage::Echo { n: same } if same == n)
                    );
                }
            }
        }
        let full = bounded.snapshot();
        assert_eq!((full.mailbox, full.capacity), (4, Some(4)));
        // It is the senders' affair: the actor goes on.
        gate.open().ask().unwrap();
        bounded.drain();
        assert!(bounded.join().is_normal());
        let ended = bounded.snapshot();
        assert_eq!((ended.mailbox, ended.handled), (0, 5));
        assert_eq!(ended.state, ActorState::Ended);
        assert!(!ended.dead_letters.contains_key(&DeadLetterCause::Overflow));
    });
}

#[test]
fn a19_who_floods_for_ever_is_terminated_at_its_first_message() {
    if !alone("a19_who_floods_for_ever_is_terminated_at_its_first_message") {
        return;
    }
    let system = System::new("flooded").unwrap();
    let worker = system.spawn::<Worker>(()).unwrap();
    let (flood, said) = (MessageChannel::bounded(16), MessageChannel::new());
    let before = status("VmHWM:");
    // A gigabyte.
    worker
        .flood(flood.port1, 10_000, said.port1)
        .tell()
        .unwrap();
    said.port2.recv().unwrap();
    let first: Vec<u8> = flood.port2.recv().unwrap();
    assert_eq!(first.len(), 100_000);
    assert!(matches!(worker.terminate(LONG), ExitReason::Terminated));
    assert!(flood.port2.iter().count() <= 16);
    let grown = status("VmHWM:") - before;
    assert!(grown < 16 * 1024, "the peak grew by {grown} KiB");
}

#[test]
fn a22_six_lanes_of_spawn_and_terminate_amid_reads_and_writes_leave_nothing() {
    if !alone("a22_six_lanes_of_spawn_and_terminate_amid_reads_and_writes_leave_nothing") {
        return;
    }
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let system = System::new("lanes").unwrap();
    let rounds = |lane: u32| {
        for round in 0..6 {
            let path = folder.join(format!("{lane}-{round}"));
            let worker = system.spawn::<Worker>(()).unwrap();
            let MessageChannel { port1, port2 } = MessageChannel::bounded(1);
            worker.store(path.clone(), port1).tell().unwrap();
            port2.recv().unwrap();
            assert!(matches!(worker.terminate(LONG), ExitReason::Terminated));
            std::fs::remove_file(path).unwrap();
        }
    };
    let lanes = || {
        std::thread::scope(|scope| {
            let lanes: Vec<_> = (0..6)
                .map(|lane| scope.spawn(move || rounds(lane)))
                .collect();
            // The end of a scope does not wait until its threads are gone; joining does.
            lanes.into_iter().for_each(|lane| lane.join().unwrap());
        });
        settle(&system);
        (status("Threads:"), file_descriptors())
    };
    let before = (status("Threads:"), file_descriptors());
    assert_eq!(lanes(), before);
}

#[test]
fn a37_sixty_at_once_give_their_threads_and_memory_back() {
    if !alone("a37_sixty_at_once_give_their_threads_and_memory_back") {
        return;
    }
    quiet_panics();
    let system = System::new("sixty").unwrap();
    let round = |how: usize| {
        let actors: Vec<_> = (0..60)
            .map(|_| system.spawn::<Probe>(Plan::new(&Log::new(), "a")).unwrap())
            .collect();
        for (n, actor) in (0..).zip(&actors) {
            assert_eq!(actor.echo(n).ask().unwrap(), n);
        }
        let during = status("VmRSS:");
        for actor in &actors {
            match how {
                0 => actor.strike(Fault::Exits(0)).tell().unwrap(),
                1 => drop(actor.strike(Fault::Panics).ask().unwrap_err()),
                2 => drop(actor.terminate(LONG)),
                3 => actor.stop(),
                _ => actor.drain(),
            }
            assert!(actor.join_timeout(LONG).is_some());
        }
        settle(&system);
        during
    };
    let alone = (status("VmRSS:"), status("Threads:"), file_descriptors());
    // 300 in all, each way to end once.
    let during = (0..5).map(round).max().unwrap();
    assert!(during < 5 * alone.0, "{} KiB, then {during} KiB", alone.0);
    let after = (status("Threads:"), file_descriptors());
    assert_eq!(after, (alone.1, alone.2));
}
