//! Every shape of method and of block that `#[actor]` takes, and what it makes of it.
//!
//! Methods are `pub` here to be carried over as such, not to be reached.

#![allow(unreachable_pub, clippy::non_minimal_cfg)]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::error::Error;
use std::fmt::{self, Debug, Display};
use std::sync::Arc;

use actor_core::prelude::*;
use actor_core::{Handler, Request};

type Outcome = Result<(), Box<dyn Error>>;

/// A lifecycle for an actor whose shape is all that matters.
macro_rules! starts_as {
    ($actor:ty, $value:expr) => {
        impl Actor for $actor {
            type Args = ();
            fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
                Ok($value)
            }
        }
    };
}

/// What a constructor has to be for `handle.port(..)` and `ctx.attach(..)`.
fn made_by<T, M>(constructor: impl Fn(T) -> M, value: T) -> M {
    constructor(value)
}

/// The reply that a request promises, as the compiler sees it.
fn promises<T>(_: &Request<'_, impl Protocol, T>) -> &'static str {
    std::any::type_name::<T>()
}

fn mailbox_of<A: Handler>() -> usize {
    <A::Message as Protocol>::MAILBOX
}

#[derive(Clone, Debug, PartialEq)]
struct Overdrawn;

impl Display for Overdrawn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("overdrawn")
    }
}

impl Error for Overdrawn {}

mod counter {
    use super::*;

    struct Counter {
        total: i64,
    }

    #[actor(derive(Clone, Debug, PartialEq), mailbox = 64)]
    impl Counter {
        /// Adds `by` and returns the new total.
        pub fn add(&mut self, by: i64) -> i64 {
            self.total += by;
            self.total
        }
        pub fn reset(&mut self) {
            self.total = 0;
        }
        pub fn take(&mut self, n: i64) -> Result<i64, Overdrawn> {
            if n > self.total {
                Err(Overdrawn)
            } else {
                Ok(self.add(-n))
            }
        }
        #[message(fails)]
        pub fn audit(&mut self, _ctx: &mut Context<Self>) -> Result<u8, Overdrawn> {
            if self.total < 0 {
                Err(Overdrawn)
            } else {
                Ok(1)
            }
        }
        #[message(later)]
        pub fn fetch(&mut self, ctx: &mut Context<Self>, url: String) -> Later<usize> {
            let (later, reply) = ctx.later();
            reply.send(url.len());
            later
        }
        #[message]
        pub fn total(&self) -> i64 {
            self.total
        }
    }

    starts_as!(Counter, Counter { total: 0 });

    #[test]
    fn every_kind_of_method_answers() -> Outcome {
        let system = System::new("kinds")?;
        let counter: CounterHandle = system.spawn::<Counter>(())?;
        assert_eq!(counter.add(5).ask()?, 5);
        assert_eq!(counter.take(9).ask()?, Err(Overdrawn));
        assert_eq!(counter.take(2).ask()?, Ok(3));
        assert_eq!(counter.audit().ask()?, 1);
        assert_eq!(counter.fetch("four".into()).ask()?, 4);
        assert_eq!(counter.total().ask()?, 3);
        counter.reset().ask()?;
        assert_eq!(counter.clone().total().ask()?, 0);
        Ok(())
    }

    #[test]
    fn an_err_of_a_method_that_fails_fails_the_actor() -> Outcome {
        let system = System::new("fails")?;
        let counter = system.spawn::<Counter>(())?;
        counter.add(-1).ask()?;
        let error = counter.audit().ask().expect_err("the audit fails");
        assert!(matches!(error, AskError::Failed { .. }), "{error:?}");
        Ok(())
    }

