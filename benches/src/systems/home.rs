//! Where a peer's askers live: on threads, or in tasks of a runtime.

use std::future::Future;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

/// What runs the code that uses actors.
///
/// Each peer is used from where it is fastest: one that is made of tasks from a task, one that is made
/// of threads from a thread.
pub(crate) trait Home: Send + Sync + 'static {
    /// Runs a workload to its end.
    fn block_on<T: Send + 'static>(main: impl Future<Output = T> + Send + 'static) -> T;

    /// The same, from a plain thread.
    fn from_thread<T: Send + 'static>(main: impl Future<Output = T> + Send + 'static) -> T {
        Self::block_on(main)
    }

    /// Runs something beside the workload; the future is its end.
    fn strand<T: Send + 'static>(
        work: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + Send;

    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send;

    /// Waits for one signal of an actor.
    fn signal(signals: &mut UnboundedReceiver<()>) -> impl Future<Output = ()> + Send;
}

/// Futures that never wait, but block, each strand on a thread of its own.
pub(crate) struct Threads;

impl Home for Threads {
    fn block_on<T: Send + 'static>(main: impl Future<Output = T> + Send + 'static) -> T {
        pollster::block_on(main)
    }

    fn strand<T: Send + 'static>(
        work: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + Send {
        let thread = std::thread::spawn(|| pollster::block_on(work));
        async { thread.join().expect("the strand panicked") }
    }

    async fn sleep(duration: Duration) {
        std::thread::sleep(duration);
    }

    async fn signal(signals: &mut UnboundedReceiver<()>) {
        signals.blocking_recv().expect("an actor signals");
    }
}

/// Tasks of tokio's runtime of many threads.
pub(crate) struct Tokio;

impl Home for Tokio {
    fn block_on<T: Send + 'static>(main: impl Future<Output = T> + Send + 'static) -> T {
        Self::from_thread(async { tokio::spawn(main).await.expect("the task panicked") })
    }

    fn from_thread<T: Send + 'static>(main: impl Future<Output = T> + Send + 'static) -> T {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("the runtime starts");
        let done = runtime.block_on(main);
        // What a peer has left behind must not hold up the process.
        runtime.shutdown_background();
        done
    }

    fn strand<T: Send + 'static>(
        work: impl Future<Output = T> + Send + 'static,
    ) -> impl Future<Output = T> + Send {
        let task = tokio::spawn(work);
        async { task.await.expect("the strand panicked") }
    }

    async fn sleep(duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    async fn signal(signals: &mut UnboundedReceiver<()>) {
        signals.recv().await.expect("an actor signals");
    }
}
