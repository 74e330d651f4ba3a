//! The message enum with its constructors and its `Protocol`, and the reply enum.

use proc_macro2::TokenStream;
use quote::quote;

use super::{Enum, Expansion, documented, visible};
use crate::generics::where_clause;
use crate::inherit;
use crate::message::Message;

impl Expansion<'_> {
    pub(super) fn enums(&self) -> Vec<TokenStream> {
        vec![
            self.message_enum(),
            self.constructors(),
            self.protocol(),
            self.reply_enum(),
        ]
    }

    fn message_enum(&self) -> TokenStream {
        let variants = self.messages.iter().map(|message| {
            let docs = format!("The message `{}`.", message.name());
            let attributes = documented(message, &["doc", "cfg"], &docs);
            let variant = &message.variant;
            if message.arguments.is_empty() {
                return quote!(#(#attributes)* #variant,);
            }
            let fields = message.arguments.iter().map(|argument| {
                let (name, ty) = (&argument.name, &argument.ty);
                let docs = format!("The argument `{name}`.");
                quote!(#[doc = #docs] #name: #ty)
            });
            quote!(#(#attributes)* #variant { #(#fields),* },)
        });
        let docs = format!("The messages of the actor `{}`.", self.actor);
        self.enumeration(&self.message, &docs, variants)
    }

    fn reply_enum(&self) -> TokenStream {
        let variants = self.messages.iter().map(|message| {
            let docs = format!("The reply to `{}`.", message.name());
            let conditions = message.conditions();
            let (variant, reply) = (&message.variant, self.reply_type(message));
            quote!(#[doc = #docs] #(#conditions)* #variant(#reply),)
        });
        let docs = format!("The replies of the actor `{}`.", self.actor);
        self.enumeration(&self.reply, &docs, variants)
    }

    fn enumeration(
        &self,
        declared: &Enum<'_>,
        docs: &str,
        variants: impl Iterator<Item = TokenStream>,
    ) -> TokenStream {
        let derives = self.options.derives.iter();
        let visibility = visible(&self.visibility);
        let name = &declared.name;
        let parameters = declared.parameters.declared();
        let clause = where_clause(&declared.parameters.predicates());
        let phantom = self.phantom(declared);
        quote! {
            #[doc = #docs]
            #(#[derive(#(#derives),*)])*
            #[allow(dead_code, missing_debug_implementations, clippy::exhaustive_enums)]
            #visibility enum #name #parameters #clause { #(#variants)* #phantom }
        }
    }

    /// A variant that mentions the parameters which stand in no field, and that nobody can make.
    fn phantom(&self, declared: &Enum<'_>) -> Option<TokenStream> {
        let private = &self.private;
        let mut unused = declared.parameters.unused().peekable();
        unused.peek()?;
        Some(quote! {
            #[doc(hidden)]
            __Phantom(
                #private::Infallible,
                #private::PhantomData<fn() -> (#(#private::PhantomData<#unused>,)*)>,
            ),
        })
    }

    /// The arm for that variant, in a match by value.
    pub(super) fn phantom_arm(&self, declared: &Enum<'_>) -> Option<TokenStream> {
        let name = &declared.name;
        declared.parameters.unused().next()?;
        Some(quote!(#name::__Phantom(__never, _) => match __never {},))
    }

    fn constructors(&self) -> TokenStream {
        let constructors = self.messages.iter().map(|message| {
            let docs = format!("Makes the message `{}`.", message.name());
            let mut attributes = inherit::doc_options(message.attributes);
            attributes.extend(inherit::named(message.attributes, &["cfg", "deprecated"]));
            let (visibility, function) = (visible(message.visibility), message.function());
            let parameters = parameters(message);
            let variant = &message.variant;
            let names = message.arguments.iter().map(|argument| &argument.name);
            quote! {
                #[doc = #docs]
                #(#attributes)*
                #visibility fn #function(#parameters) -> Self {
                    Self::#variant { #(#names),* }
                }
            }
        });
        let declared = self.message.parameters.declared();
        let clause = where_clause(&self.message.parameters.predicates());
        let ty = self.message.ty();
        quote! {
            #[allow(dead_code)]
            impl #declared #ty #clause { #(#constructors)* }
        }
    }

    fn protocol(&self) -> TokenStream {
        let private = &self.private;
        let (message, reply) = (self.message.ty(), self.reply.ty());
        let (handle, arguments) = (&self.handle, self.message.parameters.named());
        let mailbox = self.options.mailbox.iter();
        let arms = self.messages.iter().map(|message| {
            let conditions = message.conditions();
            let (variant, name) = (&message.variant, message.name());
            quote!(#(#conditions)* Self::#variant { .. } => #name,)
        });
        let phantom = self.phantom_arm(&self.message);
        let declared = self.message.parameters.declared();
        let clause = self.protocol_clause();
        quote! {
            impl #declared #private::Protocol for #message #clause {
                type Reply = #reply;
                type Handle = #handle #arguments;
                #(const MAILBOX: #private::usize = #mailbox;)*
                fn name(&self) -> &'static #private::str {
                    match *self { #(#arms)* #phantom }
                }
            }
        }
    }
}

/// The parameters of a function that makes the message.
pub(super) fn parameters(message: &Message<'_>) -> TokenStream {
    let parameters = message.arguments.iter().map(|argument| {
        let (name, ty) = (&argument.name, &argument.ty);
        quote!(#name: #ty)
    });
    quote!(#(#parameters),*)
}
