//! Defines a view: which items of the queue, in which order. It travels in the address, so that a link is a view.

/// Which items, in which order. What is absent filters nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct View {
    /// By what became of them.
    pub state: Scope,
    /// By the advice on them.
    pub band: Band,
    /// Those led by this label.
    pub label: Option<String>,
    /// Those of this page.
    pub page: Option<String>,
    /// Those of this author.
    pub author: Option<String>,
    /// Those in this language, as a two-letter code.
    pub language: Option<String>,
    /// Those written on this day (YYYY-MM-DD) or later.
    pub from: Option<String>,
    /// Those written on this day or before.
    pub to: Option<String>,
    /// Those in which these words stand; the last one may be a beginning.
    pub text: Option<String>,
    /// In which order.
    pub order: Order,
}

/// Defines an enum whose variants have names in an address.
macro_rules! named {
    ($(#[$note:meta])* $name:ident { $($(#[$own:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$note])*
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
        pub enum $name { $($(#[$own])* $variant),+ }

        impl $name {
            /// All of them, in order.
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// Its name in an address.
            pub fn name(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }

            /// The one of this name.
            pub fn named(name: &str) -> Option<$name> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    };
}

named! {
    /// Items by what became of their comments.
    Scope {
        /// A comment of it waits.
        #[default]
        Open = "open",
        /// A comment of it was put off.
        Deferred = "deferred",
        /// A comment of it was approved.
        Approved = "approved",
        /// A comment of it was rejected.
        Rejected = "rejected",
        /// All.
        All = "all",
    }
}

named! {
    /// Items by the advice on them.
    Band {
        /// To be looked at: review and reject, and what was drawn at random for the audit.
        #[default]
        Flagged = "flagged",
        /// Advised to reject.
        Reject = "reject",
        /// To review.
        Review = "review",
        /// Nothing to report.
        Approve = "approve",
        /// All.
        All = "all",
    }
}

named! {
    /// The order of items.
    Order {
        /// The greatest expected harm first.
        #[default]
        Harm = "harm",
        /// Those first of which the model is least sure: their labels teach it most.
        Uncertain = "uncertain",
        /// By lot, the same lot each time.
        Random = "random",
        /// The latest first.
        Newest = "newest",
        /// As they came.
        Oldest = "oldest",
    }
}

impl View {
    /// The view that these pairs of an address tell; what is unknown or empty is passed over.
    pub fn from_pairs<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> View {
        let mut view = View::default();
        for (name, value) in pairs {
            let value = value.trim();
            if value.is_empty() {
                continue;
            }
            let told = || Some(value.to_string());
            match name {
                "state" => view.state = Scope::named(value).unwrap_or_default(),
                "band" => view.band = Band::named(value).unwrap_or_default(),
                "order" => view.order = Order::named(value).unwrap_or_default(),
                "label" => view.label = told(),
                "page" => view.page = told(),
                "author" => view.author = told(),
                "language" => view.language = told(),
                "from" => view.from = told(),
                "to" => view.to = told(),
                "text" => view.text = told(),
                _ => {}
            }
        }
        view
    }

    /// The pairs that tell it: [`View::from_pairs`] undone. What filters nothing is left out.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let mut pairs = Vec::new();
        if self.state != Scope::default() {
            pairs.push(("state", self.state.name()));
        }
        if self.band != Band::default() {
            pairs.push(("band", self.band.name()));
        }
        let texts = [
            ("label", &self.label),
            ("page", &self.page),
            ("author", &self.author),
            ("language", &self.language),
            ("from", &self.from),
            ("to", &self.to),
            ("text", &self.text),
        ];
        pairs.extend(texts.into_iter().filter_map(|(name, text)| Some((name, text.as_deref()?))));
        if self.order != Order::default() {
            pairs.push(("order", self.order.name()));
        }
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_comes_back_from_its_address() {
        let view = View {
            state: Scope::All,
            band: Band::Review,
            author: Some("Zoé & Cie".into()),
            text: Some("lâche".into()),
            order: Order::Uncertain,
            ..View::default()
        };
        assert_eq!(View::from_pairs(view.pairs().into_iter()), view);
        assert_eq!(View::default().pairs(), []);
        assert_eq!(View::from_pairs([("band", "x"), ("y", "z")].into_iter()), View::default());
    }
}