    #[test]
    fn messages_are_plain_data_with_derives() {
        let message = CounterMessage::Add { by: 5 };
        assert_eq!(message.clone(), CounterMessage::add(5));
        assert_eq!(format!("{message:?}"), "Add { by: 5 }");
        assert_eq!(CounterMessage::reset(), CounterMessage::Reset);
        assert_eq!(format!("{:?}", CounterReply::Add(5)), "Add(5)");
        assert_eq!(CounterReply::Reset(()).clone(), CounterReply::Reset(()));
        assert_eq!(
            CounterReply::Take(Err(Overdrawn)),
            CounterReply::Take(Err(Overdrawn))
        );
        assert_eq!(CounterReply::Audit(1), CounterReply::Audit(1));
        assert_eq!(CounterReply::Fetch(4), CounterReply::Fetch(4));
    }

    #[test]
    fn constructors_are_functions() {
        assert_eq!(
            made_by(CounterMessage::add, 5),
            CounterMessage::Add { by: 5 }
        );
        assert_eq!(
            made_by(CounterMessage::fetch, String::new()),
            CounterMessage::Fetch { url: String::new() }
        );
    }

    #[test]
    fn a_message_is_named_after_its_method() {
        let messages = [
            CounterMessage::add(1),
            CounterMessage::audit(),
            CounterMessage::total(),
        ];
        assert_eq!(
            messages.map(|message| message.name()),
            ["add", "audit", "total"]
        );
    }

    #[test]
    fn the_mailbox_is_as_said() {
        assert_eq!(mailbox_of::<Counter>(), 64);
        assert_eq!(mailbox_of::<super::silent::Silent>(), 1024);
    }

    #[test]
    fn methods_stay_methods() {
        let mut counter = Counter { total: 1 };
        assert_eq!((counter.add(1), counter.total()), (2, 2));
    }

    #[test]
    fn a_handle_is_shown_without_debug_on_messages() -> Outcome {
        let system = System::new("shown")?;
        let silent = system.spawn::<super::silent::Silent>(())?;
        assert!(!format!("{silent:?}").is_empty());
        Ok(())
    }
}

mod silent {
    use super::*;

    pub struct Silent;

    #[actor]
    impl Silent {}

    starts_as!(Silent, Silent);

    #[test]
    fn an_actor_may_have_no_messages() -> Outcome {
        let system = System::new("silent")?;
        let silent: SilentHandle = system.spawn::<Silent>(())?;
        silent.stop();
        silent.join();
        Ok(())
    }
}

mod visibility {
    /// Private, with a public protocol.
    struct Hidden;

    pub mod inner {
        use super::super::*;

        pub(super) struct Mixed;
        #[derive(Debug, PartialEq)]
        struct Secret(u8);

        #[actor]
        impl Mixed {
            pub(in super::super) fn near(&self) -> u8 {
                self.own(Secret(1)).0
            }
            pub(super) fn nearer(&self) -> u8 {
                2
            }
            fn own(&self, secret: Secret) -> Secret {
                secret
            }
        }

        starts_as!(Mixed, Mixed);

        #[test]
        fn a_private_message_may_carry_private_types() -> Outcome {
            let system = System::new("mixed")?;
            let mixed = system.spawn::<Mixed>(())?;
            assert_eq!(mixed.own(Secret(3)).ask()?, Secret(3));
            Ok(())
        }
    }

    use super::*;

    #[actor]
    impl Hidden {
        pub fn seen(&self) -> u8 {
            1
        }
    }

    starts_as!(Hidden, Hidden);

    pub fn spawn(system: &System) -> Result<HiddenHandle, Box<dyn Error>> {
        Ok(system.spawn::<Hidden>(())?)
    }

    pub fn spawn_mixed(system: &System) -> Result<inner::MixedHandle, Box<dyn Error>> {
        Ok(system.spawn::<inner::Mixed>(())?)
    }

    #[test]
    fn handles_travel_as_far_as_the_widest_method() -> Outcome {
        let system = System::new("visible")?;
        assert_eq!(spawn_mixed(&system)?.nearer().ask()?, 2);
        Ok(())
    }
}

