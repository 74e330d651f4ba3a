//! A question and its answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::measure::{Measured, Scale, Times, each};
use crate::resources::cores;
use crate::systems::{Counting, Home};

/// One at a time, from a plain thread.
pub(crate) fn from_thread<P: Counting>(scale: Scale) -> Vec<Measured> {
    P::Home::from_thread(one_at_a_time::<P>(scale))
}

/// One at a time, from inside: a task, on the runtime of the actors.
pub(crate) fn from_inside<P: Counting>(scale: Scale) -> Vec<Measured> {
    P::Home::block_on(one_at_a_time::<P>(scale))
}

async fn one_at_a_time<P: Counting>(scale: Scale) -> Vec<Measured> {
    let peer = P::new();
    let counter = peer.spawn().await;
    let mut times = timed::<P>(&counter, scale, scale.of(100_000, 1_000)).await;
    times.spread()
}

/// 64 under way before the first answer is waited for.
pub(crate) fn many<P: Counting>(scale: Scale) -> Vec<Measured> {
    const IN_FLIGHT: usize = 64;
    P::Home::block_on(async move {
        let peer = P::new();
        let counter = peer.spawn().await;
        P::ask_many(&counter, 1, IN_FLIGHT).await;
        let begun = Instant::now();
        let mut asked = 0;
        for _ in scale.rounds(20_000, 20) {
            asked += IN_FLIGHT;
            let sum = P::ask_many(&counter, 1, IN_FLIGHT).await;
            assert_eq!(
                sum,
                (IN_FLIGHT + asked) as u64,
                "the largest answer is not the sum"
            );
        }
        vec![Measured::new("", "ns", each(begun.elapsed(), asked))]
    })
}

/// Beside two threads that compute.
pub(crate) fn disturbed<P: Counting>(scale: Scale) -> Vec<Measured> {
    let over = Arc::new(AtomicBool::new(false));
    let disturber = |_| {
        let over = Arc::clone(&over);
        std::thread::spawn(move || {
            while !over.load(Ordering::Relaxed) {
                std::hint::spin_loop();
            }
        })
    };
    P::Home::block_on({
        let threads: Vec<_> = (0..2).map(disturber).collect();
        let over = Arc::clone(&over);
        async move {
            let peer = P::new();
            let counter = peer.spawn().await;
            let spread = timed::<P>(&counter, scale, scale.of(100_000, 100))
                .await
                .spread();
            over.store(true, Ordering::Relaxed);
            for thread in threads {
                thread.join().expect("it only spins");
            }
            spread
        }
    })
}

/// While one more actor for each core runs handlers of 50 ms.
pub(crate) fn beside_long_handlers<P: Counting>(scale: Scale) -> Vec<Measured> {
    const HANDLER: Duration = Duration::from_millis(50);
    let handlers = scale.of(30, 2);
    P::Home::block_on(async move {
        let peer = P::new();
        let counter = peer.spawn().await;
        P::ask(&counter, 0).await;
        for _ in 0..cores() {
            let busy = peer.spawn().await;
            for _ in 0..handlers {
                P::busy(&busy, HANDLER).await;
            }
        }
        let mut times = Times::default();
        // Well before the last of them is over.
        let patience = HANDLER * handlers * 2 / 3;
        let begun = Instant::now();
        let mut sum = 0;
        while begun.elapsed() < patience {
            let asked = Instant::now();
            sum += 1;
            assert_eq!(P::ask(&counter, 1).await, sum);
            times.push(asked.elapsed());
        }
        times.spread()
    })
}

/// Asks so often, checks each answer.
pub(crate) async fn timed<P: Counting>(counter: &P::Counter, scale: Scale, times: usize) -> Times {
    let mut sum = P::ask(counter, 0).await;
    for _ in scale.rounds(times / 10, times / 10) {
        sum = P::ask(counter, 1).await;
    }
    let mut taken = Times::default();
    for _ in scale.rounds(times, times) {
        let begun = Instant::now();
        let answer = P::ask(counter, 1).await;
        taken.push(begun.elapsed());
        sum += 1;
        assert_eq!(answer, sum, "the answer is not the sum");
    }
    taken
}
