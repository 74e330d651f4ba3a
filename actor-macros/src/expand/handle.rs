//! The handle: a newtype around `ActorRef` with a method for each message.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::enums::parameters;
use super::{Expansion, documented, visible};
use crate::message::Message;
use crate::place::{at, ends};

impl Expansion<'_> {
    pub(super) fn handle_items(&self) -> Vec<TokenStream> {
        let private = &self.private;
        let (name, message) = (&self.handle, self.message.ty());
        let visibility = visible(&self.visibility);
        let declared = self.message.parameters.declared();
        let arguments = self.message.parameters.named();
        let clause = self.protocol_clause();
        let docs = format!(
            "A handle of the actor `{}`, with a method for each of its messages.",
            self.actor
        );
        let requests = self.messages.iter().map(|message| self.request(message));
        vec![
            quote! {
                #[doc = #docs]
                #[allow(dead_code)]
                #visibility struct #name #declared (#private::ActorRef<#message>) #clause;
            },
            quote! {
                #[allow(dead_code)]
                impl #declared #name #arguments #clause { #(#requests)* }
            },
            quote! {
                impl #declared #private::Clone for #name #arguments #clause {
                    fn clone(&self) -> Self {
                        Self(#private::Clone::clone(&self.0))
                    }
                }
            },
            quote! {
                impl #declared #private::fmt::Debug for #name #arguments #clause {
                    fn fmt(
                        &self,
                        __formatter: &mut #private::fmt::Formatter<'_>,
                    ) -> #private::fmt::Result {
                        #private::fmt::Debug::fmt(&self.0, __formatter)
                    }
                }
            },
            quote! {
                impl #declared #private::Deref for #name #arguments #clause {
                    type Target = #private::ActorRef<#message>;
                    fn deref(&self) -> &Self::Target {
                        &self.0
                    }
                }
            },
            quote! {
                impl #declared #private::From<#private::ActorRef<#message>>
                    for #name #arguments #clause
                {
                    fn from(__actor: #private::ActorRef<#message>) -> Self {
                        Self(__actor)
                    }
                }
            },
        ]
    }

    fn request(&self, message: &Message<'_>) -> TokenStream {
        let private = &self.private;
        let docs = format!("Requests `{}`.", message.name());
        let attributes = documented(message, &["doc", "cfg", "deprecated"], &docs);
        let (visibility, function) = (visible(message.visibility), message.function());
        let parameters = parameters(message);
        let names = message.arguments.iter().map(|argument| &argument.name);
        let message_enum = &self.message.name;
        let (message_type, reply) = (self.message.ty(), self.reply_type(message));
        let variant = &message.variant;
        // Where the reply is projected from the return type, whatever has the projection for a type
        // stands at the return type: the compiler says the same of each, and so says it once.
        let site = Span::mixed_site();
        let (first, last) = message.projection().map_or((site, site), ends);
        let at_reply = at(private, first);
        let request = quote_spanned!(first=> #at_reply::Request);
        let (new, close) = (quote_spanned!(last=> ::new), quote_spanned!(last=> >));
        let replied = self.replied(message, &Ident::new("__value", first));
        let unwrap = quote_spanned! {first=>
            |__reply| match __reply {
                #replied => #at_reply::Some(__value),
                #[allow(unreachable_patterns)]
                _ => #at_reply::None,
            }
        };
        quote! {
            #(#attributes)*
            #visibility fn #function(
                &self,
                #parameters
            ) -> #request<'_, #message_type, #reply #close {
                #request #new(
                    &self.0,
                    #message_enum::#variant { #(#names),* },
                    #unwrap,
                )
            }
        }
    }
}
