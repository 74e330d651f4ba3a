//! What a method must be to be a message.

use syn::ext::IdentExt as _;
use syn::{Attribute, FnArg, PatType, Receiver, ReceiverKind, ReturnType, Safety, Signature, Type};

use crate::ast::Method;
use crate::attr::Mode;
use crate::message::split_arguments;
use crate::mistake::Mistakes;
use crate::types::{borrowed_part, impl_trait_part, is_mutable_reference, ungrouped};

/// Names that a handle has already, and what they do there.
const RESERVED: &[(&str, &str)] = &[
    ("id", "gives the actor's id"),
    ("name", "gives the actor's name"),
    ("stop", "stops the actor"),
    ("drain", "stops the actor once its queue is empty"),
    ("terminate", "ends the actor abnormally"),
    ("join", "waits for the actor's end"),
    ("join_timeout", "waits for the actor's end for so long"),
    ("terminate_on_drop", "ends the actor with a scope"),
    ("is_alive", "tells whether the actor has ended"),
    ("snapshot", "shows what the actor is doing"),
    ("monitor", "watches for the actor's end"),
    ("port", "makes an outlet into the mailbox"),
    ("clone", "makes another handle"),
];

/// Reports everything that keeps the method from being a message.
pub(super) fn check(method: &Method, mode: Mode, mistakes: &mut Mistakes) {
    for attribute in &method.conditional_message {
        mistakes.at(
            attribute,
            "`#[actor]` cannot know whether this condition holds: write the method twice, \
             each with its `#[cfg(..)]` and its `#[message(..)]`",
        );
    }
    check_name(&method.signature, mistakes);
    check_qualifiers(&method.signature, mistakes);
    match method.signature.receiver() {
        Some(receiver) => check_receiver(receiver, mistakes),
        None => mistakes.at(
            &method.signature.ident,
            format!(
                "`{}` takes no `self`, so it is no message: \
                 move it to an ordinary impl block, without `#[actor]`",
                method.signature.ident,
            ),
        ),
    }
    check_argument_attributes(&method.signature, mistakes);
    let (context, arguments) = split_arguments(method);
    for (position, argument) in arguments.into_iter().enumerate() {
        let place = match (&context, position) {
            (Some(_), _) => Place::AfterContext,
            (None, 0) => Place::First,
            (None, _) => Place::Later,
        };
        check_argument(argument, place, mistakes);
    }
    if let ReturnType::Type(_, output) = &method.signature.output {
        check_owned(output, "a reply", false, mistakes);
    } else if mode != Mode::Reply
        && let Some(attribute) = method.message.first()
    {
        mistakes.at(
            attribute,
            "this method returns nothing: `fails` is for one that returns a `Result`, \
             `later` for one that returns a `Later<T>`",
        );
    }
}

fn check_name(signature: &Signature, mistakes: &mut Mistakes) {
    let name = signature.ident.unraw();
    if let Some((_, does)) = RESERVED.iter().find(|(reserved, _)| name == reserved) {
        mistakes.at(
            &signature.ident,
            format!("every handle has `{name}`, which {does}: give this message another name"),
        );
    }
}

