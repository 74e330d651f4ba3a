//! The actor's `Handler`: which method handles which message, and what becomes of the result.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use super::{Expansion, ends};
use crate::attr::Mode;
use crate::message::Message;

impl Expansion<'_> {
    pub(super) fn handler(&self) -> TokenStream {
        let private = &self.private;
        let generics = self.actor_generics();
        let (declared, _, clause) = generics.split_for_impl();
        let actor = &self.head.self_ty;
        let (message, reply) = (self.message.ty(), self.reply.ty());
        let arms = self.messages.iter().map(|message| self.arm(message));
        let phantom = self.phantom_arm(&self.message);
        quote_spanned! {Span::mixed_site()=>
            impl #declared #private::Handler for #actor #clause {
                type Message = #message;
                #[allow(deprecated)]
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
        let private = &self.private;
        let name = message.name();
        let output = message.output.as_ref();
        let replied = self.replied(message, &Ident::new("__value", Span::mixed_site()));
        match message.mode {
            Mode::Reply => quote_spanned! {Span::mixed_site()=>
                let __value = #call;
                {
                    use #private::{UnaskedDisplay as _, UnaskedOther as _, UnaskedResult as _};
                    (&&&#private::Unasked(&__value)).report(__ctx, #name);
                }
                #private::Handled::Reply(#replied)
            },
            Mode::Fails => {
                let into_result = output.map(|output| {
                    let fallible = self.implementation(output, "Fallible");
                    let method = quote_spanned!(ends(output).1=> ::into_result);
                    quote!(#fallible #method)
                });
                quote_spanned! {Span::mixed_site()=>
                    match #into_result(#call) {
                        #private::Ok(__value) => #private::Handled::Reply(#replied),
                        #private::Err(__failure) => #private::Handled::Failed(__failure),
                    }
                }
            }
            Mode::Later => {
                let wrap = self.reply_path(message);
                quote_spanned! {Span::mixed_site()=>
                    let __later = #call;
                    #private::later::<Self, #output>(__ctx, __later, #wrap)
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
