//! A first actor: initial data, a message each way, an error, an exit code.
//!
//! ```text
//! cargo run --bin hello             # ends with exit code 0
//! cargo run --bin hello -- ""       # the worker fails, and the exit code is 1
//! ```

use std::process::ExitCode;

use actor_core::prelude::*;

/// What the worker starts with.
#[derive(Debug)]
struct InitialData {
    value: u32,
    text: &'static str,
}

/// Lives on a thread of its own and processes text there.
struct Worker {
    processed: u32,
}

#[actor]
impl Worker {
    /// Does some work and returns the result. An empty message fails the worker.
    #[message(fails)]
    fn process(&mut self, message: String) -> Result<String, EmptyMessage> {
        println!("Worker received message: {message:?}");
        if message.is_empty() {
            return Err(EmptyMessage);
        }
        self.processed += 1;
        Ok(format!("Worker processed: {}", message.to_uppercase()))
    }

    /// Ends the worker.
    fn finish(&mut self, ctx: &mut Context<Self>) {
        println!("Worker is done, messages processed: {}", self.processed);
        ctx.exit(0);
    }
}

impl Actor for Worker {
    type Args = InitialData;

    fn start(_ctx: &mut Context<Self>, initial: &InitialData) -> Result<Self, Failure> {
        let InitialData { value, text } = initial;
        println!("Worker received initial data: {value}, {text:?}");
        Ok(Worker { processed: 0 })
    }
}

#[derive(Debug, thiserror::Error)]
#[error("there is nothing to process in an empty message")]
struct EmptyMessage;

fn main() -> Result<ExitCode, Failure> {
    let first = std::env::args().nth(1);
    let message = first.unwrap_or("Hello from main thread!".into());

    let system = System::new("hello")?;
    let worker = system.spawn::<Worker>(InitialData {
        value: 42,
        text: "Hello from main thread",
    })?;
    match worker.process(message).ask() {
        Ok(result) => {
            println!("Main thread received: {result}");
            worker.finish().tell()?;
        }
        Err(error) => eprintln!("Worker error: {error}"),
    }
    let code = worker.join().code();
    match code {
        0 => println!("Worker completed successfully"),
        _ => println!("Worker stopped with exit code {code}"),
    }
    Ok(ExitCode::from(u8::try_from(code)?))
}