#[test]
fn a_private_actor_has_a_public_handle() -> Outcome {
    let system = System::new("hidden")?;
    assert_eq!(visibility::spawn(&system)?.seen().ask()?, 1);
    assert_eq!(visibility::spawn_mixed(&system)?.near().ask()?, 1);
    Ok(())
}

mod arguments {
    use super::*;

    #[derive(Clone, Debug, Default, PartialEq)]
    struct Point {
        x: u8,
        y: u8,
    }

    struct Shapes;

    #[actor(derive(Clone, Debug, PartialEq))]
    impl Shapes {
        pub fn changed(&mut self, mut list: Vec<u8>) -> Vec<u8> {
            list.push(0);
            list
        }
        pub fn ignored(&mut self, _: u8, _named: u8) {}
        pub fn pattern(&mut self, Point { x, y }: Point, (a, b): (u8, u8)) -> u8 {
            x + y + a + b
        }
        pub fn bound(&mut self, whole @ Point { .. }: Point) -> Point {
            whole
        }
        pub fn clash(&mut self, arg2: u8, _: u8, _: u8) -> u8 {
            arg2
        }
        pub fn r#type(&mut self, r#fn: u8) -> u8 {
            r#fn
        }
        pub fn everything(&mut self, ctx: &mut Context<Self>, value: u8, reply: u8) -> String {
            format!("{value}{reply}{}", ctx.life())
        }
        #[allow(clippy::needless_arbitrary_self_type)]
        pub fn by_self(self: &mut Self, other: Box<Point>) -> Box<Point> {
            other
        }
        pub fn lasting(&self, text: &'static str) -> &'static str {
            text
        }
        pub fn list(&self, bytes: [u8; Self::LENGTH]) -> Option<[u8; Self::LENGTH]> {
            Some(bytes)
        }
    }

    impl Shapes {
        const LENGTH: usize = 2;
    }

    starts_as!(Shapes, Shapes);

