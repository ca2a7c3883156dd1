//! Turns a view into the conditions of a query.

use rusqlite::types::Value;

use super::view::{Band, Order, Scope, View};

/// What a query on `item` asks for, and the values of its placeholders.
pub(super) struct Selection {
    /// Conditions, joined by AND; never empty.
    pub(super) conditions: String,
    pub(super) values: Vec<Value>,
}

/// The column that an order sorts by, the smallest first, and its expression.
pub(super) fn key(order: Order) -> &'static str {
    match order {
        Order::Harm => "-item.place",
        Order::Uncertain => "item.doubt",
        Order::Random => "item.chance",
        Order::Newest => "-item.id",
        Order::Oldest => "item.id",
    }
}

/// How to sort by that key, in words that an index understands.
pub(super) fn sorted(order: Order) -> &'static str {
    match order {
        Order::Harm => "item.place DESC, item.id",
        Order::Uncertain => "item.doubt, item.id",
        Order::Random => "item.chance, item.id",
        Order::Newest => "item.id DESC",
        Order::Oldest => "item.id",
    }
}

impl Selection {
    /// The conditions of a view.
    pub(super) fn of(view: &View) -> Selection {
        let mut conditions = Vec::new();
        let mut values = Vec::new();
        conditions.push(match view.state {
            Scope::Open => "item.open > 0",
            Scope::Deferred => "item.deferred > 0",
            Scope::Approved => "item.approved > 0",
            Scope::Rejected => "item.rejected > 0",
            Scope::All => "item.members > 0",
        });
        match view.band {
            Band::Flagged => conditions.push("item.flagged = 1"),
            Band::Reject => conditions.push("item.band = 2"),
            Band::Review => conditions.push("item.band = 1"),
            Band::Approve => conditions.push("item.band = 0"),
            Band::All => {}
        }
        let mut ask = |condition: &'static str, value: &Option<String>| {
            if let Some(value) = value {
                conditions.push(condition);
                values.push(Value::Text(value.clone()));
            }
        };
        ask("item.label = ?", &view.label);
        ask("item.language = ?", &view.language);
        ask("item.page = (SELECT id FROM page WHERE name = ?)", &view.page);
        ask("item.author = (SELECT id FROM author WHERE name = ?)", &view.author);
        ask("item.day >= ?", &view.from);
        ask("item.day <= ?", &view.to);
        let words = view.text.as_deref().map(words);
        ask(
            "item.id IN (SELECT comment.item FROM word CROSS JOIN comment ON comment.id = word.rowid WHERE word MATCH ?)",
            &words,
        );
        Selection { conditions: conditions.join(" AND "), values }
    }

    /// Adds a condition with one value.
    pub(super) fn and(&mut self, condition: &str, values: impl IntoIterator<Item = Value>) {
        self.conditions.push_str(" AND ");
        self.conditions.push_str(condition);
        self.values.extend(values);
    }
}

/// What was typed, as a full-text query: every word must stand there, the last one may go on, unless it is a letter alone,
/// which would be in every comment. Nothing that was typed is an operator.
fn words(typed: &str) -> String {
    let words: Vec<String> =
        typed.split_whitespace().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
    let goes_on = typed.split_whitespace().last().is_some_and(|word| word.chars().count() > 1);
    format!("{}{}", words.join(" "), if goes_on { "*" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_never_an_operator() {
        assert_eq!(words("pas OR \"toi\""), "\"pas\" \"OR\" \"\"\"toi\"\"\"*");
        assert_eq!(words("a p"), "\"a\" \"p\"");
    }
}
