//! Functions that nobody calls, in which each type that must travel is checked at its own place.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Type;

use super::Expansion;
use crate::message::Message;
use crate::place::{at, ends};

impl Expansion<'_> {
    /// The types stand in signatures, because the compiler looks at signatures first: what it says
    /// here comes before what it says of the enums that hold these types.
    pub(super) fn checks(&self) -> TokenStream {
        let private = &self.private;
        let messages = self.messages.iter().flat_map(|message| self.check(message));
        let lifecycle = self.lifecycle();
        quote_spanned! {Span::mixed_site()=>
            const _: () = {
                struct __Argument<T: #private::Argument>(#private::PhantomData<T>);
                struct __Answer<T: #private::Answer>(#private::PhantomData<T>);
                #(#messages)*
                #lifecycle
            };
        }
    }

    /// A function for each type, because only a parameter has a place of its own.
    fn check(&self, message: &Message<'_>) -> Vec<TokenStream> {
        let generics = self.actor_generics();
        let (declared, _, clause) = generics.split_for_impl();
        let conditions = message.conditions();
        let arguments = message.arguments.iter();
        let arguments = arguments.map(|argument| demand("__Argument", &argument.ty, &argument.ty));
        let answer = message.output.iter();
        let answer = answer.map(|output| demand("__Answer", self.reply_type(message), output));
        let checks = arguments.chain(answer).enumerate().map(|(position, ty)| {
            let name = format_ident!("__{}_{position}", message.name(), span = Span::mixed_site());
            quote_spanned! {Span::mixed_site()=>
                #(#conditions)*
                fn #name #declared (_: #ty) #clause {}
            }
        });
        checks.collect()
    }

    /// That there is an `impl Actor`. A generic actor may be one for some of its arguments only,
    /// so there the spawn has to tell.
    fn lifecycle(&self) -> Option<TokenStream> {
        if !self.head.generics.params.is_empty() {
            return None;
        }
        let actor = &self.head.self_ty;
        let private = at(&self.private, ends(actor).0);
        let assertion = quote_spanned!(ends(actor).0=> assert_actor);
        Some(quote_spanned! {Span::mixed_site()=>
            fn __lifecycle() { #private::#assertion::<#actor>(); }
        })
    }
}

/// `Demand<Type>`, the whole of it at the type as the user wrote it.
fn demand(demand: &str, ty: impl ToTokens, written: &Type) -> TokenStream {
    let (first, last) = ends(written);
    let demand = Ident::new(demand, first);
    let open = quote_spanned!(first=> <);
    let close = quote_spanned!(last=> >);
    quote!(#demand #open #ty #close)
}
