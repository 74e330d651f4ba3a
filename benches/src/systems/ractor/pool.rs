//! ractor's factory as a pool.

use ractor::concurrency::oneshot;
use ractor::factory::queues::DefaultQueue;
use ractor::factory::routing::QueuerRouting;
use ractor::factory::{
    Factory, FactoryArguments, FactoryMessage, Job, JobOptions, Worker, WorkerBuilder, WorkerId,
};
use ractor::{Actor, ActorProcessingErr, ActorRef, RpcReplyPort};

use super::Ractor;
use crate::systems::Pooling;
use crate::work::Task;

pub(super) struct Asked(Task, RpcReplyPort<u64>);

struct Runner;

impl Worker for Runner {
    type Key = ();
    type Message = Asked;
    type State = ();
    type Arguments = ();

    async fn pre_start(
        &self,
        _: WorkerId,
        _: &ActorRef<FactoryMessage<(), Asked>>,
        _: (),
    ) -> Result<(), ActorProcessingErr> {
        Ok(())
    }

    async fn handle(
        &self,
        _: WorkerId,
        _: &ActorRef<FactoryMessage<(), Asked>>,
        job: Job<(), Asked>,
        _: &mut (),
    ) -> Result<(), ActorProcessingErr> {
        let Asked(task, reply) = job.msg;
        Ok(reply.send(task.run())?)
    }
}

struct Runners;

impl WorkerBuilder<Runner, ()> for Runners {
    fn build(&mut self, _: WorkerId) -> (Runner, ()) {
        (Runner, ())
    }
}

type Queue = DefaultQueue<(), Asked>;
type Pool = Factory<(), Asked, (), Runner, QueuerRouting<(), Asked>, Queue>;

impl Pooling for Ractor {
    type Pool = ActorRef<FactoryMessage<(), Asked>>;

    async fn pool(&self, workers: usize) -> Self::Pool {
        let arguments = FactoryArguments::builder()
            .num_initial_workers(workers)
            .queue(Queue::default())
            .router(QueuerRouting::default())
            .worker_builder(Box::new(Runners) as Box<dyn WorkerBuilder<Runner, ()>>)
            .build();
        Actor::spawn(None, Pool::default(), arguments)
            .await
            .expect("it starts")
            .0
    }

    async fn run(pool: &Self::Pool, task: Task) -> u64 {
        dispatch(pool, task).await.expect("it is done")
    }

    async fn run_all(pool: &Self::Pool, tasks: Vec<Task>) -> u64 {
        let pending: Vec<_> = tasks.into_iter().map(|task| dispatch(pool, task)).collect();
        let mut sum = 0;
        for one in pending {
            sum += one.await.expect("it is done");
        }
        sum
    }
}

fn dispatch(
    pool: &ActorRef<FactoryMessage<(), Asked>>,
    task: Task,
) -> ractor::concurrency::OneshotReceiver<u64> {
    let (reply, answer) = oneshot();
    let job = Job {
        key: (),
        msg: Asked(task, reply.into()),
        options: JobOptions::default(),
        accepted: None,
    };
    pool.cast(FactoryMessage::Dispatch(job)).expect("it lives");
    answer
}
