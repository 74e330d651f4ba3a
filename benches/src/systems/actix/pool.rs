//! A `SyncArbiter` as a pool.

use actix::{Actor, Addr, Handler, Message, SyncArbiter, SyncContext};

use super::Actix;
use crate::systems::Pooling;
use crate::work::Task;

pub(super) struct Worker;

impl Actor for Worker {
    type Context = SyncContext<Self>;
}

pub(super) struct Run(Task);

impl Message for Run {
    type Result = u64;
}

impl Handler<Run> for Worker {
    type Result = u64;

    fn handle(&mut self, Run(task): Run, _: &mut SyncContext<Self>) -> u64 {
        task.run()
    }
}

impl Pooling for Actix<false> {
    type Pool = Addr<Worker>;

    async fn pool(&self, workers: usize) -> Addr<Worker> {
        SyncArbiter::start(workers, || Worker)
    }

    async fn run(pool: &Addr<Worker>, task: Task) -> u64 {
        pool.send(Run(task)).await.expect("it lives")
    }

    async fn run_all(pool: &Addr<Worker>, tasks: Vec<Task>) -> u64 {
        let pending: Vec<_> = tasks.into_iter().map(|task| pool.send(Run(task))).collect();
        let mut sum = 0;
        for one in pending {
            sum += one.await.expect("it lives");
        }
        sum
    }
}
