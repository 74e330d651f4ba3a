//! Whether the books balance: what the tokens say, and what the library says.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use actor_core::{ActorState, DeadLetterCause, Pool};

use super::account::{Account, Kind, Tally};
use super::happened::Happened;
use super::round::End;
use super::subject::Subject;
use super::target::Target;
use super::world::World;

/// Checks everything, after the end of the system; what became of all tokens.
pub(super) fn audit(world: &Arc<World>, happened: &Happened, end: End) -> Tally {
    let books = &world.books;
    let mut all = world.ports_account.total(|_| true);
    let mut lost = world.ports_account.lost();
    let (mut unclear, mut untold) = (0, 0);
    let targets = world.targets.read().expect("nobody panics with it");
    for target in targets.iter() {
        all += target.account.total(|_| true);
        lost += target.account.lost();
        unclear += target.account.unclear();
        check_end(world, target, happened);
        if end != End::Quiet {
            untold += untold_letters(target, happened);
        }
        if !target.is_pool {
            check_actor(world, target, happened, end);
        }
    }
    for (target, pool) in world.pools.read().expect("nobody panics with it").iter() {
        check_pool(world, &target.account, pool);
    }
    let (open, made) = (books.open_tokens(), books.tokens());
    if open > 0 {
        books.fault(format!("{open} of {made} tokens are not gone"));
    } else if all.sum() != made {
        books.fault(format!(
            "{made} tokens were made, and {all} are {}",
            all.sum()
        ));
    }
    let slack = happened.missed + happened.left_behind + unclear + untold;
    if lost.abs_diff(happened.dead_letters) > slack {
        books.fault(format!(
            "{lost} messages were lost, and {} events told of dead letters ({} missed, {} lives \
             left behind)",
            happened.dead_letters, happened.missed, happened.left_behind
        ));
    }
    let values = [
        ("states", world.states.load(Ordering::Relaxed)),
        ("arguments", world.arguments.load(Ordering::Relaxed)),
        ("holders of the world", Arc::strong_count(world) - 1),
    ];
    for (what, left) in values.into_iter().filter(|(_, left)| *left > 0) {
        books.fault(format!("{left} {what} were not dropped"));
    }
    all
}

/// Nobody runs, and nothing waits.
fn check_end(world: &World, target: &Target, happened: &Happened) {
    let end = target.handle.snapshot();
    if end.state != ActorState::Ended || end.mailbox != 0 {
        let last = happened.of(target.handle.id()).last;
        let told = format!("after the end of the system: {end}; the last of it: {last:?}");
        world.books.fault(told);
    }
}

/// The events end with the system. Who goes on then declares actors that never run, and their letters
/// are told to nobody.
fn untold_letters(target: &Target, happened: &Happened) -> u64 {
    let end = target.handle.snapshot();
    if end.life > 0 {
        return 0;
    }
    let dead: u64 = end.dead_letters.values().sum();
    dead.saturating_sub(happened.of(target.handle.id()).dead_letters)
}

fn check_actor(world: &World, target: &Target, happened: &Happened, end_of_all: End) {
    let (end, account) = (target.handle.snapshot(), &target.account);
    let events = happened.of(target.handle.id());
    let all = account.total(|_| true);
    let dead: u64 = end.dead_letters.values().sum();
    let (handled, lost) = (all.handled + account.bare(), account.lost());
    // A handler that was left behind may come to its end, or not.
    let slack = events.left_behind + happened.missed.min(1) * end.life + account.unclear();
    let differs = handled.abs_diff(end.handled) > slack || lost.abs_diff(dead) > slack;
    if differs || (handled + lost).abs_diff(end.handled + dead) > slack {
        world.books.fault(format!(
            "{}: by its tokens {handled} were handled and {lost} lost ({}), by the library {} and \
             {dead}: {end}, {:?}, {} lives left behind",
            account.name(),
            kinds(account),
            end.handled,
            end.dead_letters,
            events.left_behind
        ));
    }
    if happened.missed > 0 {
        return;
    }
    let untold = match end_of_all {
        End::Quiet => 0,
        End::Busy | End::FromInside => untold_letters(target, happened),
    };
    if events.dead_letters + untold != dead {
        let told = events.dead_letters;
        world
            .books
            .fault(format!("{told} dead letters were told of: {end}"));
    }
    if events.exited != end.life {
        let told = events.exited;
        world
            .books
            .fault(format!("{told} exits were told of: {end}"));
    }
}

/// Each task that a pool accepted was settled once.
fn check_pool(world: &World, account: &Account, pool: &Pool<Subject>) {
    let (end, stats) = (pool.snapshot(), pool.stats());
    let tasks = account.total(Kind::is_queued);
    let accepted = tasks.sum() - tasks.returned;
    let dead = |cause| end.dead_letters.get(&cause).copied().unwrap_or(0);
    let refused = dead(DeadLetterCause::Stopped) + dead(DeadLetterCause::Overflow);
    let run = stats.completed + stats.failed + stats.cancelled + stats.timed_out;
    if (run + refused).abs_diff(accepted) > account.unclear() {
        world.books.fault(format!(
            "{}: by its tokens {accepted} tasks were accepted ({}), and by the pool {} settled: \
             {end}, {:?}\n{stats}",
            account.name(),
            kinds(account),
            run + refused,
            end.dead_letters
        ));
    }
    if stats.workers + stats.busy + stats.queued > 0 {
        world
            .books
            .fault(format!("after its end, {}:\n{stats}", account.name()));
    }
}

/// What there is of each kind.
fn kinds(account: &Account) -> String {
    let of = |kind: Kind| {
        (account.of(kind).sum() > 0).then(|| format!("{kind:?}: {}", account.of(kind)))
    };
    let all: Vec<String> = super::account::KINDS.into_iter().filter_map(of).collect();
    all.join("; ")
}
