//! What a block must be to be a protocol. Every mistake is reported, at its own token, with what to do.

mod method;

use std::collections::HashMap;

use syn::{GenericParam, Ident, ImplItem, Type};

use crate::ast::{Block, Item, Method};
use crate::attr::Mode;
use crate::inherit;
use crate::message::{Message, variant_name};
use crate::mistake::Mistakes;
use crate::types::{borrowed_part, ungrouped};

/// The name that generated names begin with, if the block is an inherent impl of a named type.
pub(crate) fn actor_name(block: &Block, mistakes: &mut Mistakes) -> Option<Ident> {
    if let Some((implemented, _)) = &block.head.trait_ {
        mistakes.at(
            implemented,
            "`#[actor]` goes on the impl block whose methods are the messages: \
             move it from this trait's impl to `impl YourActor { .. }`",
        );
        return None;
    }
    let named = match ungrouped(&block.head.self_ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    };
    let Some(named) = named else {
        mistakes.at(
            &block.head.self_ty,
            "an actor is a named type, after which its handle is called: \
             write `impl YourActor { .. }` for a struct or an enum",
        );
        return None;
    };
    Some(named.ident.clone())
}

/// Reports what is wrong, and gives the messages of the methods in which nothing is.
pub(crate) fn messages<'a>(
    block: &'a Block,
    actor: &Type,
    mistakes: &mut Mistakes,
) -> Vec<Message<'a>> {
    check_lifetimes(block, mistakes);
    check_other_items(block, mistakes);
    let mut variants = HashMap::new();
    let mut messages = Vec::new();
    for method in block.methods() {
        let before = mistakes.count();
        let mode = Mode::parse(&method.message, mistakes);
        method::check(method, mode, mistakes);
        let is_new = check_variant(method, &mut variants, mistakes);
        if is_new && mistakes.count() == before {
            messages.push(Message::new(method, mode, actor));
        }
    }
    messages
}

fn check_lifetimes(block: &Block, mistakes: &mut Mistakes) {
    let words = "an actor lives as long as its thread, so it cannot borrow: remove this lifetime \
                 and own the data, or share it in an `Arc`";
    let mut declared = false;
    for parameter in &block.head.generics.params {
        if let GenericParam::Lifetime(lifetime) = parameter {
            declared = true;
            mistakes.at(lifetime, words);
        }
    }
    if !declared && let Some(borrowed) = borrowed_part(&block.head.self_ty) {
        mistakes.at(borrowed, words);
    }
}

fn check_other_items(block: &Block, mistakes: &mut Mistakes) {
    let elsewhere = "move it to an ordinary impl block, without `#[actor]`";
    for item in &block.items {
        match item {
            Item::Method(_) => {}
            Item::Unreadable(_, error) => mistakes.push(error.clone()),
            Item::Other(ImplItem::Const(constant)) => mistakes.at(
                &constant.ident,
                format!("a constant is no message: {elsewhere}"),
            ),
            Item::Other(ImplItem::Type(alias)) => {
                mistakes.at(&alias.ident, format!("a type is no message: {elsewhere}"));
            }
            Item::Other(ImplItem::Macro(call)) => mistakes.at(
                &call.mac.path,
                format!("`#[actor]` cannot see the methods that a macro makes: {elsewhere}"),
            ),
            Item::Other(other) => mistakes.at(other, format!("this is no message: {elsewhere}")),
        }
    }
}

/// Whether the method's variant is new; methods of the same name that exclude each other by
/// `#[cfg]` are each other's stand-ins, and without `#[cfg]` the compiler itself objects to them.
fn check_variant<'a>(
    method: &'a Method,
    variants: &mut HashMap<Ident, &'a Method>,
    mistakes: &mut Mistakes,
) -> bool {
    let name = &method.signature.ident;
    let Some(first) = variants.insert(variant_name(name), method) else {
        return true;
    };
    let conditional = |method: &Method| !inherit::named(&method.attributes, &["cfg"]).is_empty();
    if conditional(first) && conditional(method) {
        return true;
    }
    if first.signature.ident != *name {
        mistakes.at(
            name,
            format!(
                "`{}` and `{name}` would both be the variant `{}`: rename one of them",
                first.signature.ident,
                variant_name(name),
            ),
        );
    }
    false
}