    #[test]
    fn fields_are_named_after_what_the_arguments_bind() {
        let point = Point { x: 1, y: 2 };
        let messages = [
            (
                ShapesMessage::Changed { list: vec![] },
                ShapesMessage::changed(vec![]),
            ),
            (
                ShapesMessage::Ignored { arg1: 1, _named: 2 },
                ShapesMessage::ignored(1, 2),
            ),
            (
                ShapesMessage::Pattern {
                    arg1: point.clone(),
                    arg2: (3, 4),
                },
                ShapesMessage::pattern(point.clone(), (3, 4)),
            ),
            (
                ShapesMessage::Bound {
                    whole: point.clone(),
                },
                ShapesMessage::bound(point),
            ),
            (
                ShapesMessage::Clash {
                    arg2: 1,
                    arg2_: 2,
                    arg3: 3,
                },
                ShapesMessage::clash(1, 2, 3),
            ),
            (ShapesMessage::Type { r#fn: 1 }, ShapesMessage::r#type(1)),
            (
                ShapesMessage::Everything { value: 1, reply: 2 },
                ShapesMessage::everything(1, 2),
            ),
        ];
        for (written, made) in messages {
            assert_eq!(written, made);
        }
        assert_eq!(ShapesMessage::r#type(1).name(), "type");
    }

    #[test]
    fn arguments_reach_the_method_in_their_places() -> Outcome {
        let system = System::new("arguments")?;
        let shapes = system.spawn::<Shapes>(())?;
        assert_eq!(shapes.changed(vec![1]).ask()?, [1, 0]);
        shapes.ignored(1, 2).ask()?;
        assert_eq!(shapes.pattern(Point { x: 1, y: 2 }, (3, 4)).ask()?, 10);
        assert_eq!(
            shapes.bound(Point { x: 1, y: 2 }).ask()?,
            Point { x: 1, y: 2 }
        );
        assert_eq!(shapes.clash(1, 2, 3).ask()?, 1);
        assert_eq!(shapes.r#type(7).ask()?, 7);
        assert!(shapes.everything(1, 2).ask()?.starts_with("12"));
        assert_eq!(shapes.by_self(Box::default()).ask()?, Box::default());
        assert_eq!(shapes.lasting("text").ask()?, "text");
        assert_eq!(shapes.list([1, 2]).ask()?, Some([1, 2]));
        Ok(())
    }
}

mod borrowed_calls {
    use super::*;

    type Borrowing = Box<dyn for<'a> Fn(&'a str) -> &'a str + Send>;

    struct Caller;

    #[actor]
    impl Caller {
        #[allow(clippy::type_complexity)]
        pub fn boxed(&self, f: Box<dyn for<'a> Fn(&'a str) -> &'a str + Send>) -> String {
            f(" boxed ").to_owned()
        }
        pub fn plain(&self, f: fn(&str) -> &str) -> String {
            f(" plain ").to_owned()
        }
        pub fn answered(&self) -> Borrowing {
            Box::new(str::trim_end)
        }
    }

    starts_as!(Caller, Caller);

    #[test]
    fn functions_of_borrows_borrow_nothing_themselves() -> Outcome {
        let system = System::new("calls")?;
        let caller = system.spawn::<Caller>(())?;
        assert_eq!(caller.boxed(Box::new(str::trim)).ask()?, "boxed");
        assert_eq!(caller.plain(str::trim_start).ask()?, "plain ");
        assert_eq!(caller.answered().ask()?(" answered "), " answered");
        Ok(())
    }
}

mod aliases {
    use super::*;

    type Told<T> = Result<T, Overdrawn>;
    type Promise = Later<u8>;
    type Ctx<A> = Context<A>;

    struct Aliased;

    #[actor]
    impl Aliased {
        pub fn plain(&self, fail: bool) -> Told<u8> {
            if fail { Err(Overdrawn) } else { Ok(1) }
        }
        #[message(fails)]
        pub fn failing(&self, _: &mut Ctx<Self>) -> Told<u8> {
            Ok(2)
        }
        #[message(later)]
        pub fn promised(&self, ctx: &mut actor_core::Context<Self>) -> Promise {
            let (promise, reply) = ctx.later();
            reply.send(3);
            promise
        }
        #[message(fails)]
        pub fn texts(&self) -> Result<(), &'static str> {
            Ok(())
        }
        #[actor_core::message(fails)]
        pub fn anything(&self) -> Result<u8, Failure> {
            Ok("4".parse()?)
        }
        pub fn never(&self, value: Option<Infallible>) -> Option<Infallible> {
            value
        }
    }

    starts_as!(Aliased, Aliased);

    #[test]
    fn no_type_is_known_by_its_name() -> Outcome {
        let system = System::new("aliases")?;
        let aliased = system.spawn::<Aliased>(())?;
        assert_eq!(aliased.plain(true).ask()?, Err(Overdrawn));
        assert_eq!(aliased.failing().ask()?, 2);
        assert_eq!(aliased.promised().ask()?, 3);
        aliased.texts().ask()?;
        assert_eq!(aliased.anything().ask()?, 4);
        assert_eq!(aliased.never(None).ask()?, None);
        assert_eq!(promises(&aliased.plain(true)), promises_of::<Told<u8>>());
        assert_eq!(promises(&aliased.failing()), promises_of::<u8>());
        assert_eq!(promises(&aliased.promised()), promises_of::<u8>());
        Ok(())
    }

    fn promises_of<T>() -> &'static str {
        std::any::type_name::<T>()
    }
}

mod generics {
    use super::*;

    struct Store<K, V, const N: usize>
    where
        K: Ord,
    {
        values: BTreeMap<K, [V; N]>,
    }

    #[actor(derive(Clone, Debug))]
    impl<K: Ord + Clone + Debug, V, const N: usize> Store<K, V, N>
    where
        V: Clone + Debug + PartialEq,
        (K, V): Clone,
    {
        pub fn put(&mut self, key: K, value: [V; N]) -> bool {
            self.values.insert(key, value).is_none()
        }
        pub fn keys(&self) -> Vec<K> {
            self.values.keys().cloned().collect()
        }
        pub fn first(&self, of: Vec<K>) -> Option<V> {
            of.first()
                .and_then(|key| self.values.get(key)?.first().cloned())
        }
        pub fn count(&self) -> usize {
            self.values.len()
        }
    }

