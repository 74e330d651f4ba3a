//! What `#[actor]` makes depends on nothing around it: no prelude, no name in scope, no lint level.

#![no_implicit_prelude]
#![deny(
    warnings,
    missing_docs,
    missing_copy_implementations,
    missing_debug_implementations,
    unreachable_pub,
    unnameable_types,
    private_bounds,
    private_interfaces,
    unused_qualifications,
    unused_results,
    unused_lifetimes,
    single_use_lifetimes,
    elided_lifetimes_in_paths,
    explicit_outlives_requirements,
    trivial_casts,
    let_underscore_drop,
    variant_size_differences,
    redundant_lifetimes,
    rust_2018_idioms,
    rust_2021_compatibility,
    rust_2024_compatibility,
    nonstandard_style,
    future_incompatible,
    unused,
    clippy::all,
    clippy::pedantic,
    clippy::nursery,
    clippy::exhaustive_enums,
    clippy::exhaustive_structs
)]
#![allow(
    clippy::missing_const_for_fn,
    clippy::needless_pass_by_ref_mut,
    clippy::needless_pass_by_value,
    clippy::redundant_pub_crate,
    clippy::too_many_arguments,
    clippy::type_complexity,
    clippy::wrong_self_convention,
    reason = "they find fault with the methods and the traps below, as they are written"
)]
#![forbid(unsafe_code)]

use ::std::prelude::v1::{Err, Ok, test};
use ::std::{assert, assert_eq};

type Outcome = ::std::result::Result<(), ::std::boxed::Box<dyn ::std::error::Error>>;

macro_rules! starts_as {
    ($actor:ty, $value:expr) => {
        impl ::actor_core::Actor for $actor {
            type Args = ();
            fn start(
                _: &mut ::actor_core::Context<Self>,
                (): &(),
            ) -> ::std::result::Result<Self, ::actor_core::Failure> {
                Ok($value)
            }
        }
    };
}

/// An actor that the whole world may use.
pub mod public {
    use ::std::prelude::v1::Ok;

    /// Counts.
    #[derive(Debug)]
    #[non_exhaustive]
    pub struct Public {
        pub(crate) total: i64,
    }

    #[::actor_core::actor(derive(Clone, Debug))]
    impl Public {
        #[expect(missing_docs, reason = "the generated items document themselves")]
        pub fn add(&mut self, by: i64) -> i64 {
            self.total += by;
            self.total
        }
        /// Fails.
        ///
        /// # Errors
        /// Without a total.
        #[::actor_core::message(fails)]
        pub fn fail(
            &self,
            _context: &mut ::actor_core::Context<Self>,
        ) -> ::std::result::Result<i64, ::std::fmt::Error> {
            Ok(self.total)
        }
        /// Answers later.
        #[::actor_core::message(later)]
        pub fn later(
            &self,
            context: &mut ::actor_core::Context<Self>,
            answer: ::std::string::String,
        ) -> ::actor_core::Later<::std::vec::Vec<::std::string::String>> {
            let (later, reply) = context.later();
            reply.send(::std::vec![answer]);
            later
        }
    }

    /// Has messages that cannot be shown.
    #[derive(Clone, Copy, Debug)]
    #[non_exhaustive]
    pub struct Opaque;

    #[::actor_core::actor(mailbox = 8)]
    impl Opaque {
        /// Takes what has no `Debug` and much room.
        #[allow(clippy::unused_self)]
        pub fn take(
            &self,
            bytes: [u8; 4096],
            done: ::std::boxed::Box<dyn ::std::ops::Fn(u8) + ::std::marker::Send>,
        ) {
            done(bytes[0]);
        }
    }
}

starts_as!(public::Public, public::Public { total: 0 });
starts_as!(public::Opaque, public::Opaque);

#[test]
fn it_needs_no_prelude() -> Outcome {
    let system = ::actor_core::System::new("bare")?;
    let actor: public::PublicHandle = system.spawn::<public::Public>(())?;
    assert_eq!(actor.add(2).ask()?, 2);
    assert_eq!(actor.fail().ask()?, 2);
    assert_eq!(actor.later(::std::string::String::new()).ask()?, [""]);
    Ok(())
}