fn check_qualifiers(signature: &Signature, mistakes: &mut Mistakes) {
    if let Some(constness) = &signature.constness {
        mistakes.at(
            constness,
            "a message is handled at run time: remove `const`, \
             or move the method to an ordinary impl block",
        );
    }
    if let Some(asyncness) = &signature.asyncness {
        mistakes.at(
            asyncness,
            "an actor has a thread of its own, where a handler may block: remove `async`; \
             to answer after the handler has returned, use `#[message(later)]`",
        );
    }
    match &signature.safety {
        Safety::Default => {}
        Safety::Safe(token) => mistakes.at(token, "remove `safe`: every message is safe"),
        Safety::Unsafe(token) => mistakes.at(
            token,
            "whoever sends a message cannot promise what `unsafe` asks for: remove `unsafe`, \
             or move the method to an ordinary impl block",
        ),
    }
    if let Some(abi) = &signature.abi {
        mistakes.at(
            abi,
            "a message is called from Rust alone: remove `extern`, \
             or move the method to an ordinary impl block",
        );
    }
    if let Some(variadic) = &signature.variadic {
        mistakes.at(
            variadic.dots,
            "a message carries what its method names: list the arguments, or take a `Vec`",
        );
    }
    if !signature.generics.params.is_empty() {
        mistakes.at(
            &signature.generics,
            "a message has one definite type, so its method cannot be generic: \
             use definite types, or make these parameters of the impl block",
        );
    } else if let Some(clause) = &signature.generics.where_clause
        && !clause.predicates.is_empty()
    {
        mistakes.at(
            clause,
            "what a message demands of the actor's parameters holds for all of its messages: \
             move this `where` clause to the impl block",
        );
    }
}

fn check_receiver(receiver: &Receiver, mistakes: &mut Mistakes) {
    let borrows = match &receiver.kind {
        // Any other lifetime is declared somewhere, and a mistake there.
        ReceiverKind::Reference(_, Some(lifetime), _) => lifetime.ident != "static",
        ReceiverKind::Reference(..) => true,
        ReceiverKind::Typed(_, ty) => matches!(ungrouped(ty), Type::Reference(_)),
        _ => false,
    };
    if !borrows {
        mistakes.at(
            receiver,
            "a message borrows the actor while it is handled: write `&mut self` or `&self`",
        );
    }
}

fn check_argument_attributes(signature: &Signature, mistakes: &mut Mistakes) {
    for input in &signature.inputs {
        let attributes: &[Attribute] = match input {
            FnArg::Receiver(receiver) => &receiver.attrs,
            FnArg::Typed(argument) => &argument.attrs,
        };
        for attribute in attributes {
            mistakes.at(
                attribute,
                "an attribute on an argument would not reach the message: put it on the method \
                 (a method may be written twice, each with its own `#[cfg(..)]`)",
            );
        }
    }
}

/// Where an argument stands that a message is to carry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Where the context could stand.
    First,
    /// Further back, where there is no context.
    Later,
    /// Behind the context.
    AfterContext,
}

fn check_argument(argument: &PatType, place: Place, mistakes: &mut Mistakes) {
    let ty = &*argument.ty;
    if !is_mutable_reference(ty) {
        check_owned(ty, "a message", place == Place::First, mistakes);
    } else if place == Place::AfterContext {
        mistakes.at(
            ty,
            "there is one context, and a message cannot carry a borrow: \
             take this by value, or remove it",
        );
    } else {
        mistakes.at(
            ty,
            "the context comes first: move this argument right after `self`",
        );
    }
}

fn check_owned(ty: &Type, what: &str, may_be_context: bool, mistakes: &mut Mistakes) {
    if let Some(borrowed) = borrowed_part(ty) {
        let instead = instead_of(ty, may_be_context);
        mistakes.at(
            borrowed,
            format!("{what} goes to another thread and cannot carry a borrow: {instead}"),
        );
    }
    if let Some(part) = impl_trait_part(ty) {
        mistakes.at(
            part,
            format!(
                "{what} has one definite type: name it, \
                 or use `Box<dyn ..>` with `Send` among its bounds"
            ),
        );
    }
}

/// What to take in place of a borrowed type.
fn instead_of(ty: &Type, may_be_context: bool) -> &'static str {
    let Type::Reference(reference) = ungrouped(ty) else {
        return "own the data, or share it in an `Arc`";
    };
    match ungrouped(&reference.elem) {
        Type::Path(path) if path.path.is_ident("str") => "use `String`, or `Arc<str>`",
        Type::Slice(_) => "use a `Vec`, or an `Arc` of the slice",
        _ if may_be_context => {
            "take the value itself, or share it in an `Arc`; \
             if this is the context, take it as `&mut`"
        }
        _ => "take the value itself, or share it in an `Arc`",
    }
}