    impl<K, V, const N: usize> Actor for Store<K, V, N>
    where
        K: Ord + Clone + Debug + Send + 'static,
        V: Clone + Debug + PartialEq + Send + 'static,
    {
        type Args = ();
        fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
            Ok(Store {
                values: BTreeMap::new(),
            })
        }
    }

    #[test]
    fn types_and_constants_of_the_block_are_those_of_the_protocol() -> Outcome {
        let system = System::new("store")?;
        let store: StoreHandle<String, u8, 2> = system.spawn::<Store<String, u8, 2>>(())?;
        assert!(store.put("a".into(), [1, 2]).ask()?);
        assert_eq!(store.keys().ask()?, ["a"]);
        assert_eq!(store.first(vec!["a".into()]).ask()?, Some(1));
        assert_eq!(store.count().ask()?, 1);
        Ok(())
    }

    #[test]
    fn an_enum_takes_the_parameters_that_its_variants_mention() {
        let message: StoreMessage<u8, u16, 1> = StoreMessage::first(vec![1]);
        assert_eq!(format!("{message:?}"), "First { of: [1] }");
        let reply: StoreReply<u8, u16> = StoreReply::First(Some(1));
        assert_eq!(format!("{reply:?}"), "First(Some(1))");
    }

    struct Source<T, E>(Option<T>, Option<E>);

    // Neither parameter is in a message; `E` is nowhere.
    #[actor(derive(Clone, Debug))]
    impl<T: Clone, E: Display> Source<T, E> {
        pub fn get(&self) -> Option<T> {
            self.0.clone()
        }
        pub fn why(&self) -> Option<String> {
            self.1.as_ref().map(E::to_string)
        }
    }

    impl<T: Clone + From<u8> + Send + 'static, E: Display + 'static> Actor for Source<T, E> {
        type Args = ();
        fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
            Ok(Source(Some(T::from(7)), None))
        }
    }

    #[test]
    fn a_parameter_may_be_in_a_reply_alone_or_nowhere() -> Outcome {
        let system = System::new("source")?;
        let source: SourceHandle<u64> = system.spawn::<Source<u64, fmt::Error>>(())?;
        assert_eq!(source.get().ask()?, Some(7));
        assert_eq!(source.why().ask()?, None);
        let message: SourceMessage<u64> = SourceMessage::Get;
        assert_eq!(
            (message.clone().name(), format!("{message:?}")),
            ("get", "Get".into())
        );
        Ok(())
    }

    /// What an actor works on; neither it nor what it makes of a job need be `Send`.
    trait Backend: 'static {
        type Job: Send + 'static;
        type Done: Send + 'static;
        fn new() -> Self;
        fn run(&mut self, job: Self::Job) -> Self::Done;
    }

    struct Doubler(std::rc::Rc<u8>);

    impl Backend for Doubler {
        type Job = u8;
        type Done = u16;
        fn new() -> Self {
            Doubler(std::rc::Rc::new(2))
        }
        fn run(&mut self, job: u8) -> u16 {
            u16::from(job) * u16::from(*self.0)
        }
    }

    struct Worker<B>(B);

    #[actor]
    impl<B: Backend> Worker<B> {
        pub fn run(&mut self, job: B::Job) -> B::Done {
            self.0.run(job)
        }
        #[message(fails)]
        pub fn try_run(&mut self, job: <B as Backend>::Job) -> Result<B::Done, Infallible> {
            Ok(self.0.run(job))
        }
        #[message(later)]
        pub fn run_later(&mut self, ctx: &mut Context<Self>, job: B::Job) -> Later<Vec<B::Done>> {
            let (later, reply) = ctx.later();
            reply.send(vec![self.0.run(job)]);
            later
        }
    }

    impl<B: Backend> Actor for Worker<B> {
        type Args = ();
        fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
            Ok(Worker(B::new()))
        }
    }

    #[test]
    fn a_parameter_that_is_only_projected_from_need_not_be_send() -> Outcome {
        let system = System::new("worker")?;
        let worker = system.spawn::<Worker<Doubler>>(())?;
        assert_eq!(worker.run(21).ask()?, 42);
        assert_eq!(worker.try_run(21).ask()?, 42);
        assert_eq!(worker.run_later(21).ask()?, [42]);
        Ok(())
    }

    struct Pipe<I, O>(std::marker::PhantomData<(I, O)>);

    #[actor]
    impl<I, O> Pipe<I, O>
    where
        I: Iterator<Item = O>,
        I::Item: Send + 'static,
    {
        pub fn push(&mut self, item: I::Item) {
            drop(item);
        }
    }

    impl<I: Iterator<Item = O> + 'static, O: Send + 'static> Actor for Pipe<I, O> {
        type Args = ();
        fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
            Ok(Pipe(std::marker::PhantomData))
        }
    }

    #[test]
    fn a_projection_takes_along_what_its_bounds_mention() -> Outcome {
        let system = System::new("pipe")?;
        system
            .spawn::<Pipe<std::vec::IntoIter<u8>, u8>>(())?
            .push(1)
            .ask()?;
        Ok(())
    }

    struct Shared<T: ?Sized>(Option<Arc<T>>);

    #[actor]
    impl<T: ?Sized + Sync> Shared<T> {
        pub fn set(&mut self, value: Arc<T>) -> Option<Arc<T>> {
            self.0.replace(value)
        }
        pub fn get(&self) -> Option<Arc<T>> {
            self.0.clone()
        }
    }

    impl<T: ?Sized + Send + Sync + 'static> Actor for Shared<T> {
        type Args = ();
        fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
            Ok(Shared(None))
        }
    }

    #[test]
    fn a_parameter_may_be_unsized() -> Outcome {
        let system = System::new("shared")?;
        let shared = system.spawn::<Shared<str>>(())?;
        assert_eq!(shared.set("one".into()).ask()?, None);
        assert_eq!(shared.get().ask()?.as_deref(), Some("one"));
        Ok(())
    }

    struct Both<A, B>(A, B);

    #[actor]
    impl Both<u8, String> {
        #[allow(clippy::type_complexity)]
        pub fn merge(&mut self, other: Self) -> Result<Self, Box<Both<u8, String>>> {
            if self.0 == other.0 {
                Ok(other)
            } else {
                Err(Box::new(other))
            }
        }
    }

    starts_as!(Both<u8, String>, Both(1, "one".into()));

    #[test]
    fn self_means_the_actor_and_its_arguments_may_be_definite() -> Outcome {
        let system = System::new("both")?;
        let both = system.spawn::<Both<u8, String>>(())?;
        assert!(both.merge(Both(1, String::new())).ask()?.is_ok());
        assert_eq!(
            both.merge(Both(2, "x".into()))
                .ask()?
                .map_err(|b| b.1)
                .err(),
            Some("x".into())
        );
        Ok(())
    }
}