/// Names that the expansion uses, or could use, mean something else here.
mod shadowed {
    #![allow(
        dead_code,
        unused_macros,
        non_camel_case_types,
        non_upper_case_globals,
        missing_docs
    )]

    use super::{Err, Outcome, assert_eq, test};

    pub(crate) mod actor_core {}
    mod core {}
    mod std {}
    mod alloc {}

    struct Option;
    struct Some;
    struct None;
    struct Result;
    struct PhantomData;
    struct Infallible;
    struct String;
    struct str;
    struct usize;
    trait Send {}
    trait Sync {}
    trait Clone {
        fn clone(&self) {}
    }
    impl<T> Clone for T {}
    trait Debug {}
    trait From<T> {
        fn from(_: T) {}
    }
    impl<T, U> From<U> for T {}
    trait Deref {
        type Target;
    }
    trait Drop {}
    trait Fn {}
    trait Into {
        fn into(&self) {}
        fn into_result(&self) {}
        fn into_later(&self) {}
    }
    impl<T> Into for T {}
    trait Protocol {}
    trait Handler {}
    trait Actor {}
    trait Argument {}
    trait Answer {}
    trait Fallible {}
    struct ActorRef;
    struct Request;
    struct Context;
    struct Handled;
    struct Unasked;

    const value: u8 = 0;
    const by: u8 = 0;
    const later: u8 = 0;
    const failure: u8 = 0;
    static self_: u8 = 0;
    static actor: u8 = 0;
    static formatter: u8 = 0;
    fn assert_actor() {}
    macro_rules! assert {
        () => {};
    }
    macro_rules! matches {
        () => {};
    }

    struct Shadowed(u8);

    #[::actor_core::actor(derive(::std::clone::Clone, ::std::fmt::Debug))]
    impl Shadowed {
        fn every(
            &mut self,
            ctx: &mut ::actor_core::Context<Self>,
            message: u8,
            reply: u8,
            target: u8,
            this: u8,
            request: u8,
            __value: u8,
            __message: u8,
            __ctx: u8,
            __arg1: u8,
            handle: u8,
        ) -> u8 {
            let _life = ctx.life();
            self.0 = message + reply + target + this + request;
            self.0 + __value + __message + __ctx + __arg1 + handle
        }
        #[::actor_core::message(fails)]
        fn some(&self) -> ::std::result::Result<::std::option::Option<u8>, ::std::fmt::Error> {
            if self.0 == 0 {
                Err(::std::fmt::Error)
            } else {
                ::std::result::Result::Ok(::std::option::Option::Some(self.0))
            }
        }
        #[::actor_core::message(later)]
        fn none(&self, ctx: &mut ::actor_core::Context<Self>) -> ::actor_core::Later<u8> {
            let (promise, reply) = ctx.later();
            reply.send(self.0);
            promise
        }
        fn ok(&self, ok: ::std::result::Result<u8, u8>) -> ::std::result::Result<u8, u8> {
            let _ = self.0;
            ok
        }
        fn fmt(&self, f: u8) -> u8 {
            self.0 + f
        }
        fn deref(&self) -> u8 {
            self.0
        }
        fn from(&self, from: u8) -> u8 {
            self.0 + from
        }
        fn handle(&self) -> u8 {
            self.0
        }
    }

    impl ::actor_core::Actor for Shadowed {
        type Args = ();
        fn start(
            _: &mut ::actor_core::Context<Self>,
            (): &(),
        ) -> ::std::result::Result<Self, ::actor_core::Failure> {
            ::std::result::Result::Ok(Self(0))
        }
    }

    #[test]
    fn names_in_scope_are_not_seen() -> Outcome {
        let system = ::actor_core::System::new("shadowed")?;
        let shadowed = system.spawn::<Shadowed>(())?;
        let sum = shadowed.every(1, 1, 1, 1, 1, 1, 1, 1, 1, 1).ask()?;
        assert_eq!(sum, 10);
        assert_eq!(shadowed.some().ask()?, ::std::option::Option::Some(5));
        assert_eq!(shadowed.none().ask()?, 5);
        assert_eq!(shadowed.ok(Err(3)).ask()?, Err(3));
        assert_eq!(shadowed.fmt(1).ask()?, 6);
        assert_eq!(shadowed.deref().ask()?, 5);
        assert_eq!(shadowed.from(2).ask()?, 7);
        assert_eq!(shadowed.handle().ask()?, 5);
        ::std::assert!(!::std::format!("{shadowed:?}").is_empty());
        ::std::result::Result::Ok(())
    }
}

/// `actor_core` under another name.
mod renamed {
    use super::{Ok, Outcome, assert_eq, test};

    mod engine {
        pub(crate) use ::actor_core as machinery;
    }

    struct Renamed;

    #[engine::machinery::actor(crate = engine::machinery)]
    impl Renamed {
        #[engine::machinery::message]
        #[allow(clippy::unused_self)]
        fn echo(&self, text: &'static str) -> &'static str {
            text
        }
    }

    #[engine::machinery::actor(crate = crate::renamed::engine::machinery, mailbox = SIZE)]
    impl Again {
        #[allow(clippy::unused_self)]
        fn again(&self) {}
    }

    struct Again;
    const SIZE: usize = 3;

    starts_as!(Renamed, Renamed);
    starts_as!(Again, Again);

    #[test]
    fn the_crate_may_have_another_name() -> Outcome {
        let system = engine::machinery::System::new("renamed")?;
        assert_eq!(system.spawn::<Renamed>(())?.echo("text").ask()?, "text");
        system.spawn::<Again>(())?.again().ask()?;
        Ok(())
    }
}

#[test]
fn it_works_inside_a_function() -> Outcome {
    struct Local<T>(T);
    struct Payload(u8);

    #[::actor_core::actor]
    impl<T: ::std::clone::Clone> Local<T> {
        pub(crate) fn get(&self, payload: Payload) -> (T, u8) {
            (self.0.clone(), payload.0)
        }
    }
    starts_as!(Local<u8>, Local(1));

    let system = ::actor_core::System::new("local")?;
    let local: LocalHandle<u8> = system.spawn::<Local<u8>>(())?;
    assert_eq!(local.get(Payload(2)).ask()?, (1, 2));
    assert!(local.is_alive());
    Ok(())
}
