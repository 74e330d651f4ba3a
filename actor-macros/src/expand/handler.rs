//! The actor's `Handler`: which method handles which message, and what becomes of the result.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::Expansion;
use crate::attr::Mode;
use crate::message::Message;
use crate::place::{at, ends};

impl Expansion<'_> {
    pub(super) fn handler(&self) -> TokenStream {
        let private = &self.private;
        let generics = self.actor_generics();
        let (declared, _, clause) = generics.split_for_impl();
        let actor = &self.head.self_ty;
        let (message, reply) = (self.message.ty(), self.reply.ty());
        // At the actor's name, in case the actor can be seen from farther away than its messages.
        let place = ends(actor).0;
        let message_type = at(&message, place);
        let message_type = quote_spanned!(place=> type Message = #message_type;);
        let arms = self.messages.iter().map(|message| self.arm(message));
        let phantom = self.phantom_arm(&self.message);
        quote_spanned! {Span::mixed_site()=>
            impl #declared #private::Handler for #actor #clause {
                #message_type
                fn handle(
                    &mut self,
                    __ctx: &mut #private::Context<Self>,
                    __message: #message,
                ) -> #private::Handled<#reply> {
                    match __message { #(#arms)* #phantom }
                }
            }
        }
    }

    fn arm(&self, message: &Message<'_>) -> TokenStream {
        let conditions = message.conditions();
        let (message_enum, variant) = (&self.message.name, &message.variant);
        let fields = message.arguments.iter().map(|argument| {
            let (name, binding) = (&argument.name, &argument.binding);
            quote!(#name: #binding)
        });
        let outcome = self.outcome(message, call(message));
        quote!(#(#conditions)* #message_enum::#variant { #(#fields),* } => { #outcome })
    }

    fn outcome(&self, message: &Message<'_>, call: TokenStream) -> TokenStream {
        let name = message.name();
        let site = Span::mixed_site();
        // As in the handle's requests: one place for all that the compiler says of a projection.
        let (first, last) = message.projection().map_or((site, site), ends);
        let private = at(&self.private, first);
        let replied = self.replied(message, &Ident::new("__value", first));
        let output = message.output.as_ref();
        match message.mode {
            Mode::Reply => quote_spanned! {site=>
                let __value = #call;
                {
                    use #private::{UnaskedDisplay as _, UnaskedOther as _, UnaskedResult as _};
                    (&&&#private::Unasked(&__value)).__report_unasked(__ctx, #name);
                }
                #private::Handled::Reply(#replied)
            },
            Mode::Fails => {
                let fallible = output.map(|output| self.implementation(output, "Fallible"));
                let into_result = quote_spanned!(last=> ::into_result);
                quote_spanned! {first=>
                    match #fallible #into_result(#call) {
                        #private::Ok(__value) => #private::Handled::Reply(#replied),
                        #private::Err(__failure) => #private::Handled::Failed(__failure),
                    }
                }
            }
            Mode::Later => {
                let context = Ident::new("__ctx", site);
                let wrap = self.reply_path(message);
                quote_spanned! {first=>
                    let __later = #call;
                    #private::later::<Self, #output>(#context, __later, #wrap)
                }
            }
        }
    }
}

/// The call of the method, with the context where the method takes one.
fn call(message: &Message<'_>) -> TokenStream {
    let method = message.function();
    let context = message.context.map(|ty| {
        let place = Span::mixed_site().located_at(ends(ty).0);
        Ident::new("__ctx", place)
    });
    let bindings = message.arguments.iter().map(|argument| &argument.binding);
    let arguments = context.iter().chain(bindings);
    quote_spanned!(Span::mixed_site()=> Self::#method(self, #(#arguments),*))
}