mod conditions {
    use super::*;

    struct Conditional<T>(T);

    /// Is not there, and a message that takes one is not either.
    #[cfg(any())]
    struct Missing;

    #[actor(derive(Clone, Debug))]
    impl<T: Clone> Conditional<T> {
        #[cfg(all())]
        pub fn on(&self, value: u8) -> u8 {
            value
        }
        #[cfg(any())]
        pub fn off(&self, missing: Missing, never: T) -> Missing {
            missing
        }
        #[cfg(any())]
        #[message(fails)]
        pub fn off_too(&self) -> Result<Missing, Missing> {
            Err(Missing)
        }
        #[cfg(all())]
        pub fn either(&self) -> u8 {
            1
        }
        #[cfg(any())]
        pub fn either(&self) -> Missing {
            Missing
        }
        #[cfg_attr(all(), cfg(any()))]
        pub fn indirect(&self) -> Missing {
            Missing
        }
    }

    impl Actor for Conditional<u8> {
        type Args = ();
        fn start(_: &mut Context<Self>, (): &()) -> Result<Self, Failure> {
            Ok(Conditional(1))
        }
    }

    #[actor]
    #[cfg(any())]
    impl Missing {
        pub fn nothing(&self) {}
    }

    #[test]
    fn a_method_that_is_left_out_is_no_message() -> Outcome {
        let system = System::new("conditions")?;
        let conditional = system.spawn::<Conditional<u8>>(())?;
        assert_eq!(conditional.on(3).ask()?, 3);
        assert_eq!(conditional.either().ask()?, 1);
        match ConditionalMessage::<u8>::on(3) {
            ConditionalMessage::On { value } => assert_eq!(value, 3),
            ConditionalMessage::Either => unreachable!(),
            ConditionalMessage::__Phantom(never, _) => match never {},
        }
        Ok(())
    }
}

