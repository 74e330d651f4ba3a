//! Beginnings, ends, and what is between them without a message.

use std::time::{Duration, Instant};

use crate::measure::{Measured, Scale, Times, each};
use crate::resources::{cpu_time, resident};
use crate::systems::{Counting, Home, Supervised};

/// Spawn, first answer, stop, join.
pub(crate) fn spawn<P: Counting>(scale: Scale) -> Vec<Measured> {
    P::Home::block_on(async move {
        let peer = P::new();
        let mut times = Times::default();
        for _ in scale.rounds(2_000, 10) {
            let begun = Instant::now();
            let counter = peer.spawn().await;
            assert_eq!(P::ask(&counter, 1).await, 1);
            peer.end(counter).await;
            times.push(begun.elapsed());
        }
        vec![Measured::new("", "ns", times.share(0.5))]
    })
}

/// From a crash to the first answer of the next life.
pub(crate) fn crash<P: Supervised>(scale: Scale) -> Vec<Measured> {
    quiet_planned_panics();
    P::Home::block_on(async move {
        let peer = P::new();
        let child = peer.spawn_supervised().await;
        let mut times = Times::default();
        assert_eq!(first_answer::<P>(&child).await, 1);
        for _ in scale.rounds(500, 3) {
            let begun = Instant::now();
            P::crash(&child).await;
            let sum = first_answer::<P>(&child).await;
            times.push(begun.elapsed());
            assert_eq!(sum, 1, "an earlier life has answered");
        }
        vec![Measured::new("", "ns", times.share(0.5))]
    })
}

/// Of the others, the harness is to hear.
pub(crate) fn quiet_planned_panics() {
    let loud = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload_as_str() != Some("planned") {
            loud(panic);
        }
    }));
}

async fn first_answer<P: Supervised>(child: &P::Child) -> u64 {
    let begun = Instant::now();
    loop {
        if let Some(sum) = P::try_ask(child, 1).await {
            return sum;
        }
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "no next life answers"
        );
    }
}

/// Many that have nothing to do.
pub(crate) fn idle<P: Counting>(scale: Scale) -> Vec<Measured> {
    let actors = scale.of(10_000, 200);
    P::Home::block_on(async move {
        let peer = P::new();
        let before = resident();
        let mut counters = Vec::with_capacity(actors);
        for _ in 0..actors {
            let counter = peer.spawn().await;
            assert_eq!(P::ask(&counter, 1).await, 1);
            counters.push(counter);
        }
        let memory = resident().saturating_sub(before) / actors as u64;
        let rest = scale.of(Duration::from_secs(1), Duration::from_millis(20));
        P::Home::sleep(rest).await;
        let (cpu, begun) = (cpu_time(), Instant::now());
        P::Home::sleep(rest).await;
        let share = (cpu_time() - cpu).as_secs_f64() / begun.elapsed().as_secs_f64();
        vec![
            Measured::new("memory", "KiB", memory as f64 / 1024.0),
            Measured::new("CPU", "% of a core", 100.0 * share),
        ]
    })
}

/// 1,000 actors, each told something 100 times a second.
pub(crate) fn ticking<P: Counting>(scale: Scale) -> Vec<Measured> {
    const EVERY: Duration = Duration::from_millis(10);
    let (actors, ticks) = scale.of((1_000, 200), (50, 5));
    P::Home::block_on(async move {
        let peer = P::new();
        let mut counters = Vec::with_capacity(actors);
        for _ in 0..actors {
            counters.push(peer.spawn().await);
        }
        let (cpu, begun) = (cpu_time(), Instant::now());
        for tick in 1..=ticks {
            for counter in &counters {
                P::tell(counter, 1).await;
            }
            P::Home::sleep((begun + EVERY * tick).saturating_duration_since(Instant::now())).await;
        }
        let share = (cpu_time() - cpu).as_secs_f64() / begun.elapsed().as_secs_f64();
        for counter in &counters {
            P::settled(counter, u64::from(ticks)).await;
        }
        vec![Measured::new("", "% of a core", 100.0 * share)]
    })
}

/// The `Actor Creation` of actor-benchmarks, by kameo's author: spawned, and nothing else.
pub(crate) fn creation<P: Counting>(scale: Scale) -> Vec<Measured> {
    P::Home::block_on(async move {
        let peer = P::new();
        let mut counters = Vec::new();
        let begun = Instant::now();
        for _ in scale.rounds(1_000, 10) {
            counters.push(peer.spawn().await);
        }
        vec![Measured::new(
            "",
            "ns",
            each(begun.elapsed(), counters.len()),
        )]
    })
}
