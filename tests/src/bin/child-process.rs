//! What tests of whole processes run, one job each: `child-process JOB NUMBER..`.

use std::hint::black_box;
use std::process::ExitCode;
use std::time::Duration;

use actor_core::prelude::*;
use actor_core::{MessagePort, SpawnErrorKind};

type Outcome = Result<(), Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let outcome = match words[..] {
        ["leave"] => leave(),
        ["spawn", number, stack] => spawn(parsed(number), parsed(stack)),
        ["dig", stack, depth] => dig(parsed(stack), parsed(depth)),
        ["return", milliseconds] => return_from_main(Duration::from_millis(parsed(milliseconds))),
        _ => Err("no such job".into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{words:?}: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parsed<T: std::str::FromStr<Err: std::fmt::Debug>>(number: &str) -> T {
    number.parse().expect("a number")
}

/// Does what it is told, which is not much.
struct Worker(Option<WorkerHandle>);

#[actor]
impl Worker {
    fn echo(&self, n: usize) -> usize {
        n
    }
    fn exit(&mut self, ctx: &mut Context<Self>, code: i32) {
        ctx.exit(code);
    }
    /// Goes down until it is so deep, with a kilobyte at each step, and says where it is.
    fn dig(&self, depth: u64) -> u64 {
        dig_from(1, depth)
    }
    /// Never returns.
    fn spin(&self, begun: MessagePort<(), ()>) {
        begun.post(()).ok();
        loop {
            std::hint::spin_loop();
        }
    }
    fn child(&self) -> Option<WorkerHandle> {
        self.0.clone()
    }
}

impl Actor for Worker {
    /// Whether it has a child.
    type Args = bool;

    fn start(ctx: &mut Context<Self>, is_parent: &bool) -> Result<Self, Failure> {
        let child = is_parent.then(|| ctx.spawn::<Worker>(false)).transpose()?;
        Ok(Worker(child))
    }
}

fn dig_from(depth: u64, to: u64) -> u64 {
    let ballast = black_box([0_u8; 1024]);
    println!("{depth}");
    match depth == to {
        true => depth,
        false => dig_from(depth + 1, to) + u64::from(ballast[0]),
    }
}

/// A parent and a child exit by themselves, with codes that are no success.
fn leave() -> Outcome {
    let system = System::new("leaving")?;
    let parent = system.spawn::<Worker>(true)?;
    let child = parent.child().ask()?.ok_or("no child")?;
    child.exit(4).tell()?;
    child.join();
    parent.exit(3).tell()?;
    match parent.join().code() {
        3 => Ok(()),
        code => Err(format!("it ended with {code}"))?,
    }
}

/// Starts so many, of which some may get no thread; those that did, work.
fn spawn(number: usize, stack: usize) -> Outcome {
    let system = System::new("many")?;
    let mut started = Vec::new();
    for _ in 0..number {
        match system.spec::<Worker>(false).stack_size(stack).spawn() {
            Ok(worker) => started.push(worker),
            Err(error) if matches!(error.kind(), SpawnErrorKind::Thread(_)) => {}
            Err(error) => Err(error)?,
        }
    }
    for (n, worker) in started.iter().enumerate() {
        if worker.echo(n).ask()? != n {
            Err("a wrong answer")?;
        }
    }
    if system.snapshot().actors.len() != started.len() {
        Err("something is left of those that did not start")?;
    }
    println!("{} of {number} started", started.len());
    system.shutdown()?;
    Ok(())
}

fn dig(stack: usize, depth: u64) -> Outcome {
    let system = System::new("digging")?;
    let digger = system.spec::<Worker>(false).stack_size(stack).spawn()?;
    match digger.dig(depth).ask()? == depth {
        true => Ok(()),
        false => Err("a wrong answer")?,
    }
}

/// Leaves `main` while ten handlers run that never return.
fn return_from_main(bound: Duration) -> Outcome {
    let system = System::builder("returning")
        .shutdown_timeout(bound)
        .build()?;
    for _ in 0..10 {
        let MessageChannel { port1, port2 } = MessageChannel::new();
        system.spawn::<Worker>(false)?.spin(port1).tell()?;
        port2.recv()?;
    }
    println!("ten are busy");
    Ok(())
}
