//! One message: what a valid method contributes to the generated items.

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt as _;
use syn::{Attribute, FnArg, Pat, PatType, ReturnType, Type, Visibility};

use crate::ast::Method;
use crate::attr::Mode;
use crate::inherit;
use crate::types::{SelfIs, is_mutable_reference};

/// A method as a message.
pub(crate) struct Message<'a> {
    /// The method's name.
    pub(crate) method: &'a Ident,
    /// The method's attributes without `#[message]`.
    pub(crate) attributes: &'a [Attribute],
    /// The method's visibility.
    pub(crate) visibility: &'a Visibility,
    /// The variant of the message enum and of the reply enum.
    pub(crate) variant: Ident,
    /// What happens to the return value.
    pub(crate) mode: Mode,
    /// The type of the context argument, where the method takes one.
    pub(crate) context: Option<&'a Type>,
    /// What the message carries.
    pub(crate) arguments: Vec<Argument>,
    /// The return type, if one is written.
    pub(crate) output: Option<Type>,
}

/// A value that a message carries.
pub(crate) struct Argument {
    /// The name of the variant's field, and of the parameter that fills it.
    pub(crate) name: Ident,
    /// The name in generated patterns, which no constant of the user's can capture.
    pub(crate) binding: Ident,
    /// Its type, without `Self`.
    pub(crate) ty: Type,
}

impl<'a> Message<'a> {
    /// The message of a method in which there is no mistake.
    pub(crate) fn new(method: &'a Method, mode: Mode, actor: &Type) -> Self {
        let name = &method.signature.ident;
        let (context, carried) = split_arguments(method);
        let mut arguments: Vec<Argument> = Vec::with_capacity(carried.len());
        for (position, argument) in (1..).zip(carried) {
            let name = free_name(field_name(&argument.pat, position), &arguments);
            arguments.push(Argument {
                name,
                binding: Ident::new(&format!("__arg{position}"), Span::mixed_site()),
                ty: SelfIs(actor).in_type(&argument.ty),
            });
        }
        Self {
            method: name,
            attributes: &method.attributes,
            visibility: &method.visibility,
            variant: variant_name(name),
            mode,
            context: context.map(|argument| &*argument.ty),
            arguments,
            output: match &method.signature.output {
                ReturnType::Default => None,
                ReturnType::Type(_, ty) => Some(SelfIs(actor).in_type(ty)),
            },
        }
    }

    /// The return type, if the reply is projected from it.
    pub(crate) fn projection(&self) -> Option<&Type> {
        self.output.as_ref().filter(|_| self.mode != Mode::Reply)
    }

    /// The message's name as text.
    pub(crate) fn name(&self) -> String {
        self.method.unraw().to_string()
    }

    /// The method's name for a generated function: it is found where the method is, but lints
    /// about its spelling concern the method alone.
    pub(crate) fn function(&self) -> Ident {
        generated_at(self.method)
    }

    /// The conditions under which the method exists.
    pub(crate) fn conditions(&self) -> Vec<Attribute> {
        inherit::named(self.attributes, &["cfg"])
    }

    /// Whether the method exists under some conditions only.
    pub(crate) fn is_conditional(&self) -> bool {
        !self.conditions().is_empty()
    }
}

/// The context, if the method takes one, and the arguments that the message carries.
pub(crate) fn split_arguments(method: &Method) -> (Option<&PatType>, Vec<&PatType>) {
    let mut typed = method
        .signature
        .inputs
        .iter()
        .filter_map(|input| match input {
            FnArg::Receiver(_) => None,
            FnArg::Typed(argument) => Some(argument),
        })
        .peekable();
    let context = typed.next_if(|first| is_mutable_reference(&first.ty));
    (context, typed.collect())
}

/// The method's name in UpperCamelCase.
pub(crate) fn variant_name(method: &Ident) -> Ident {
    let mut name = String::new();
    for word in method.unraw().to_string().split('_') {
        let mut letters = word.chars();
        name.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        name.push_str(letters.as_str());
    }
    // What is left of `_1`, `__` or `self_` is no identifier by itself.
    if name == "Self" || syn::parse_str::<Ident>(&name).is_err() {
        name = format!("Message{name}");
    }
    let mut variant = Ident::new(&name, Span::mixed_site());
    variant.set_span(generated_at(method).span());
    variant
}

/// The same name at the same place, but as a name that the macro made.
pub(crate) fn generated_at(name: &Ident) -> Ident {
    let mut generated = name.clone();
    generated.set_span(Span::mixed_site().located_at(name.span()));
    generated
}

/// What the argument binds, or `arg1` for a pattern that is no plain name.
fn field_name(pattern: &Pat, position: usize) -> Ident {
    match pattern {
        Pat::Ident(binding) => generated_at(&binding.ident),
        _ => Ident::new(&format!("arg{position}"), Span::mixed_site()),
    }
}

/// The name, with underscores added for as long as an argument before has the same.
fn free_name(mut name: Ident, taken: &[Argument]) -> Ident {
    while taken.iter().any(|argument| argument.name == name) {
        name = Ident::new(&format!("{}_", name.unraw()), name.span());
    }
    name
}
