//! Draws the table of keys, and the words that the script says.

use maud::{Markup, html};

use super::visitor::Visitor;

/// Keys that do the same, and what they do.
type Key<'w> = (&'static [&'static str], &'w str);

/// The keys of the queue.
pub(super) fn dialog(visitor: &Visitor) -> Markup {
    let words = &visitor.words().live;
    let keys: [Key; 14] = [
        (&["j", "k", "↓", "↑"], &words.next),
        (&["a"], &words.approve),
        (&["r"], &words.reject),
        (&["d"], &words.defer),
        (&["1", "…", "9"], &words.label),
        (&["e"], &words.reason),
        (&["n"], &words.note),
        (&["u"], &words.undo),
        (&["o", "⏎"], &words.open),
        (&["/"], &words.search),
        (&["m"], &words.more),
        (&["b"], &words.calm),
        (&["?"], &words.help),
        (&["Esc"], &words.escape),
    ];
    window(visitor, &keys)
}

/// The keys of the page that asks about one comment.
pub(super) fn asking(visitor: &Visitor) -> Markup {
    let (words, label) = (&visitor.words().live, &visitor.words().label);
    let keys: [Key; 8] = [
        (&["o", "y", "r"], &label.key_yes),
        (&["n", "a"], &label.key_no),
        (&["s", "␣", "d"], &label.key_skip),
        (&["u"], &words.undo),
        (&["e"], &words.open),
        (&["b"], &words.calm),
        (&["?"], &words.help),
        (&["Esc"], &words.escape),
    ];
    window(visitor, &keys)
}

/// Keys, in a window that `?` opens; and what the script says where it must.
fn window(visitor: &Visitor, keys: &[Key]) -> Markup {
    let words = &visitor.words().live;
    html! {
        dialog #keys aria-labelledby="keys-title" {
            h2 #keys-title { (words.title) }
            p { (words.keys_told) }
            table {
                tbody {
                    @for (names, told) in keys {
                        tr {
                            th scope="row" { @for name in *names { kbd { (name) } " " } }
                            td { (told) }
                        }
                    }
                }
            }
            form method="dialog" { button { (words.close) } }
        }
        div #words hidden data-saving=(words.saving) data-lost=(words.lost) data-end=(words.end)
            data-nothing=(words.nothing_to_undo) data-undo=(visitor.words().decide.undo)
            data-thread=(words.thread_lost) data-covered=(words.covered) data-uncovered=(words.uncovered) data-looked=(visitor.words().card.looked_at) {}
    }
}
