//! The options of `#[actor(..)]` and `#[message(..)]`.

use proc_macro2::{TokenStream, TokenTree};
use syn::ext::IdentExt as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, Expr, ExprLit, Ident, Lit, Meta, Path, Token, parenthesized};

use crate::inherit;
use crate::mistake::Mistakes;

/// The options of `#[actor(derive(A, b::C), mailbox = N, crate = path)]`.
#[derive(Default)]
pub(crate) struct ActorOptions {
    /// Derived on the message and the reply enum.
    pub(crate) derives: Option<Vec<Path>>,
    /// Replaces the default bound of the mailbox.
    pub(crate) mailbox: Option<Expr>,
    /// Where `actor_core` is found, if not under its own name.
    pub(crate) core: Option<Path>,
}

impl ActorOptions {
    /// Reads what stands between the parentheses. A faulty option is reported and passed over.
    pub(crate) fn parse(tokens: TokenStream, mistakes: &mut Mistakes) -> Self {
        let mut options = Self::default();
        for option in split_at_commas(tokens) {
            let read = |input: ParseStream<'_>| options.read(input);
            if let Err(error) = read.parse2(option) {
                mistakes.push(error);
            }
        }
        options
    }

    fn read(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let key = option_name(input, "derive(..)`, `mailbox = N` and `crate = path")?;
        match key.to_string().as_str() {
            "derive" => {
                if !input.peek(syn::token::Paren) {
                    return Err(Error::new(
                        key.span(),
                        "list what to derive: `derive(Clone, Debug)`",
                    ));
                }
                let list;
                parenthesized!(list in input);
                let paths = list.parse_terminated(Path::parse_mod_style, Token![,])?;
                set(&mut self.derives, paths.into_iter().collect(), &key)
            }
            "mailbox" => {
                value_follows(input, &key, "mailbox = 64")?;
                let bound: Expr = input.parse()?;
                check_mailbox(&bound)?;
                set(&mut self.mailbox, bound, &key)
            }
            "crate" => {
                value_follows(input, &key, "crate = path::to::actor_core")?;
                let path = input.call(Path::parse_mod_style).map_err(|error| {
                    Error::new(
                        error.span(),
                        "`crate` takes the path that actor_core has here, without quotes: \
                         `crate = path::to::actor_core`",
                    )
                })?;
                set(&mut self.core, path, &key)
            }
            other => Err(Error::new(
                key.span(),
                format!(
                    "`#[actor]` has no option `{other}`: \
                     there are `derive(..)`, `mailbox = N` and `crate = path`"
                ),
            )),
        }
    }
}

fn check_mailbox(bound: &Expr) -> syn::Result<()> {
    let Expr::Lit(ExprLit { lit, .. }) = bound else {
        return Ok(());
    };
    match lit {
        Lit::Int(number) if number.base10_digits() == "0" => Err(Error::new_spanned(
            bound,
            "a mailbox of 0 could accept nothing: use 1 or more",
        )),
        Lit::Int(_) => Ok(()),
        _ => Err(Error::new_spanned(
            bound,
            "the bound of a mailbox is a number of messages: `mailbox = 64`",
        )),
    }
}

/// How the return value of a method becomes the outcome of its message.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Mode {
    /// It is the reply.
    Reply,
    /// `#[message(fails)]`: an `Err` fails the actor.
    Fails,
    /// `#[message(later)]`: a promise, kept by whoever holds the `ReplyTo`.
    Later,
}

impl Mode {
    /// Reads all `#[message]` attributes of one method.
    pub(crate) fn parse(attributes: &[Attribute], mistakes: &mut Mistakes) -> Self {
        if let Some(second) = attributes.get(1) {
            mistakes.at(second, "a method has one `#[message]`: remove this one");
        }
        let mut mode = Self::Reply;
        for attribute in attributes {
            let words = match &attribute.meta {
                Meta::Path(_) => continue,
                Meta::List(list) => list.tokens.clone(),
                Meta::NameValue(_) => {
                    mistakes.at(
                        attribute,
                        "write `#[message(fails)]`, `#[message(later)]` or no attribute at all",
                    );
                    continue;
                }
            };
            for word in split_at_commas(words) {
                let read = |input: ParseStream<'_>| mode.read(input);
                if let Err(error) = read.parse2(word) {
                    mistakes.push(error);
                }
            }
        }
        mode
    }

    fn read(&mut self, input: ParseStream<'_>) -> syn::Result<()> {
        let key = option_name(input, "fails` and `later")?;
        let mode = match key.to_string().as_str() {
            "fails" => Self::Fails,
            "later" => Self::Later,
            other => {
                return Err(Error::new(
                    key.span(),
                    format!("`#[message]` has no option `{other}`: there are `fails` and `later`"),
                ));
            }
        };
        let words = match *self {
            Self::Reply => {
                *self = mode;
                return Ok(());
            }
            before if before == mode => format!("`{key}` is given already: remove this one"),
            _ => "`fails` and `later` exclude each other: keep `fails` for a `Result` that is \
                  known when the method returns, `later` for a `Later<T>`"
                .to_owned(),
        };
        Err(Error::new(key.span(), words))
    }
}

/// Whether this is `#[message]`, under whatever path it is named.
pub(crate) fn is_message(attribute: &Attribute) -> bool {
    is_message_path(attribute.path())
}

/// Whether a `#[cfg_attr(..)]` would apply `#[message]`.
pub(crate) fn is_conditional_message(attribute: &Attribute) -> bool {
    inherit::conditional(attribute)
        .is_some_and(|(_, applied)| applied.iter().any(|meta| is_message_path(meta.path())))
}

fn is_message_path(path: &Path) -> bool {
    path.segments
        .last()
        .is_some_and(|segment| segment.ident == "message")
}

fn option_name(input: ParseStream<'_>, known: &str) -> syn::Result<Ident> {
    Ident::parse_any(input).map_err(|error| {
        Error::new(
            error.span(),
            format!("expected an option: there are `{known}`"),
        )
    })
}

fn value_follows(input: ParseStream<'_>, key: &Ident, example: &str) -> syn::Result<()> {
    if input.peek(Token![=]) && !input.peek(Token![==]) {
        input.parse::<Token![=]>()?;
        if !input.is_empty() {
            return Ok(());
        }
    }
    Err(Error::new(
        key.span(),
        format!("`{key}` needs a value: `{example}`"),
    ))
}

fn set<T>(option: &mut Option<T>, value: T, key: &Ident) -> syn::Result<()> {
    if option.is_some() {
        return Err(Error::new(
            key.span(),
            format!("`{key}` is given already: remove one of the two"),
        ));
    }
    *option = Some(value);
    Ok(())
}

/// Each option on its own, so that a mistake in one does not hide those in the next.
fn split_at_commas(tokens: TokenStream) -> Vec<TokenStream> {
    let mut options = vec![TokenStream::new()];
    for token in tokens {
        match (&token, options.last_mut()) {
            (TokenTree::Punct(comma), _) if comma.as_char() == ',' => {
                options.push(TokenStream::new());
            }
            (_, Some(option)) => option.extend([token]),
            (_, None) => options.push(token.into()),
        }
    }
    options.retain(|option| !option.is_empty());
    options
}
