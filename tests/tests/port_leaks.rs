//! What many rounds of locks, broadcasts and waits leave. A process of its own: it measures its memory.

use std::time::Duration;

use actor_core::MessageChannel;
use actor_core::prelude::*;
use actor_tests::on_threads;

struct Churn;

#[actor]
impl Churn {
    fn lock(&self, ctx: &mut Context<Self>, rounds: usize) {
        for n in 0..rounds {
            let name = format!("lock {n}");
            drop(ctx.system().lock(&name).acquire().unwrap());
        }
    }
    fn listen(&self, ctx: &mut Context<Self>, rounds: usize) {
        for n in 0..rounds {
            let name = format!("news {n}");
            drop(ctx.system().broadcast::<u64>(&name).unwrap());
        }
    }
    fn attach(&self, ctx: &mut Context<Self>, rounds: usize) {
        let channel = MessageChannel::<(), u64>::new();
        for _ in 0..rounds {
            let attachment = ctx.attach(&channel.port1, ChurnMessage::number).unwrap();
            assert!(ctx.detach(attachment));
        }
    }
    fn number(&self, _n: u64) {}
}

impl Actor for Churn {
    type Args = ();
    fn start(_ctx: &mut Context<Self>, _args: &()) -> Result<Self, Failure> {
        Ok(Churn)
    }
}

/// In bytes.
fn resident() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: usize = pages.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// Fails if `rounds` grow the memory by more than 10 bytes each.
fn leaves_nothing(what: &str, rounds: usize, run: impl Fn(usize)) {
    run(rounds / 10);
    let before = resident();
    run(rounds);
    let grown = resident().saturating_sub(before);
    assert!(grown < 10 * rounds + (1 << 18), "{what}: {grown} bytes");
}

#[test]
fn many_rounds_leave_nothing() {
    on_threads(|system| {
        let churn = system.spawn::<Churn>(()).unwrap();
        leaves_nothing("locks", 100_000, |rounds| {
            churn.lock(rounds).ask().unwrap();
        });
        leaves_nothing("broadcasts", 100_000, |rounds| {
            churn.listen(rounds).ask().unwrap();
        });
        leaves_nothing("leases", 100_000, |rounds| {
            churn.attach(rounds).ask().unwrap();
        });
        let MessageChannel { port1, port2 } = MessageChannel::<u64, u64>::bounded(1);
        port1.post(0).unwrap();
        leaves_nothing("threads that wait in vain", 20_000, |rounds| {
            for _ in 0..rounds {
                std::thread::scope(|scope| {
                    scope.spawn(|| {
                        assert!(port1.post_timeout(1, Duration::ZERO).is_err());
                        assert!(port1.recv_timeout(Duration::ZERO).is_err());
                    });
                });
            }
        });
        assert_eq!(port2.recv(), Ok(0));
    });
}
