//! The `#[actor]` attribute of `actor_core`: an impl block becomes a typed protocol.
//!
//! Use it through `actor_core`, which re-exports both attributes; [`actor`] says what it makes.
//!
//! The way through this crate: `ast` reads the block as it is written and `attr` its options,
//! `valid` reports every mistake in it and makes a `message` of each method that has none, and
//! `expand` turns the messages into items. Beside errors stands what `fallback` can save.

mod ast;
mod attr;
mod expand;
mod fallback;
mod generics;
mod inherit;
mod message;
mod mistake;
mod place;
mod show;
mod types;
mod valid;
mod visibility;

use proc_macro2::TokenStream;
use quote::{ToTokens as _, quote};
use syn::Visibility;

use crate::ast::Block;
use crate::attr::ActorOptions;
use crate::expand::Expansion;
use crate::mistake::Mistakes;

/// Makes an actor's messages out of the methods of an impl block.
///
/// ```
/// use actor_core::prelude::*;
/// # pub type Page = String;
/// # #[derive(Clone, Debug)]
/// # pub struct Overdrawn;
///
/// /// Counts things.
/// pub struct Counter { total: i64 }
///
/// #[actor(derive(Clone, Debug))]
/// impl Counter {
///     /// Adds `by` and returns the new total.
///     pub fn add(&mut self, by: i64) -> i64 { self.total += by; self.total }
///
///     /// Forgets the total.
///     pub fn reset(&mut self) { self.total = 0 }
///
///     /// An `Err` is the reply, the asker's to look at.
///     pub fn take(&mut self, n: i64) -> Result<i64, Overdrawn> {
///         if n > self.total { return Err(Overdrawn) }
///         self.total -= n;
///         Ok(self.total)
///     }
///
///     /// An `Err` fails the actor: its supervisor decides what happens.
///     #[message(fails)]
///     pub fn audit(&mut self, ctx: &mut Context<Self>) -> Result<(), Failure> {
///         if self.total < 0 { Err(format!("{} has a negative total", ctx.name()))? }
///         Ok(())
///     }
///
///     /// Answered after the method has returned, by whoever holds the `ReplyTo`.
///     #[message(later)]
///     pub fn fetch(&mut self, ctx: &mut Context<Self>, url: String) -> Later<Page> {
///         let (later, reply) = ctx.later();
///         std::thread::spawn(move || reply.send(format!("the page at {url}")));
///         later
///     }
/// }
///
/// impl Actor for Counter {
///     type Args = i64;
///     fn start(_ctx: &mut Context<Self>, from: &i64) -> Result<Self, Failure> {
///         Ok(Counter { total: *from })
///     }
/// }
///
/// let system = System::new("demo")?;
/// let counter = system.spawn::<Counter>(2)?;
/// assert_eq!(counter.add(3).ask()?, 5);
/// assert_eq!(counter.fetch("/".into()).ask()?, "the page at /");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # What it makes
///
/// - The block itself, unchanged. The methods can be called like any others.
/// - `CounterMessage`, an enum with a variant for each method and a field for each argument:
///   `Add { by: i64 }`, `Reset` .. It has a constructor for each variant, `CounterMessage::add(by)`.
/// - `CounterReply`, an enum of what the methods return: `Add(i64)`, `Reset(())` ..
/// - `CounterHandle`, which sends them: `counter.add(5).ask()?`. It dereferences to
///   `ActorRef<CounterMessage>`.
/// - The impls of `Protocol` and `Handler` that `impl Actor for Counter` rests on.
///
/// The enums and the handle are as visible as the most visible method, and each method of the
/// handle is as visible as the method that it stands for. A `pub` actor therefore needs a `pub`
/// method, unless it has no methods at all. Documentation, `#[cfg]` and `#[deprecated]` are carried
/// over; `#[cfg]` and `#[allow]` below `#[actor]` hold for everything it makes.
///
/// # What a method may be
///
/// It takes `&mut self` or `&self`, then, if it wants, the context as a `&mut` reference, then
/// arguments that are owned and `Send`. Helpers, constructors, generic and `async` methods belong in
/// an ordinary impl block beside this one. Type and const parameters of the block are fine: each enum
/// takes those that its variants mention, and what messages carry has to be `Send + 'static`.
///
/// # Options
///
/// - `derive(Clone, Debug, ..)` derives on both enums.
/// - `mailbox = 64` bounds how many messages wait, in place of the default.
/// - `crate = path` says where `actor_core` is found, where it is not under its own name.
///
/// # Looking at the result
///
/// With `ACTOR_EXPAND=1` in its environment the compiler prints what every `#[actor]` makes;
/// `ACTOR_EXPAND=Counter` does so for one actor.
#[proc_macro_attribute]
pub fn actor(
    options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    let mut mistakes = Mistakes::default();
    let items = expand(options.into(), item.into(), &mut mistakes);
    let errors = mistakes.into_compile_errors();
    quote!(#(#items)* #errors).into()
}

fn expand(options: TokenStream, item: TokenStream, mistakes: &mut Mistakes) -> Vec<TokenStream> {
    let options = ActorOptions::parse(options, mistakes);
    let block = match Block::parse(item.clone()) {
        Ok(block) => block,
        Err(error) => {
            mistakes.push(fallback::unreadable(&item, error));
            return vec![item];
        }
    };
    let mut items = vec![block.to_token_stream()];
    let Some(actor) = valid::actor_name(&block, mistakes) else {
        return items;
    };
    let head = fallback::without_lifetimes(&block.head);
    let messages = valid::messages(&block, &head.self_ty, mistakes);
    let visibility = visibility::widest(block.methods().map(|method| &method.visibility));
    let visibility = visibility.unwrap_or_else(|| Visibility::Public(Default::default()));
    items.extend(Expansion::new(&actor, &head, &options, &messages, visibility).items());
    show::if_asked(&actor, &items);
    items
}

/// Says what becomes of a method's `Result` or `Later`, in an `#[actor]` block.
///
/// - `#[message(fails)]`: the method returns a `Result`, and an `Err` fails the actor. An asker gets
///   the value, or hears of the failure.
/// - `#[message(later)]`: the method returns a `Later<T>`, and the asker waits until the `ReplyTo`
///   that belongs to it is answered.
///
/// Without it, what a method returns is the reply. `#[actor]` reads the attribute and removes it;
/// anywhere else it is an error.
#[proc_macro_attribute]
pub fn message(
    _options: proc_macro::TokenStream,
    item: proc_macro::TokenStream,
) -> proc_macro::TokenStream {
    let error = fallback::message_alone().into_compile_error();
    let item = TokenStream::from(item);
    quote!(#error #item).into()
}
