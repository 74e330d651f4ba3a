//! A function that nobody calls, in which each type that must travel is checked at its own place.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::Type;

use super::{Expansion, at, ends};

impl Expansion<'_> {
    /// The types stand in the signature, because the compiler looks at signatures first: what it
    /// says here comes before what it says of the enums that hold these types.
    pub(super) fn checks(&self) -> TokenStream {
        let generics = self.actor_generics();
        let (declared, _, clause) = generics.split_for_impl();
        let private = &self.private;
        let travelling = self.messages.iter().flat_map(|message| {
            let conditions = message.conditions();
            let arguments = message.arguments.iter();
            let arguments = arguments.map(|argument| demanded("__Argument", &argument.ty, &argument.ty));
            let answer = message.output.iter();
            let answer = answer.map(|output| demanded("__Answer", self.reply_type(message), output));
            let types: Vec<_> = arguments.chain(answer).collect();
            types.into_iter().map(move |ty| quote!(#(#conditions)* _: #ty,))
        });
        let travelling: Vec<_> = travelling.collect();
        let lifecycle = self.lifecycle();
        quote_spanned! {Span::mixed_site()=>
            const _: () = {
                #[allow(dead_code)]
                struct __Argument<T: #private::Argument>(#private::PhantomData<T>);
                #[allow(dead_code)]
                struct __Answer<T: #private::Answer>(#private::PhantomData<T>);
                #[allow(dead_code)]
                fn __checks #declared (#(#travelling)*) #clause { #lifecycle }
            };
        }
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
        Some(quote!(#private::#assertion::<#actor>();))
    }
}

/// `Demand<Type>`, with the whole of it at the type as the user wrote it.
fn demanded(demand: &str, ty: impl ToTokens, written: &Type) -> TokenStream {
    let (first, last) = ends(written);
    let demand = Ident::new(demand, first);
    let open = quote_spanned!(first=> <);
    let close = quote_spanned!(last=> >);
    quote!(#demand #open #ty #close)
}
