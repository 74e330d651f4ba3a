//! The items that a valid block expands to.

mod checks;
mod enums;
mod handle;
mod handler;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::{Attribute, Generics, ItemImpl, Type, Visibility};

use crate::attr::{ActorOptions, Mode};
use crate::generics::{self, Held, Parameters};
use crate::inherit;
use crate::message::{Message, generated_at};
use crate::place::{at, ends};
use crate::types::SelfIs;

/// Everything that the generated items are made from.
pub(crate) struct Expansion<'a> {
    head: &'a ItemImpl,
    options: &'a ActorOptions,
    messages: &'a [Message<'a>],
    visibility: Visibility,
    actor: String,
    message: Enum<'a>,
    reply: Enum<'a>,
    handle: Ident,
    private: TokenStream,
}

/// The message enum, or the reply enum.
struct Enum<'a> {
    name: Ident,
    parameters: Parameters<'a>,
}

impl Enum<'_> {
    /// The enum as a type.
    fn ty(&self) -> TokenStream {
        let (name, arguments) = (&self.name, self.parameters.named());
        quote!(#name #arguments)
    }
}

impl<'a> Expansion<'a> {
    /// Plans the items of an actor with this name.
    pub(crate) fn new(
        actor: &Ident,
        head: &'a ItemImpl,
        options: &'a ActorOptions,
        messages: &'a [Message<'a>],
        visibility: Visibility,
    ) -> Self {
        let reply = Parameters::new(&head.generics, messages.iter().filter_map(held_reply), None);
        let held = messages.iter().flat_map(held_arguments);
        let message = Parameters::new(&head.generics, held, Some(&reply));
        let generated = generated_at(actor);
        Self {
            head,
            options,
            messages,
            visibility,
            actor: actor.to_string(),
            message: Enum {
                name: format_ident!("{generated}Message"),
                parameters: message,
            },
            reply: Enum {
                name: format_ident!("{generated}Reply"),
                parameters: reply,
            },
            handle: format_ident!("{generated}Handle"),
            private: match &options.core {
                Some(path) => quote!(#path::__private),
                None => quote!(::actor_core::__private),
            },
        }
    }

    /// The items, those first of which an error says most.
    pub(crate) fn items(&self) -> Vec<TokenStream> {
        let mut items = vec![self.checks()];
        items.extend(self.enums());
        items.extend(self.handle_items());
        items.push(self.handler());
        let inherited = inherit::named(&self.head.attrs, &["cfg", "allow"]);
        for item in &mut items {
            // These lints look at the user's own types, and have told the method already.
            *item = quote! {
                #(#inherited)*
                #[allow(deprecated, private_bounds, private_interfaces, clippy::type_complexity)]
                #item
            };
        }
        items
    }

    /// `where ..` for the items that need the message enum to be a protocol.
    fn protocol_clause(&self) -> TokenStream {
        let mut predicates = self.message.parameters.predicates();
        predicates.extend(generics::requirements(
            &self.head.generics,
            self.held_types(),
            self.message.parameters.types(),
            &self.private,
        ));
        generics::where_clause(&predicates)
    }

    /// The generics of the block, with what its messages demand of them besides.
    fn actor_generics(&self) -> Generics {
        let all = &self.head.generics;
        let mut generics = SelfIs(&self.head.self_ty).in_generics(all);
        let demanded = generics::requirements(
            all,
            self.held_types(),
            all.type_params().map(|parameter| &parameter.ident),
            &self.private,
        );
        if !demanded.is_empty() {
            generics.make_where_clause().predicates.extend(demanded);
        }
        generics
    }

    fn held_types(&self) -> impl Iterator<Item = &Type> {
        self.messages.iter().flat_map(|message| {
            let arguments = message.arguments.iter().map(|argument| &argument.ty);
            arguments.chain(&message.output)
        })
    }

    /// What an asker gets for the message.
    fn reply_type(&self, message: &Message<'_>) -> TokenStream {
        let Some(output) = &message.output else {
            return quote!(());
        };
        match message.mode {
            Mode::Reply => output.to_token_stream(),
            Mode::Fails => self.projected(output, "Fallible"),
            Mode::Later => self.projected(output, "IsLater"),
        }
    }

    /// `<Output as Trait>::Value`, all of it at the return type, where the compiler will point if
    /// the return type is not of that kind.
    fn projected(&self, output: &Type, implemented: &str) -> TokenStream {
        let implemented = self.implementation(output, implemented);
        let value = quote_spanned!(ends(output).1=> ::Value);
        quote!(#implemented #value)
    }

    /// `<Output as Trait>`, at the return type.
    fn implementation(&self, output: &Type, implemented: &str) -> TokenStream {
        let (first, last) = ends(output);
        let private = at(&self.private, first);
        let implemented = Ident::new(implemented, first);
        let open = quote_spanned!(first=> <);
        let close = quote_spanned!(last=> >);
        quote!(#open #output as #private::#implemented #close)
    }

    /// `Reply::Variant(binding)`, as a pattern or as an expression; where the reply is projected,
    /// at the return type, so that all complaints about the projection are one and the same.
    fn replied(&self, message: &Message<'_>, binding: &Ident) -> TokenStream {
        let path = self.reply_path(message);
        let (_, last) = ends(&path);
        let content = quote_spanned!(last=> (#binding));
        quote!(#path #content)
    }

    /// `Reply::Variant`.
    fn reply_path(&self, message: &Message<'_>) -> TokenStream {
        let (mut name, mut variant) = (self.reply.name.clone(), message.variant.clone());
        if let Some(output) = message.projection() {
            let (first, last) = ends(output);
            name.set_span(first);
            variant.set_span(last);
        }
        quote!(#name::#variant)
    }
}

fn held_arguments<'m>(message: &'m Message<'_>) -> impl Iterator<Item = Held<'m>> {
    let always = !message.is_conditional();
    message
        .arguments
        .iter()
        .map(move |argument| (&argument.ty, always))
}

fn held_reply<'m>(message: &'m Message<'_>) -> Option<Held<'m>> {
    let output = message.output.as_ref()?;
    Some((output, !message.is_conditional()))
}

/// The method's attributes of these names, and a line of documentation if it has none.
fn documented(message: &Message<'_>, names: &[&str], words: &str) -> Vec<Attribute> {
    let mut attributes = inherit::named(message.attributes, names);
    if !inherit::has_docs(&attributes) {
        attributes.insert(0, syn::parse_quote!(#[doc = #words]));
    }
    attributes
}

/// The visibility, where `pub` is a token of the macro's: lints about it concern the method alone.
fn visible(visibility: &Visibility) -> TokenStream {
    match visibility {
        Visibility::Public(_) => quote!(pub),
        other => other.to_token_stream(),
    }
}
