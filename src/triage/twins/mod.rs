//! Finds near-duplicates: copies and campaigns, whatever was changed about them to pass as something else.
//!
//! A moderator decides once for all copies, so a fold must never hide a comment that says something else. A text is
//! compared by its letters and digits once folded ([`crate::text`]): case, accents, disguises, blanks, signs, emoji,
//! links and mentions make no difference. How alike two texts must be depends on their length:
//!
//! - fewer than [`Signature::LEAST`] letters: never folded. « Merci ! » in two threads is no campaign;
//! - fewer than [`Signature::LONG`]: folded where all letters are the same. One word (« pour », « contre ») may turn
//!   such a text round;
//! - longer: folded from an estimated Jaccard similarity of [`Twins::LEAST`] on, over runs of eight letters. A word in
//!   a hundred letters may differ, or a greeting stand before them.

mod index;
mod signature;

pub use index::Twins;
pub use signature::Signature;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Whether the second text folds into the first.
    fn folds(one: &str, other: &str) -> bool {
        let (Some(one), Some(other)) = (Signature::of(one), Signature::of(other)) else {
            return false;
        };
        let mut twins = Twins::default();
        twins.insert(1, &one);
        twins.find(&other).is_some()
    }

    const PETITION: &str = "Cette rocade va défigurer la vallée, personne n’en veut sauf le préfet et ses amis \
        du béton. Signez la pétition avant dimanche : https://petition.example/rocade";
    const SALE: &str = "I doubled my savings in three weeks with this method, ask my adviser before the places \
        are gone, write to him at https://gains.example/a1";
    const SHORT: &str = "Le maire ment comme il respire, votez contre lui.";

    #[test]
    fn copies_are_folded_whatever_was_done_to_them() {
        for (what, original, copy) in [
            ("the same", PETITION, PETITION.to_string()),
            ("a typo", PETITION, PETITION.replace("défigurer", "défiguré")),
            ("two typos", PETITION, PETITION.replace("béton", "bétn").replace("vallée", "valée")),
            ("a greeting", PETITION, format!("Bonjour à tous ! {PETITION}")),
            ("a farewell", PETITION, format!("{PETITION}\n\nBien à vous, Odile")),
            ("capitals", PETITION, PETITION.to_uppercase()),
            ("no accents", PETITION, PETITION.replace('é', "e").replace('’', "'")),
            ("leetspeak", PETITION, PETITION.replace("amis", "@mi5").replace("vallée", "v4llée")),
            ("emoji", PETITION, PETITION.replace(", ", " 😡😡 ").replace('.', " 🚧")),
            ("stretched", PETITION, PETITION.replace("personne", "personnnnne")),
            ("spaced", PETITION, PETITION.replace("personne", "p e r s o n n e")),
            ("Cyrillic", PETITION, PETITION.replace("rocade va", "rосаdе vа")),
            ("lines", PETITION, PETITION.replace(' ', "\n")),
            ("another link", PETITION, PETITION.replace("petition.example", "autre.example/x?y=")),
            ("a mention", PETITION, format!("@camille_r {PETITION}")),
            ("a typo", SALE, SALE.replace("adviser", "advisor")),
            ("a greeting", SALE, format!("Hello friends, {SALE}")),
            ("another link", SALE, SALE.replace("gains.example/a1", "t.example/zz9")),
            ("leetspeak", SALE, SALE.replace("savings", "s4v1ngs").replace("method", "m3th0d")),
            ("short, capitals", SHORT, SHORT.to_uppercase()),
            (
                "short, signs",
                SHORT,
                SHORT.replace(", ", "…\n").replace("votez", "v0tez") + "!!! 🤥",
            ),
        ] {
            assert!(folds(original, &copy), "{what}: {copy}");
            assert!(folds(&copy, original), "{what}, the other way");
        }
    }

    #[test]
    fn what_says_something_else_is_not_folded() {
        for (one, other) in [
            (
                "Je suis pour cette loi, elle protège enfin les enfants à l’école.",
                "Je suis contre cette loi, elle protège enfin les enfants à l’école.",
            ),
            (
                "Franchement le maire a bien fait de fermer cette rue.",
                "Franchement le maire n’a pas bien fait de fermer cette rue.",
            ),
            (
                "I would vote for this man again, whatever they say.",
                "I would never vote for this man again, whatever they say.",
            ),
            (
                "I am for the new stadium, the town needs it.",
                "I am against the new stadium, the town needs it.",
            ),
            (SHORT, "Le maire ment comme il respire, votez pour lui."),
            (
                "La rocade est indispensable : les camions traversent le village jour et nuit, les enfants \
                 ne peuvent plus aller seuls à l’école et les maisons tremblent.",
                "La rocade est inutile : il suffirait d’interdire les camions dans le village la nuit, et de \
                 poser deux feux près de l’école pour que les enfants traversent sans danger.",
            ),
            (
                "The stadium will bring jobs and visitors, and the old one is falling to pieces anyway; \
                 let them build it before the prices rise again.",
                "The stadium will bring debts and traffic jams, and the old one only needs a new roof; \
                 let them repair it before they spend our money again.",
            ),
        ] {
            assert!(!folds(one, other), "{one}\n{other}");
        }
    }

    #[test]
    fn what_everybody_writes_is_no_campaign() {
        for text in [
            "Merci",
            "Oui.",
            "",
            "🤬🤬🤬",
            "Tout à fait d’accord avec vous !",
            "https://a.example/b",
        ] {
            assert_eq!(Signature::of(text), None, "{text}");
        }
    }

    #[test]
    fn the_most_similar_leader_is_found_and_the_first_of_equals() {
        let of = |text: &str| Signature::of(text).unwrap();
        let mut twins = Twins::default();
        twins.insert(7, &of(&format!("Chers voisins, bonjour ! {PETITION}")));
        twins.insert(9, &of(PETITION));
        twins.insert(3, &of(SALE));
        assert_eq!(twins.find(&of(&PETITION.to_lowercase())), Some(9));
        twins.insert(8, &of(PETITION));
        twins.insert(12, &of(PETITION));
        assert_eq!(twins.find(&of(PETITION)), Some(8));
        twins.insert(21, &of(SHORT));
        twins.insert(20, &of(SHORT));
        twins.insert(22, &of(SHORT));
        assert_eq!(twins.find(&of(SHORT)), Some(20));
        assert_eq!(twins.find(&of("Rien de tout cela ne figurait dans le compte rendu.")), None);
    }

    proptest! {
        #[test]
        fn similarity_is_symmetric_and_whole_for_equals(one in "[a-e éÀ0@.]{0,300}", other in "\\PC{0,200}") {
            let (one, other) = (Signature::of(&one), Signature::of(&other));
            for signature in [&one, &other].into_iter().flatten() {
                prop_assert_eq!(signature.similarity(signature), 1.0);
                let bytes = signature.to_bytes();
                prop_assert!(bytes.len() <= Signature::MOST_BYTES);
                prop_assert_eq!(Signature::from_bytes(&bytes), Some(signature.clone()));
                let mut twins = Twins::default();
                twins.insert(1, signature);
                prop_assert_eq!(twins.find(signature), Some(1));
            }
            if let (Some(one), Some(other)) = (one, other) {
                prop_assert_eq!(one.similarity(&other), other.similarity(&one));
                prop_assert!((0.0..=1.0).contains(&one.similarity(&other)));
            }
        }
    }
}
