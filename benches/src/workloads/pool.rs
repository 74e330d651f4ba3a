//! Tasks for workers that share a queue.

use std::sync::Arc;
use std::time::Instant;

use actor_examples::image_pipeline::{Picture, shipped_pictures};

use crate::measure::{Measured, Scale};
use crate::resources::cores;
use crate::systems::{Home, Pooling};
use crate::work::Task;

/// As many workers as the goals are for.
pub(crate) const WORKERS: usize = 2;

/// Tiny tasks, one at a time and 64 in flight.
pub(crate) fn tiny<P: Pooling>(scale: Scale) -> Vec<Measured> {
    const IN_FLIGHT: u64 = 64;
    P::Home::block_on(async move {
        let peer = P::new();
        let pool = peer.pool(WORKERS).await;
        P::run(&pool, Task::Square(3)).await;

        let begun = Instant::now();
        let mut done = 0_u64;
        for round in scale.rounds(100_000, 500) {
            let number = round as u64;
            assert_eq!(P::run(&pool, Task::Square(number)).await, number * number);
            done += 1;
        }
        let sequential = done as f64 / begun.elapsed().as_secs_f64();

        let begun = Instant::now();
        let mut done = 0_u64;
        for _ in scale.rounds(100_000 / IN_FLIGHT as usize, 10) {
            let tasks = (1..=IN_FLIGHT).map(Task::Square).collect();
            // The sum of the first 64 squares.
            assert_eq!(P::run_all(&pool, tasks).await, 89_440);
            done += IN_FLIGHT;
        }
        let at_once = done as f64 / begun.elapsed().as_secs_f64();
        vec![
            Measured::new("sequential", "tasks/s", sequential),
            Measured::new("64 in flight", "tasks/s", at_once),
        ]
    })
}

/// ractor's `factory`: 10,000 dispatched to 100 workers, until all are done.
pub(crate) fn factory<P: Pooling>(scale: Scale) -> Vec<Measured> {
    let tasks = scale.of(10_000, 500);
    P::Home::block_on(async move {
        let peer = P::new();
        let pool = peer.pool(scale.of(100, 10)).await;
        let squares = || (0..tasks).map(|_| Task::Square(1)).collect();
        P::run_all(&pool, squares()).await;
        let begun = Instant::now();
        assert_eq!(P::run_all(&pool, squares()).await, tasks);
        vec![Measured::new(
            "",
            "ns",
            begun.elapsed().as_nanos() as f64 / tasks as f64,
        )]
    })
}

/// Primes below 10 million, and how much faster than one thread.
pub(crate) fn primes<P: Pooling>(scale: Scale) -> Vec<Measured> {
    let limit = scale.of(10_000_000_u64, 1_000_000);
    let expected = scale.of(664_579, 78_498);
    let parts = 64;
    let ranges = move || -> Vec<_> {
        let cut = |part: u64| limit * part / parts;
        (0..parts)
            .map(|part| Task::Primes(cut(part)..cut(part + 1)))
            .collect()
    };
    speed_up::<P>(scale, Arc::new(ranges), expected)
}

/// Whole pictures, blurred.
pub(crate) fn images<P: Pooling>(scale: Scale) -> Vec<Measured> {
    let files = std::fs::read_dir(shipped_pictures()).expect("the examples have pictures");
    let mut files: Vec<_> = files.map(|file| file.expect("a file").path()).collect();
    files.retain(|file| {
        file.extension()
            .is_some_and(|end| end == "png" || end == "jpg")
    });
    files.sort();
    let read = |file| Arc::new(Picture::read(file).expect("it is a picture"));
    let pictures: Vec<_> = files.iter().map(|file| read(file)).collect();
    // One after the other, the largest is not the last.
    let all = move || -> Vec<_> {
        let times = scale.of(8, 1);
        (0..times)
            .flat_map(|_| pictures.clone())
            .map(Task::Blur)
            .collect()
    };
    let expected = all().into_iter().map(Task::run).sum();
    speed_up::<P>(scale, Arc::new(all), expected)
}

/// One thread and the pool take turns.
fn speed_up<P: Pooling>(
    scale: Scale,
    tasks: Arc<dyn Fn() -> Vec<Task> + Send + Sync>,
    expected: u64,
) -> Vec<Measured> {
    P::Home::block_on(async move {
        let peer = P::new();
        let pool = peer.pool(WORKERS.min(cores())).await;
        let (mut alone, mut shared) = (f64::INFINITY, f64::INFINITY);
        for _ in scale.rounds(5, 1) {
            let begun = Instant::now();
            let sum: u64 = tasks().into_iter().map(Task::run).sum();
            alone = alone.min(begun.elapsed().as_secs_f64());
            assert_eq!(sum, expected);

            let begun = Instant::now();
            assert_eq!(P::run_all(&pool, tasks()).await, expected);
            shared = shared.min(begun.elapsed().as_secs_f64());
        }
        vec![
            Measured::new("time", "ms", shared * 1e3),
            Measured::new("speed-up", "× one thread", alone / shared),
        ]
    })
}