mod attributes {
    use super::*;

    struct Old;

    #[actor]
    #[cfg(all())]
    impl Old {
        #![allow(clippy::too_many_arguments)]

        #[deprecated = "use `new_way`"]
        pub fn old_way(&self) -> u8 {
            1
        }
        #[doc(hidden)]
        #[must_use]
        #[inline]
        pub fn new_way(&self) -> u8 {
            2
        }
        #[cfg_attr(all(), deprecated, doc = "Conditionally documented.")]
        pub fn older_way(&self) -> u8 {
            3
        }
        #[allow(non_snake_case, unused_variables)]
        pub fn spelledBadly(&self, Alpha: u8, b: u8, c: u8, d: u8, e: u8, f: u8, g: u8) {}
    }

    starts_as!(Old, Old);

    #[test]
    #[expect(deprecated)]
    fn deprecation_is_for_callers() -> Outcome {
        let system = System::new("old")?;
        let old = system.spawn::<Old>(())?;
        assert_eq!(old.old_way().ask()?, 1);
        assert_eq!(old.older_way().ask()?, 3);
        assert_eq!(OldMessage::old_way().name(), "old_way");
        Ok(())
    }

    #[test]
    fn deprecation_is_not_for_variants() -> Outcome {
        let system = System::new("new")?;
        let old = system.spawn::<Old>(())?;
        assert_eq!(old.new_way().ask()?, 2);
        assert!(matches!(OldMessage::OldWay, OldMessage::OldWay));
        Ok(())
    }
}

mod from_macros {
    use super::*;

    macro_rules! accumulator {
        ($name:ident($of:ty), $visibility:vis fn $method:ident($by:ident)) => {
            struct $name($of);

            #[actor]
            impl $name {
                $visibility fn $method(&mut self, $by: $of, by: u8) -> $of {
                    self.0 += $by + <$of>::from(by);
                    self.0
                }
                $visibility fn both(&mut self, ctx: &mut Context<Self>, value: Vec<$of>) -> usize {
                    let _ = ctx.id();
                    value.len()
                }
            }

            starts_as!($name, $name(0));
        };
    }

    accumulator!(Wide(u64), pub fn add(by));
    accumulator!(Narrow(u16), fn push(value));

    #[test]
    fn a_block_may_come_from_a_macro() -> Outcome {
        let system = System::new("macros")?;
        let (wide, narrow) = (system.spawn::<Wide>(())?, system.spawn::<Narrow>(())?);
        assert_eq!(wide.add(40, 2).ask()?, 42);
        assert_eq!(narrow.push(40, 2).ask()?, 42);
        assert_eq!(narrow.both(vec![]).ask()?, 0);
        assert_eq!(WideMessage::Add { by: 1, by_: 2 }.name(), "add");
        Ok(())
    }
}
