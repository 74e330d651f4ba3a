//! The block as it is written: its head, its methods, and whatever else stands in it.
//!
//! Bodies stay unread token groups. They are emitted exactly as they came, and a body that is
//! being typed and does not parse yet costs neither the handle nor completion.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt as _};
use syn::parse::discouraged::Speculative as _;
use syn::parse::{ParseStream, Parser as _};
use syn::{Attribute, Error, ImplItem, ItemImpl, Signature, Token, Visibility};

use crate::attr;

/// An impl block.
pub(crate) struct Block {
    /// Everything but the items: `items` is empty here.
    pub(crate) head: ItemImpl,
    /// What stands in it.
    pub(crate) items: Vec<Item>,
}

/// One item of the block.
pub(crate) enum Item {
    /// A function with a signature that could be read.
    Method(Method),
    /// Something else that is legal in an impl block.
    Other(ImplItem),
    /// What could not be read, with the reason.
    Unreadable(TokenStream, Error),
}

/// A function of the block.
pub(crate) struct Method {
    /// Its attributes without `#[message]`.
    pub(crate) attributes: Vec<Attribute>,
    /// Its `#[message]` attributes.
    pub(crate) message: Vec<Attribute>,
    /// `#[message]` inside of `#[cfg_attr]`, which is a mistake.
    pub(crate) conditional_message: Vec<Attribute>,
    /// Its visibility.
    pub(crate) visibility: Visibility,
    /// Its signature.
    pub(crate) signature: Signature,
    default: Option<Token![default]>,
    body: TokenStream,
}

impl Block {
    /// Reads an impl block.
    ///
    /// # Errors
    /// An error says that this is no impl block at all, or that its head cannot be read.
    pub(crate) fn parse(tokens: TokenStream) -> syn::Result<Self> {
        let mut tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let body = match tokens.last_mut() {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let mut empty = Group::new(Delimiter::Brace, TokenStream::new());
                empty.set_span(group.span());
                std::mem::replace(group, empty).stream()
            }
            _ => TokenStream::new(),
        };
        let mut head: ItemImpl = syn::parse2(tokens.into_iter().collect())?;
        let items = |input: ParseStream<'_>| {
            head.attrs.extend(Attribute::parse_inner(input)?);
            let mut items = Vec::new();
            while !input.is_empty() {
                items.push(Item::parse(input));
            }
            Ok(items)
        };
        let items = items.parse2(body)?;
        Ok(Self { head, items })
    }

    /// The methods, in the order they are written.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        self.items.iter().filter_map(|item| match item {
            Item::Method(method) => Some(method),
            Item::Other(_) | Item::Unreadable(..) => None,
        })
    }
}

impl Item {
    fn parse(input: ParseStream<'_>) -> Self {
        let ahead = input.fork();
        if let Ok(method) = Method::parse(&ahead) {
            input.advance_to(&ahead);
            return Self::Method(method);
        }
        let ahead = input.fork();
        match ahead.parse() {
            Ok(item) => {
                input.advance_to(&ahead);
                Self::Other(item)
            }
            Err(error) => Self::Unreadable(skip_item(input), error),
        }
    }
}

/// Goes behind the next `;` or `{..}`, where the next item should begin.
fn skip_item(input: ParseStream<'_>) -> TokenStream {
    let mut skipped = TokenStream::new();
    while let Ok(token) = input.parse::<TokenTree>() {
        let ends = match &token {
            TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Ident(_) | TokenTree::Literal(_) => false,
        };
        skipped.append(token);
        if ends {
            break;
        }
    }
    skipped
}

impl Method {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attributes = input.call(Attribute::parse_outer)?;
        let (message, attributes): (_, Vec<_>) = attributes.into_iter().partition(attr::is_message);
        let (conditional_message, attributes) = attributes
            .into_iter()
            .partition(attr::is_conditional_message);
        Ok(Self {
            attributes,
            message,
            conditional_message,
            visibility: input.parse()?,
            default: input.parse()?,
            signature: input.parse()?,
            body: if input.peek(Token![;]) {
                input.parse::<Token![;]>()?.into_token_stream()
            } else if input.peek(syn::token::Brace) {
                input.parse::<Group>()?.into_token_stream()
            } else {
                return Err(input.error("expected the method's body"));
            },
        })
    }
}

impl ToTokens for Block {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let mut whole = self.head.clone();
        whole.items = self
            .items
            .iter()
            .map(|item| ImplItem::Verbatim(item.to_token_stream()))
            .collect();
        whole.to_tokens(tokens);
    }
}

impl ToTokens for Item {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Method(method) => method.to_tokens(tokens),
            Self::Other(item) => item.to_tokens(tokens),
            Self::Unreadable(item, _) => item.to_tokens(tokens),
        }
    }
}

impl ToTokens for Method {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        tokens.append_all(&self.attributes);
        self.visibility.to_tokens(tokens);
        self.default.to_tokens(tokens);
        self.signature.to_tokens(tokens);
        self.body.to_tokens(tokens);
    }
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::*;

    fn names(block: &Block) -> Vec<String> {
        let methods = block.methods();
        methods
            .map(|method| method.signature.ident.to_string())
            .collect()
    }

    #[test]
    fn a_body_that_is_being_typed_is_left_as_it_is() {
        let written = quote! {
            impl Echo {
                fn say(&self) { self. }
                fn hear(&mut self, ear: Ear) -> Sound { match ear. { let } }
            }
        };
        let block = Block::parse(written.clone()).expect("the head and the signatures are whole");
        assert_eq!(names(&block), ["say", "hear"]);
        assert_eq!(block.to_token_stream().to_string(), written.to_string());
    }

    #[test]
    fn a_signature_that_is_being_typed_costs_its_own_method_alone() {
        let written = quote! {
            impl Echo {
                fn before(&self) {}
                fn say(&self, text: ) {}
                const LOUD: bool;
                pub fn after(&self);
                fn
            }
        };
        let block = Block::parse(written.clone()).expect("the head is whole");
        assert_eq!(names(&block), ["before", "after"]);
        let unreadable = |item: &&Item| matches!(item, Item::Unreadable(..));
        assert_eq!(block.items.iter().filter(unreadable).count(), 2);
        assert_eq!(block.to_token_stream().to_string(), written.to_string());
    }

    #[test]
    fn only_the_attributes_of_the_macro_are_removed() {
        let block = Block::parse(quote! {
            #[outer]
            impl Echo {
                #![inner]
                #[before] #[message(fails)] #[core::message] #[after]
                fn say(&self) {}
            }
        });
        assert_eq!(
            block
                .expect("all of it is whole")
                .to_token_stream()
                .to_string(),
            quote! {
                #[outer]
                impl Echo {
                    #![inner]
                    #[before] #[after]
                    fn say(&self) {}
                }
            }
            .to_string()
        );
    }
}
