//! rayon's pool.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::systems::{Peer, Pooling, Threads};
use crate::work::Task;

pub(super) struct Rayon;

impl Peer for Rayon {
    type Home = Threads;

    fn new() -> Self {
        Rayon
    }
}

impl Pooling for Rayon {
    type Pool = Arc<ThreadPool>;

    async fn pool(&self, workers: usize) -> Arc<ThreadPool> {
        let pool = ThreadPoolBuilder::new().num_threads(workers).build();
        Arc::new(pool.expect("threads start"))
    }

    async fn run(pool: &Arc<ThreadPool>, task: Task) -> u64 {
        pool.install(|| task.run())
    }

    async fn run_all(pool: &Arc<ThreadPool>, tasks: Vec<Task>) -> u64 {
        // Each is a job of its own, as with the others; `par_iter` would make one of many.
        let sum = AtomicU64::new(0);
        pool.scope(|scope| {
            for task in tasks {
                let sum = &sum;
                scope.spawn(move |_| {
                    sum.fetch_add(task.run(), Ordering::Relaxed);
                });
            }
        });
        sum.into_inner()
    }
}
